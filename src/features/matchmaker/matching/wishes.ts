import type { Ticket } from '../ticket.ts';

/** How matches are formed; the settings of the matchmaker. */
export interface MatchingRules {
  /** Rounds in which a ticket looks for others. */
  readonly maxIntervals: number;
  /** All of a match must suit each other's queries, not only that of the ticket that looked. May change in a round. */
  readonly isMutual: boolean;
}

/**
 * Whether a ticket has yet to look for others. One with a single count looks once: what it did not find then can only
 * be newer, and looks itself.
 */
export function willLook({ rounds, minCount, maxCount }: Ticket, { maxIntervals }: MatchingRules): boolean {
  return rounds < maxIntervals && (rounds === 0 || minCount < maxCount);
}

/** Whether a ticket may be in a match of so many players that another has looked for. */
export function acceptsSize(ticket: Ticket, size: number, looker: Ticket, rules: MatchingRules): boolean {
  const { minCount, maxCount, countMultiple } = ticket;
  if (size < minCount || size > maxCount || size % countMultiple !== 0) return false;
  return isOpenTo(ticket, looker, rules);
}

/** One that hopes for more players than the other may have is left alone while it can still find them itself. */
export function isOpenTo(ticket: Ticket, looker: Ticket, rules: MatchingRules): boolean {
  return ticket.maxCount <= looker.maxCount || !willLook(ticket, rules);
}

/** Whether two tickets may be in one match: no session twice and, where wanted, each to the other's liking. */
export function suitEachOther(a: Ticket, b: Ticket, { isMutual }: MatchingRules): boolean {
  return !shareSession(a, b) && (!isMutual || (a.query.matches(b) && b.query.matches(a)));
}

/** Whether a session is part of both tickets. */
export function shareSession(a: Ticket, b: Ticket): boolean {
  for (const { sessionId } of a.members) {
    for (const other of b.members) if (other.sessionId === sessionId) return true;
  }
  return false;
}
