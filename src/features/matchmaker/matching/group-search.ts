import type { Ticket } from '../ticket.ts';
import type { CandidateIndex } from './candidate-index.ts';
import { fillPlaces, Selection, type Suit } from './fill-places.ts';
import { acceptsSize, isOpenTo, type MatchingRules, shareSession, suitEachOther, willLook } from './wishes.ts';

/** Tickets that make a match. */
export type Group = readonly Ticket[];

/** Candidates that are tested without a pause. */
const TESTS_AT_A_TIME = 128;
/** Sizes below its highest count that are tried for a ticket. */
const MAX_SIZES_TRIED = 32;

interface Scored {
  readonly ticket: Ticket;
  readonly score: number;
}

/** One ticket's search for a match in one round. */
export class GroupSearch {
  readonly #looker: Ticket;
  readonly #index: CandidateIndex;
  readonly #rules: MatchingRules;
  /** Fewer than its highest count will do. */
  readonly #isLast: boolean;
  readonly #suit: Suit;

  /** @param looker with this round counted */
  constructor(looker: Ticket, index: CandidateIndex, rules: MatchingRules) {
    this.#looker = looker;
    this.#index = index;
    this.#rules = rules;
    this.#isLast = !willLook(looker, rules);
    this.#suit = (a, b) => suitEachOther(a, b, rules);
  }

  /** Finds the group, the looker included. Yields now and then, so that the caller may do something else meanwhile. */
  *run(): Generator<undefined, Group | undefined> {
    for (;;) {
      const others = yield* this.#others();
      if (!others || !this.#looker.isWaiting) return undefined;
      // Tickets may have been taken back in a pause.
      if (others.every((ticket) => ticket.isWaiting)) return [this.#looker, ...others];
    }
  }

  *#others(): Generator<undefined, readonly Ticket[] | undefined> {
    const { query, maxCount, size } = this.#looker;
    const selection = new Selection(maxCount - size, this.#suit);
    const isEnough = (ticket: Ticket) => this.#accepts(ticket, maxCount) && selection.offer(ticket);
    const best: Ticket[] = [];
    const others: Scored[] = [];
    const { tickets, first } = this.#index.candidatesFor(query);
    for (let i = first, tests = 0; i < tickets.length; i++) {
      const ticket = tickets[i]!;
      if (!this.#isCandidate(ticket)) continue;
      if (++tests % TESTS_AT_A_TIME === 0) yield;
      const score = this.#scoreOf(ticket);
      if (score === undefined) continue;
      if (score < query.maxScore) others.push({ ticket, score });
      // There is no better one, and the older come first: no need to look at more than enough of these.
      else if (isEnough(ticket)) return selection.tickets;
      else best.push(ticket);
    }
    // The sort is stable: of equal ones the older stays first.
    for (const { ticket } of others.sort((a, b) => b.score - a.score)) {
      if (isEnough(ticket)) return selection.tickets;
      best.push(ticket);
    }
    return this.#isLast ? yield* this.#largestOf(best) : this.#ofSize(maxCount, best);
  }

  /** What can be told without the queries. */
  #isCandidate(ticket: Ticket): boolean {
    const looker = this.#looker;
    if (!ticket.isWaiting || ticket === looker || looker.size + ticket.size > looker.maxCount) return false;
    if (this.#isLast) {
      const overlap = ticket.minCount <= looker.maxCount && ticket.maxCount >= looker.minCount;
      if (!overlap || !isOpenTo(ticket, looker, this.#rules)) return false;
    } else if (!this.#accepts(ticket, looker.maxCount)) return false;
    return !shareSession(ticket, looker);
  }

  #scoreOf(ticket: Ticket): number | undefined {
    const score = this.#looker.query.score(ticket);
    return score === undefined || (this.#rules.isMutual && !ticket.query.matches(this.#looker)) ? undefined : score;
  }

  #accepts(ticket: Ticket, size: number): boolean {
    return acceptsSize(ticket, size, this.#looker, this.#rules);
  }

  #ofSize(size: number, candidates: readonly Ticket[]): Ticket[] | undefined {
    const accepting = candidates.filter((ticket) => this.#accepts(ticket, size));
    return fillPlaces(size - this.#looker.size, accepting, this.#suit);
  }

  *#largestOf(candidates: readonly Ticket[]): Generator<undefined, Ticket[] | undefined> {
    const { minCount, size, countMultiple } = this.#looker;
    const players = this.#playersBySize(candidates);
    let tries = 0;
    for (let total = players.length - 1; total >= minCount && tries < MAX_SIZES_TRIED; total--) {
      if (total <= size || total % countMultiple !== 0 || players[total]! < total - size) continue;
      tries++;
      const found = this.#ofSize(total, candidates);
      if (found) return found;
      yield;
    }
    return undefined;
  }

  /** For each size that a match can have, how many players there are at most for one of that size. */
  #playersBySize(candidates: readonly Ticket[]): Int32Array {
    const { minCount, maxCount, size } = this.#looker;
    const largest = Math.min(
      maxCount,
      candidates.reduce((sum, ticket) => sum + ticket.size, size),
    );
    const changes = new Int32Array(largest + 2);
    for (const ticket of candidates) {
      const from = Math.max(minCount, ticket.minCount);
      const to = Math.min(largest, ticket.maxCount);
      if (from > to) continue;
      changes[from]! += ticket.size;
      changes[to + 1]! -= ticket.size;
    }
    for (let total = 1; total < changes.length; total++) changes[total]! += changes[total - 1]!;
    return changes.subarray(0, largest + 1);
  }
}
