import type { Ticket } from './ticket.ts';

const none: ReadonlySet<Ticket> = new Set();

/** The tickets that wait, oldest first, and whose they are. */
export class WaitingTickets {
  readonly #byId = new Map<string, Ticket>();
  readonly #bySession = new Map<string, Set<Ticket>>();
  readonly #byParty = new Map<string, Set<Ticket>>();

  get count(): number {
    return this.#byId.size;
  }

  get(id: string): Ticket | undefined {
    return this.#byId.get(id);
  }

  /** Oldest first. */
  all(): IterableIterator<Ticket> {
    return this.#byId.values();
  }

  /** Those that the session is part of, its parties' included. */
  ofSession(sessionId: string): ReadonlySet<Ticket> {
    return this.#bySession.get(sessionId) ?? none;
  }

  ofParty(partyId: string): ReadonlySet<Ticket> {
    return this.#byParty.get(partyId) ?? none;
  }

  add(ticket: Ticket): void {
    this.#byId.set(ticket.id, ticket);
    for (const { sessionId } of ticket.members) put(this.#bySession, sessionId, ticket);
    if (ticket.partyId !== '') put(this.#byParty, ticket.partyId, ticket);
  }

  /** Takes a ticket out; one that is not in stays out. */
  remove(ticket: Ticket): void {
    ticket.isWaiting = false;
    if (!this.#byId.delete(ticket.id)) return;
    for (const { sessionId } of ticket.members) take(this.#bySession, sessionId, ticket);
    if (ticket.partyId !== '') take(this.#byParty, ticket.partyId, ticket);
  }
}

function put(sets: Map<string, Set<Ticket>>, key: string, ticket: Ticket): void {
  const known = sets.get(key);
  if (known) known.add(ticket);
  else sets.set(key, new Set([ticket]));
}

function take(sets: Map<string, Set<Ticket>>, key: string, ticket: Ticket): void {
  const known = sets.get(key);
  known?.delete(ticket);
  if (known?.size === 0) sets.delete(key);
}
