import { Status, StatusError } from '../protocol/status.ts';
import type { MatchEvents } from './match-host.ts';
import type { CallOrigin } from './module-function.ts';
import type { Hook, HookKind, ModuleHost, Registration, RpcSeries } from './module-host.ts';

/**
 * The modules as the rest of the server holds them from the start: features are made before the modules run, since
 * modules call features. Until {@link attach} there are none.
 */
export class LoadedModules implements ModuleHost {
  #host: ModuleHost | undefined;

  /** From now on calls go to this host. */
  attach(host: ModuleHost): void {
    this.#host = host;
  }

  hook(kind: HookKind, name: string): Hook | undefined {
    return this.#host?.hook(kind, name);
  }

  hasRpc(id: string): boolean {
    return this.#host?.hasRpc(id) ?? false;
  }

  rpc(id: string, origin: CallOrigin, payload: string): Promise<string> {
    return this.#loaded.rpc(id, origin, payload);
  }

  rpcJson(id: string, origin: CallOrigin, payload: string): Promise<string> {
    return this.#loaded.rpcJson(id, origin, payload);
  }

  rpcSeries(): RpcSeries {
    return this.#loaded.rpcSeries();
  }

  registrations(): readonly Registration[] {
    return this.#host?.registrations() ?? [];
  }

  async createMatch(handler: string, matchId: string, params: string, events: MatchEvents): Promise<void> {
    return this.#loaded.createMatch(handler, matchId, params, events);
  }

  get #loaded(): ModuleHost {
    if (!this.#host) throw new StatusError(Status.UNAVAILABLE, 'the modules are not loaded yet');
    return this.#host;
  }
}
