import {
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
} from 'kysely';
import type { EmbeddedEngine } from './embedded-engine.ts';
import { PgliteDriver } from './pglite-driver.ts';

/**
 * kysely over the embedded database. Not kysely's own PGliteDialect: through a client of `pg` statements are prepared
 * and pipelined, one crossing to the worker a turn, and every type comes back as it does from a server.
 */
export class PgliteWorkerDialect implements Dialect {
  readonly #engine: EmbeddedEngine;

  constructor(engine: EmbeddedEngine) {
    this.#engine = engine;
  }

  createDriver(): Driver {
    return new PgliteDriver(this.#engine);
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
