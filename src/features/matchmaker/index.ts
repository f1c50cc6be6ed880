import type { Feature } from '../feature.ts';
import { matchmakerEnvelopes } from './envelopes.ts';
import { type AnnouncerDependencies, MatchedAnnouncer } from './matched-announcer.ts';
import { matchmakerOperations } from './operations.ts';
import { MatchmakerRounds, type RoundReport, type RoundSettings } from './rounds.ts';
import { MatchmakerService } from './service.ts';
import { MatchmakerStats } from './stats.ts';
import { WaitingTickets } from './waiting-tickets.ts';

export { MatchmakerService } from './service.ts';
export type { TicketMember, TicketRequest } from './ticket.ts';

export interface MatchmakerDependencies extends AnnouncerDependencies {
  readonly settings: MatchmakerSettings;
  /** Hears of each round. */
  readonly onRound?: (report: RoundReport) => void;
}

export interface MatchmakerSettings extends RoundSettings {
  /** Tickets that a session or a party may have at a time. */
  readonly maxTickets: number;
}

/** The matchmaker: finds players for each other by what they ask for and offer. */
export function createMatchmakerFeature(dependencies: MatchmakerDependencies): {
  readonly feature: Feature;
  readonly matchmaker: MatchmakerService;
  readonly rounds: MatchmakerRounds;
} {
  const { sessions, settings, onRound = () => {}, log } = dependencies;
  const waiting = new WaitingTickets();
  const matchmaker = new MatchmakerService({ sessions, waiting, maxTickets: settings.maxTickets });
  const stats = new MatchmakerStats();
  const announcer = new MatchedAnnouncer(dependencies);
  const rounds = new MatchmakerRounds({ waiting, announcer, stats, settings, onRound, log });
  return {
    matchmaker,
    rounds,
    feature: {
      name: 'matchmaker',
      operations: matchmakerOperations(stats),
      envelopes: matchmakerEnvelopes(matchmaker),
      start: async () => rounds.start(),
      stop: async () => rounds.stop(),
    },
  };
}
