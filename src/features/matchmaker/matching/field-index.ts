import type { FieldValue } from '../../../query/index.ts';
import type { Ticket } from '../ticket.ts';
import { TicketList } from './ticket-list.ts';

const none = new TicketList([]);

interface NumberEntry {
  readonly number: number;
  readonly ticket: Ticket;
}

/** Which tickets have which value in one field. Made as far as it is asked for. */
export class FieldIndex {
  readonly #field: string;
  readonly #tickets: readonly Ticket[];
  #byValue: ReadonlyMap<FieldValue, TicketList> | undefined;
  #numbers: readonly NumberEntry[] | undefined;

  /** @param tickets oldest first */
  constructor(field: string, tickets: readonly Ticket[]) {
    this.#field = field;
    this.#tickets = tickets;
  }

  withOneOf(values: readonly FieldValue[]): TicketList {
    this.#byValue ??= this.#listsByValue();
    const lists = values.map((value) => this.#byValue?.get(value) ?? none).filter((list) => list.length > 0);
    if (lists.length < 2) return lists[0] ?? none;
    return new TicketList(byAge(lists.flatMap((list) => list.tickets)));
  }

  /** Those with a number between these, bounds included. */
  between(min: number, max: number): NumberRange {
    this.#numbers ??= this.#sortedNumbers();
    const from = countWhile(this.#numbers, ({ number }) => number < min);
    return new NumberRange(
      this.#numbers,
      from,
      Math.max(
        from,
        countWhile(this.#numbers, ({ number }) => number <= max),
      ),
    );
  }

  #listsByValue(): Map<FieldValue, TicketList> {
    const byValue = new Map<FieldValue, Ticket[]>();
    for (const ticket of this.#tickets) {
      const value = ticket.get(this.#field);
      if (value === undefined) continue;
      const known = byValue.get(value);
      if (known) known.push(ticket);
      else byValue.set(value, [ticket]);
    }
    return new Map(Array.from(byValue, ([value, tickets]) => [value, new TicketList(tickets)]));
  }

  #sortedNumbers(): NumberEntry[] {
    const entries: NumberEntry[] = [];
    for (const ticket of this.#tickets) {
      const number = ticket.get(this.#field);
      if (typeof number === 'number' && !Number.isNaN(number)) entries.push({ number, ticket });
    }
    return entries.sort((a, b) => a.number - b.number);
  }
}

/** A stretch of tickets in the order of their numbers. */
export class NumberRange {
  readonly #entries: readonly NumberEntry[];
  readonly #from: number;
  readonly #to: number;

  constructor(entries: readonly NumberEntry[], from: number, to: number) {
    this.#entries = entries;
    this.#from = from;
    this.#to = to;
  }

  /** How many wait, at most. */
  get length(): number {
    return this.#to - this.#from;
  }

  toList(): TicketList {
    return new TicketList(byAge(this.#entries.slice(this.#from, this.#to).map(({ ticket }) => ticket)));
  }
}

function byAge(tickets: Ticket[]): Ticket[] {
  return tickets.sort((a, b) => a.sequence - b.sequence);
}

/** How many entries at the beginning fulfil a condition that none after them does. */
function countWhile(entries: readonly NumberEntry[], holds: (entry: NumberEntry) => boolean): number {
  let low = 0;
  let high = entries.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (holds(entries[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
