import type { Log } from '../../observability/log.ts';
import type { ObjectRow } from '../storage/index.ts';
import type { FilterFunction } from './definition.ts';

/** Whether an object goes into an index; undefined when the module's function failed: then what was there stays. */
export type Verdict = 'in' | 'out' | undefined;

/** A module's function that decides what an index takes in, as the index asks it. */
export class IndexFilter {
  readonly #index: string;
  readonly #call: FilterFunction;
  readonly #log: Log;

  constructor(index: string, call: FilterFunction, log: Log) {
    this.#index = index;
    this.#call = call;
    this.#log = log;
  }

  judge(rows: readonly ObjectRow[]): Promise<Verdict[]> {
    return Promise.all(rows.map((row) => this.#verdict(row)));
  }

  async #verdict(row: ObjectRow): Promise<Verdict> {
    try {
      const answer = await this.#call(writeText(row));
      if (answer === 'true') return 'in';
      if (answer === 'false') return 'out';
      this.#log.error({ index: this.#index }, 'a storage index filter must return true or false');
    } catch {
      // The host has told the failure, with its place in the module.
    }
    return undefined;
  }
}

/** The object as a filter sees it. */
function writeText({ collection, key, user_id, version, read, write, value }: ObjectRow): string {
  const known = { key, collection, userId: user_id, version, permissionRead: read, permissionWrite: write };
  return `${JSON.stringify(known).slice(0, -1)},"value":${value}}`;
}
