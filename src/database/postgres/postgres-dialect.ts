import {
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { Pool } from 'pg';
import type { StatementNames } from '../statement-names.ts';
import type { PipelinedClients } from './pipelined-clients.ts';
import { PostgresDriver } from './postgres-driver.ts';

/** kysely over connections of `pg`, with hot statements prepared and single ones pipelined. */
export class PostgresDialect implements Dialect {
  readonly #pool: Pool;
  readonly #pipelined: PipelinedClients;
  readonly #names: StatementNames;

  constructor(pool: Pool, pipelined: PipelinedClients, names: StatementNames) {
    this.#pool = pool;
    this.#pipelined = pipelined;
    this.#names = names;
  }

  createDriver(): Driver {
    return new PostgresDriver(this.#pool, this.#pipelined, this.#names);
  }

  createAdapter(): PostgresAdapter {
    return new PostgresAdapter();
  }

  createQueryCompiler(): PostgresQueryCompiler {
    return new PostgresQueryCompiler();
  }

  createIntrospector(db: Kysely<unknown>): PostgresIntrospector {
    return new PostgresIntrospector(db);
  }
}
