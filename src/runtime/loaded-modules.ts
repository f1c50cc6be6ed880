import type { CallTimes } from '../observability/call-times.ts';
import { Status, StatusError } from '../protocol/status.ts';
import type { CallOrigin } from './module-function.ts';
import type { Hook, HookKind, ModuleHost, Registration } from './module-host.ts';

/**
 * The modules as the rest of the server holds them from the start: features are made before the modules run, since
 * modules call features. Until {@link attach} there are none.
 */
export class LoadedModules implements ModuleHost {
  readonly #times: CallTimes;
  #host: ModuleHost | undefined;

  constructor(times: CallTimes) {
    this.#times = times;
  }

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
    if (!this.#host) throw new StatusError(Status.UNAVAILABLE, 'the modules are not loaded yet');
    if (!this.#host.hasRpc(id)) return this.#host.rpc(id, origin, payload);
    const startedMs = performance.now();
    const times = this.#times.of('rpc', id.toLowerCase());
    const answer = this.#host.rpc(id, origin, payload);
    answer.then(
      () => times.ended(startedMs),
      () => times.failed(startedMs),
    );
    return answer;
  }

  registrations(): readonly Registration[] {
    return this.#host?.registrations() ?? [];
  }
}
