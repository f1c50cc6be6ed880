import { badInput, RealtimeError, RealtimeErrorCode, StatusError } from '../../protocol/status.ts';
import type { Session } from '../../realtime/session.ts';
import type { ModuleHost, RpcSeries } from '../../runtime/module-host.ts';
import { type EnvelopeBinding, type EnvelopeReply, envelope } from '../feature.ts';

/**
 * The socket message `rpc`: the id comes back as the caller wrote it. A session's RPCs run one after another, yet one
 * is not held back until the one before it is answered: they cross into the module together.
 */
export function rpcEnvelopes(host: ModuleHost): readonly EnvelopeBinding[] {
  const seriesOf = new WeakMap<Session, RpcSeries>();
  return [
    envelope(
      'rpc',
      ({ id, payload }, session) => {
        if (id === '') throw badInput('an RPC id is required');
        if (!host.hasRpc(id)) {
          throw new RealtimeError(RealtimeErrorCode.RUNTIME_FUNCTION_NOT_FOUND, 'RPC function not found');
        }
        let series = seriesOf.get(session);
        if (!series) {
          series = host.rpcSeries();
          seriesOf.set(session, series);
        }
        return series
          .call(id, session.origin, payload)
          .then((result): EnvelopeReply => ({ case: 'rpc', value: { id, payload: result } }), withoutCode);
      },
      { follows: ({ id }, session) => seriesOf.get(session)?.admits(id) ?? false },
    ),
  ];
}

/** Over a socket the code that the function threw is not told, only its message. */
function withoutCode(error: unknown): never {
  if (error instanceof StatusError) {
    throw new RealtimeError(RealtimeErrorCode.RUNTIME_FUNCTION_EXCEPTION, error.message);
  }
  throw error;
}
