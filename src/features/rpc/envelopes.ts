import { badInput, RealtimeError, RealtimeErrorCode, StatusError } from '../../protocol/status.ts';
import type { ModuleHost } from '../../runtime/module-host.ts';
import { type EnvelopeBinding, envelope } from '../feature.ts';

/** The socket message `rpc`: the id comes back as the caller wrote it. */
export function rpcEnvelopes(host: ModuleHost): readonly EnvelopeBinding[] {
  return [
    envelope('rpc', async ({ id, payload }, session) => {
      if (id === '') throw badInput('an RPC id is required');
      if (!host.hasRpc(id)) {
        throw new RealtimeError(RealtimeErrorCode.RUNTIME_FUNCTION_NOT_FOUND, 'RPC function not found');
      }
      try {
        return { case: 'rpc', value: { id, payload: await host.rpc(id, session.origin, payload) } };
      } catch (error) {
        // Over a socket the code that the function threw is not told, only its message.
        if (error instanceof StatusError) {
          throw new RealtimeError(RealtimeErrorCode.RUNTIME_FUNCTION_EXCEPTION, error.message);
        }
        throw error;
      }
    }),
  ];
}
