import type { ModuleHost } from '../../runtime/module-host.ts';
import type { Feature } from '../feature.ts';
import { rpcEnvelopes } from './envelopes.ts';

export { type HttpRpcRequest, type HttpRpcResponse, handleHttpRpc, refuseHttpRpc } from './http-rpc.ts';

/** Calls of the modules' functions. The HTTP route has rules of its own: the gateway calls {@link handleHttpRpc}. */
export function createRpcFeature(dependencies: { readonly host: ModuleHost }): Feature {
  return { name: 'rpc', envelopes: rpcEnvelopes(dependencies.host) };
}
