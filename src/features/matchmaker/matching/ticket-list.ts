import type { Ticket } from '../ticket.ts';

/** Tickets, oldest first, of which fewer and fewer wait. */
export class TicketList {
  readonly tickets: readonly Ticket[];
  #first = 0;

  /** @param tickets oldest first */
  constructor(tickets: readonly Ticket[]) {
    this.tickets = tickets;
  }

  /** Where the oldest that waits stands. Since the oldest go first, this passes over most of those that are gone. */
  get first(): number {
    while (this.#first < this.tickets.length && !this.tickets[this.#first]!.isWaiting) this.#first++;
    return this.#first;
  }

  /** How many wait, at most. */
  get length(): number {
    return this.tickets.length - this.first;
  }
}
