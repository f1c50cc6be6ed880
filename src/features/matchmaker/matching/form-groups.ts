import type { Ticket } from '../ticket.ts';
import { CandidateIndex } from './candidate-index.ts';
import { type Group, GroupSearch } from './group-search.ts';
import { type MatchingRules, willLook } from './wishes.ts';

/**
 * One round of matchmaking: the tickets that have yet to look for others do so, those that wait longest first. Yields
 * each group that it finds, with its tickets no longer waiting, and undefined now and then in between: whoever drives
 * it may do something else there. Tickets may be taken back meanwhile, by `isWaiting`.
 * @param tickets all that wait, oldest first
 */
export function* formGroups(
  tickets: readonly Ticket[],
  rules: MatchingRules,
): Generator<Group | undefined, void, undefined> {
  const index = new CandidateIndex(tickets);
  for (const ticket of tickets) {
    if (!ticket.isWaiting || !willLook(ticket, rules)) continue;
    ticket.rounds++;
    const group = yield* new GroupSearch(ticket, index, rules).run();
    if (group) for (const taken of group) taken.isWaiting = false;
    yield group;
  }
}
