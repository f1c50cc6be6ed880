import { relative, sep } from 'node:path';
import type { Log } from '../../observability/log.ts';
import type { BuildOutcome, ModuleBundler } from '../bundle/bundler.ts';
import { failureText } from '../bundle/stack-trace.ts';
import type { ModuleWatcher } from './module-watcher.ts';

export interface ModuleReloaderOptions {
  readonly bundler: ModuleBundler;
  /**
   * Makes the new bundles live; rejects when they cannot be (InitModule failed), which leaves the old ones serving.
   * The rejection is shown to the author, its stack mapped to their files. Never called again before it has settled.
   */
  apply(outcome: BuildOutcome): Promise<void>;
  /** One line for each reload; an error once in full. */
  readonly log: Pick<Log, 'info' | 'error'>;
  /** Told of every reload that changed something or failed. */
  readonly onReload?: (isGood: boolean) => void;
}

/** Rebuilds and applies modules when their files change. What serves is only ever replaced by what works. */
export class ModuleReloader {
  readonly #options: ModuleReloaderOptions;
  #watcher: ModuleWatcher | undefined;
  #serving: BuildOutcome | undefined;
  #lastFailure: string | undefined;
  #running: Promise<void> | undefined;
  #pending: ReadonlySet<string> | undefined;

  constructor(options: ModuleReloaderOptions) {
    this.#options = options;
  }

  /** Starts to watch; resolves when every change from here on is seen. @param serving what is live now */
  async start(serving: BuildOutcome): Promise<void> {
    this.#serving = serving;
    // Only who watches loads what watching takes.
    const watching = await import('./module-watcher.ts');
    this.#watcher = new watching.ModuleWatcher(serving.discovery.folder, (files) => void this.reload(files));
    this.#watcher.include(serving.files);
    await this.#watcher.ready;
  }

  /**
   * Rebuilds and applies now; resolves when that is done. During a reload it asks for one more, however often called.
   * Failures are logged, not thrown.
   * @param files what changed; none when somebody asked for it, and then it is applied even if nothing changed
   */
  reload(files: ReadonlySet<string> = new Set()): Promise<void> {
    if (this.#running) {
      this.#pending = new Set([...(this.#pending ?? []), ...files]);
      return this.#running;
    }
    this.#running = this.#reloadWhilePending(files).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  /** Stops watching and waits for a reload that is under way. The bundler stays open: its owner closes it. */
  async stop(): Promise<void> {
    await this.#watcher?.close();
    this.#pending = undefined;
    await this.#running;
  }

  async #reloadWhilePending(files: ReadonlySet<string>): Promise<void> {
    for (let next: ReadonlySet<string> | undefined = files; next; next = this.#takePending()) await this.#once(next);
  }

  #takePending(): ReadonlySet<string> | undefined {
    const pending = this.#pending;
    this.#pending = undefined;
    return pending;
  }

  async #once(files: ReadonlySet<string>): Promise<void> {
    const startedAt = performance.now();
    let outcome: BuildOutcome | undefined;
    try {
      outcome = await this.#options.bundler.build();
      this.#watcher?.include(outcome.files);
      if (files.size > 0 && !this.#lastFailure && this.#isServing(outcome)) return;
      await this.#options.apply(outcome);
      this.#serving = outcome;
      this.#lastFailure = undefined;
      const durationMs = Math.round(performance.now() - startedAt);
      this.#options.onReload?.(true);
      this.#options.log.info({ durationMs }, `reloaded ${this.#filesText(files)} in ${durationMs} ms`);
    } catch (error) {
      this.#failed(failureText(error, outcome?.bundles ?? []));
    }
  }

  #isServing(outcome: BuildOutcome): boolean {
    const serving = this.#serving?.bundles ?? [];
    return (
      outcome.bundles.length === serving.length &&
      outcome.bundles.every((bundle, i) => {
        const old = serving[i]!;
        return bundle.name === old.name && bundle.code === old.code && bundle.sourceMapText === old.sourceMapText;
      })
    );
  }

  #failed(text: string): void {
    this.#options.onReload?.(false);
    const again = text === this.#lastFailure;
    this.#lastFailure = text;
    const shown = again ? `as before: ${text.split('\n', 1)[0]}` : text;
    this.#options.log.error(`not reloaded, the modules of before go on serving\n${shown}`);
  }

  #filesText(files: ReadonlySet<string>): string {
    const [first, ...others] = files;
    if (first === undefined) return 'the modules';
    const shown = relative(this.#serving?.discovery.folder ?? this.#options.bundler.folder, first)
      .split(sep)
      .join('/');
    return others.length === 0 ? shown : `${shown} and ${others.length} more`;
  }
}
