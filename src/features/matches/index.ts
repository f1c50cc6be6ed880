import type { Feature } from '../feature.ts';
import { matchEnvelopes } from './envelopes.ts';
import { matchFunctions } from './module-api.ts';
import { matchOperations } from './operations.ts';
import { RelayedMatches } from './relayed-matches.ts';
import { type MatchDependencies, Matches } from './service.ts';

export { type MatchDependencies, Matches } from './service.ts';

/** Matches: who plays with whom, and what they send each other. */
export function createMatchesFeature(dependencies: Omit<MatchDependencies, 'kinds'>): {
  readonly feature: Feature;
  readonly matches: Matches;
} {
  const { tracker, router } = dependencies;
  const matches = new Matches({ ...dependencies, kinds: [new RelayedMatches(tracker, router)] });
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
