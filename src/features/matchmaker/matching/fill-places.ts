import type { Ticket } from '../ticket.ts';

/** Whether two tickets may be in one match. */
export type Suit = (a: Ticket, b: Ticket) => boolean;

/** Tickets of one size that are considered beyond those that could be taken together. */
const SPARE_TICKETS = 16;
/** Steps of the search for parties that add up, a few nanoseconds each; past it the looker goes without. */
const MAX_STEPS = 50_000;

/**
 * Tickets that fill so many places exactly, of which each suits each other: the first of the candidates that fit.
 * Parties are not split, so sizes have to add up, and the first that come may be in each other's way.
 * @param candidates best first
 * @returns undefined when there are none, or none are found within a bounded number of steps
 */
export function fillPlaces(places: number, candidates: readonly Ticket[], suit: Suit): Ticket[] | undefined {
  const offered = candidates.reduce((sum, { size }) => sum + size, 0);
  if (offered < places) return undefined;
  return takeAsTheyCome(places, candidates, suit) ?? combine(places, worthConsidering(places, candidates), suit);
}

function takeAsTheyCome(places: number, candidates: readonly Ticket[], suit: Suit): Ticket[] | undefined {
  const selection = new Selection(places, suit);
  return candidates.some((ticket) => selection.offer(ticket)) ? [...selection.tickets] : undefined;
}

/** Takes whoever fits, until all places are taken. */
export class Selection {
  readonly tickets: Ticket[] = [];
  readonly #suit: Suit;
  #freePlaces: number;

  constructor(places: number, suit: Suit) {
    this.#freePlaces = places;
    this.#suit = suit;
  }

  /** Takes a ticket if it fits. True when no place is free any more. */
  offer(ticket: Ticket): boolean {
    if (ticket.size <= this.#freePlaces && this.tickets.every((taken) => this.#suit(taken, ticket))) {
      this.tickets.push(ticket);
      this.#freePlaces -= ticket.size;
    }
    return this.#freePlaces === 0;
  }
}

/** Tickets of one size are much alike: a few more of each than could be taken together are enough. */
function worthConsidering(places: number, candidates: readonly Ticket[]): Ticket[] {
  const left = new Map<number, number>();
  return candidates.filter(({ size }) => {
    const count = left.get(size) ?? Math.floor(places / size) + (size <= places ? SPARE_TICKETS : 0);
    left.set(size, count - 1);
    return count > 0;
  });
}

/** A selection as a list from its last ticket to its first. */
interface Chain {
  readonly ticket: Ticket;
  readonly before: Chain | undefined;
}

/** For each candidate in turn: what can be made with it and those that come after it. */
function combine(places: number, candidates: readonly Ticket[], suit: Suit): Ticket[] | undefined {
  const budget = { steps: MAX_STEPS };
  for (let start = 0; start < candidates.length && budget.steps > 0; start++) {
    const found = combineFrom(start, places, candidates, suit, budget);
    if (found) return found;
  }
  return undefined;
}

/** Keeps, for each number of places that can be filled, the first selection that fills it. */
function combineFrom(
  start: number,
  places: number,
  candidates: readonly Ticket[],
  suit: Suit,
  budget: { steps: number },
): Ticket[] | undefined {
  const first = candidates[start]!;
  const byPlaces: (Chain | undefined)[] = [];
  byPlaces[first.size] = { ticket: first, before: undefined };
  if (first.size === places) return [first];
  for (let i = start + 1; i < candidates.length && budget.steps > 0; i++) {
    const ticket = candidates[i]!;
    for (let filled = byPlaces.length - 1; filled > 0; filled--) {
      budget.steps--;
      const chain = byPlaces[filled];
      const total = filled + ticket.size;
      if (!chain || total > places || byPlaces[total] || !suitsAll(chain, ticket, suit)) continue;
      byPlaces[total] = { ticket, before: chain };
      if (total === places) return ticketsOf(byPlaces[total]);
    }
  }
  return undefined;
}

function suitsAll(chain: Chain, ticket: Ticket, suit: Suit): boolean {
  for (let link: Chain | undefined = chain; link; link = link.before) if (!suit(link.ticket, ticket)) return false;
  return true;
}

function ticketsOf(chain: Chain): Ticket[] {
  const tickets: Ticket[] = [];
  for (let link: Chain | undefined = chain; link; link = link.before) tickets.push(link.ticket);
  return tickets.reverse();
}
