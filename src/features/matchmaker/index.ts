import type { Feature } from '../feature.ts';
import { matchmakerEnvelopes } from './envelopes.ts';
import { type MatchmakerDependencies, MatchmakerService } from './service.ts';

export { type MatchmakerDependencies, MatchmakerService } from './service.ts';
export type { TicketMember, TicketRequest } from './ticket.ts';

/** The matchmaker: finds players for each other by what they ask for and offer. */
export function createMatchmakerFeature(dependencies: MatchmakerDependencies): {
  readonly feature: Feature;
  readonly matchmaker: MatchmakerService;
} {
  const matchmaker = new MatchmakerService(dependencies);
  return { matchmaker, feature: { name: 'matchmaker', envelopes: matchmakerEnvelopes(matchmaker) } };
}
