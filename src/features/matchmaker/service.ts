import { badInput, RealtimeError, RealtimeErrorCode } from '../../protocol/status.ts';
import { nothing, PatternError, parseQuery, type Query, QueryError } from '../../query/index.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { Ticket, type TicketMember, type TicketRequest } from './ticket.ts';
import type { WaitingTickets } from './waiting-tickets.ts';

const LEAST_MIN_COUNT = 2;

export interface MatchmakerServiceDependencies {
  readonly sessions: SessionRegistry;
  readonly waiting: WaitingTickets;
  /** Tickets that a session or a party may have at a time. */
  readonly maxTickets: number;
}

/** Who waits for a match: tickets are added and taken back here. */
export class MatchmakerService {
  readonly #sessions: SessionRegistry;
  readonly #maxTickets: number;
  readonly #waiting: WaitingTickets;

  constructor({ sessions, waiting, maxTickets }: MatchmakerServiceDependencies) {
    this.#sessions = sessions;
    this.#waiting = waiting;
    this.#maxTickets = maxTickets;
  }

  /** Tickets that wait. */
  get ticketCount(): number {
    return this.#waiting.count;
  }

  /**
   * Adds a ticket for a session, or for all members of a party, who stay together.
   * @param partyId '' for a session's own ticket: only {@link removeOfParty} takes back one that has it
   * @returns the ticket's id
   * @throws RealtimeError BAD_INPUT for impossible counts; RUNTIME_EXCEPTION, as the reference, for a query that
   *   cannot be read and for one ticket more than a session or party may have
   */
  add(members: readonly TicketMember[], request: TicketRequest, partyId = ''): string {
    checkCounts(request);
    const query = queryOf(request.query);
    for (const { sessionId } of members) {
      if (!this.#sessions.get(sessionId)) throw badInput('the connection of a player has ended');
      if (this.#waiting.ofSession(sessionId).size >= this.#maxTickets) throw this.#tooMany('session');
    }
    if (partyId !== '' && this.#waiting.ofParty(partyId).size >= this.#maxTickets) throw this.#tooMany('party');
    const ticket = new Ticket(members, partyId, request, query);
    this.#waiting.add(ticket);
    return ticket.id;
  }

  /** Takes back a session's own ticket. False when it has no such ticket; those of its parties are not its own. */
  removeOfSession(sessionId: string, ticketId: string): boolean {
    const ticket = this.#waiting.get(ticketId);
    if (ticket?.partyId !== '' || ticket.members[0]?.sessionId !== sessionId) return false;
    this.#waiting.remove(ticket);
    return true;
  }

  /** Takes back a party's ticket. False when the party has no such ticket. */
  removeOfParty(partyId: string, ticketId: string): boolean {
    const ticket = this.#waiting.get(ticketId);
    if (ticket?.partyId !== partyId) return false;
    this.#waiting.remove(ticket);
    return true;
  }

  /** Takes back all tickets of a party: its members have changed, or it has ended. */
  removeAllOfParty(partyId: string): void {
    for (const ticket of [...this.#waiting.ofParty(partyId)]) this.#waiting.remove(ticket);
  }

  /** A session has ended: all tickets that it is part of go, also those of its parties. */
  sessionClosed(sessionId: string): void {
    for (const ticket of [...this.#waiting.ofSession(sessionId)]) this.#waiting.remove(ticket);
  }

  #tooMany(whose: 'session' | 'party'): RealtimeError {
    return refusal(`a ${whose} may have ${this.#maxTickets} matchmaker tickets at a time`);
  }
}

/** @throws RealtimeError */
function checkCounts({ minCount, maxCount, countMultiple = 1 }: TicketRequest): void {
  if (minCount < LEAST_MIN_COUNT) throw badInput(`min_count must be at least ${LEAST_MIN_COUNT}`);
  if (maxCount < minCount) throw badInput('max_count must not be below min_count');
  if (countMultiple < 1) throw badInput('count_multiple must be at least 1');
  if (minCount % countMultiple !== 0) throw badInput('min_count must be a multiple of count_multiple');
  if (maxCount % countMultiple !== 0) throw badInput('max_count must be a multiple of count_multiple');
}

/** As the reference, takes a query with a bad pattern, which nobody suits. @throws RealtimeError */
function queryOf(text: string): Query {
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof PatternError) return nothing;
    if (error instanceof QueryError) throw refusal(`the query cannot be read: ${error.message}`);
    throw error;
  }
}

function refusal(text: string): RealtimeError {
  return new RealtimeError(RealtimeErrorCode.RUNTIME_EXCEPTION, text);
}
