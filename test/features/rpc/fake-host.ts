import { Status, StatusError } from '../../../src/protocol/status.ts';
import type { CallOrigin } from '../../../src/runtime/module-function.ts';
import type { ModuleHost } from '../../../src/runtime/module-host.ts';

type Rpc = (ctx: Record<string, unknown>, payload: string) => string;

/** A host whose functions are in this process. */
export function fakeHost(functions: Record<string, Rpc>): ModuleHost {
  const byId = new Map(Object.entries(functions));
  const rpc = async (id: string, origin: CallOrigin, payload: string) => {
    const run = byId.get(id.toLowerCase());
    if (!run) throw new StatusError(Status.NOT_FOUND, 'unknown');
    return run({ ...JSON.parse(origin.contextText), ...JSON.parse(origin.ownContextText ?? '{}') }, payload);
  };
  return {
    hook: () => undefined,
    hasRpc: (id) => byId.has(id.toLowerCase()),
    rpc,
    rpcJson: async (id, origin, payload) => JSON.stringify(await rpc(id, origin, JSON.parse(payload))),
    rpcSeries: () => ({ admits: () => true, call: rpc }),
    registrations: () => [],
    createMatch: () => Promise.reject(new Error('no matches')),
  };
}
