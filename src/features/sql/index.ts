import type { Kysely } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import type { Feature } from '../feature.ts';
import { sqlFunctions } from './module-api.ts';

/** `nk.sqlQuery` and `nk.sqlExec`. */
export function createSqlFeature(dependencies: { readonly db: Kysely<Schema> }): Feature {
  return { name: 'sql', functions: sqlFunctions(dependencies.db) };
}
