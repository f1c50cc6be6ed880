import type { Feature } from '../feature.ts';
import { partyEnvelopes } from './envelopes.ts';
import { Parties, type PartyDependencies } from './service.ts';

export type { PartyDependencies } from './service.ts';

/** Parties: small groups of connections with a leader. */
export function createPartiesFeature(dependencies: PartyDependencies): Feature {
  return { name: 'parties', envelopes: partyEnvelopes(new Parties(dependencies)) };
}
