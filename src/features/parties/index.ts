import type { Feature } from '../feature.ts';
import { PartyDirectory } from './directory.ts';
import { partyEnvelopes } from './envelopes.ts';
import { partyFunctions } from './module-api.ts';
import { partyOperations } from './operations.ts';
import { Parties, type PartyDependencies } from './service.ts';

export type { PartyDependencies } from './service.ts';

/** Parties: small groups of connections with a leader. */
export function createPartiesFeature(dependencies: Omit<PartyDependencies, 'directory'>): Feature {
  const directory = new PartyDirectory();
  const parties = new Parties({ ...dependencies, directory });
  return {
    name: 'parties',
    operations: partyOperations(directory),
    envelopes: partyEnvelopes(parties),
    functions: partyFunctions(directory),
  };
}
