import type { MatchHost } from '../../runtime/match-host.ts';
import type { Feature } from '../feature.ts';
import { AuthoritativeMatches } from './authoritative-matches.ts';
import { matchEnvelopes } from './envelopes.ts';
import { matchFunctions } from './module-api.ts';
import { matchOperations } from './operations.ts';
import { RelayedMatches } from './relayed-matches.ts';
import { type MatchDependencies, Matches } from './service.ts';

export { type MatchDependencies, Matches } from './service.ts';

export interface MatchesFeatureDependencies extends Omit<MatchDependencies, 'authoritative' | 'relayed'> {
  readonly modules: MatchHost;
  readonly nodeId: string;
}

/** Matches: who plays with whom, and what they send each other. */
export function createMatchesFeature(dependencies: MatchesFeatureDependencies): {
  readonly feature: Feature;
  readonly matches: Matches;
} {
  const { tracker, router } = dependencies;
  const matches = new Matches({
    ...dependencies,
    authoritative: new AuthoritativeMatches(dependencies),
    relayed: new RelayedMatches(tracker, router),
  });
  return {
    matches,
    feature: {
      name: 'matches',
      operations: matchOperations(matches),
      envelopes: matchEnvelopes(matches),
      functions: matchFunctions(matches),
    },
  };
}
