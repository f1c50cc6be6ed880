import type { Log } from './observability/log.ts';

/** What has to be stopped, in the reverse order of its start. One that fails to stop does not keep the others running. */
export class StopList {
  readonly #log: Log;
  #steps: (() => Promise<void>)[] = [];
  #stopping: Promise<void> | undefined;

  constructor(log: Log) {
    this.#log = log;
  }

  add(stop: () => Promise<void>): void {
    this.#steps.push(stop);
  }

  /** Stops everything, once; further calls wait for the first. */
  stopAll(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll(): Promise<void> {
    for (const step of this.#steps.reverse()) {
      try {
        await step();
      } catch (error) {
        this.#log.error({ err: error }, 'a part of the server did not stop properly');
      }
    }
  }
}
