import type { Query } from '../../../query/index.ts';
import type { Ticket } from '../ticket.ts';
import { FieldIndex } from './field-index.ts';
import { TicketList } from './ticket-list.ts';

/** Fields that are indexed in a round; queries may name any, and those past this look through everybody. */
const MAX_FIELDS = 64;
/** How many times fewer tickets a range must have than the best list, for it must be put into order first. */
const RANGE_GAIN = 8;

/** The tickets of a round, found by what a query requires. Fields are indexed when a query first names them. */
export class CandidateIndex {
  readonly #all: TicketList;
  readonly #fields = new Map<string, FieldIndex>();

  /** @param tickets oldest first */
  constructor(tickets: readonly Ticket[]) {
    this.#all = new TicketList(tickets);
  }

  /** Tickets among which are all that the query finds. */
  candidatesFor(query: Query): TicketList {
    let fewest = this.#all;
    for (const { field, values } of query.requirements) {
      const list = this.#fieldOf(field)?.withOneOf(values);
      if (list && list.length < fewest.length) fewest = list;
    }
    for (const { field, min, max } of rangesByField(query)) {
      const range = this.#fieldOf(field)?.between(min, max);
      if (range && range.length * RANGE_GAIN < fewest.length) fewest = range.toList();
    }
    return fewest;
  }

  #fieldOf(field: string): FieldIndex | undefined {
    const known = this.#fields.get(field);
    if (known || this.#fields.size >= MAX_FIELDS) return known;
    const made = new FieldIndex(field, this.#all.tickets);
    this.#fields.set(field, made);
    return made;
  }
}

/** A field of a ticket has one value, which has to be in all ranges. */
function rangesByField({ ranges }: Query): Iterable<Query['ranges'][number]> {
  if (ranges.length < 2) return ranges;
  const merged = new Map<string, Query['ranges'][number]>();
  for (const { field, min, max } of ranges) {
    const known = merged.get(field);
    merged.set(
      field,
      known ? { field, min: Math.max(min, known.min), max: Math.min(max, known.max) } : { field, min, max },
    );
  }
  return merged.values();
}
