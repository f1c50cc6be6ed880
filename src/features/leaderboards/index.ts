import type { Db } from '../../database/database.ts';
import type { Feature } from '../feature.ts';
import { leaderboardFunctions } from './module-api.ts';

/** Definitions of leaderboards. */
export function createLeaderboardsFeature({ db }: { readonly db: Db }): Feature {
  return { name: 'leaderboards', functions: leaderboardFunctions(db) };
}
