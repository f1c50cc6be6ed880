import { randomUUID } from 'node:crypto';
import type { FieldValue, Query, QueryDocument } from '../../query/index.ts';
import type { Presence } from '../../realtime/stream.ts';

/** One connection that comes with a ticket. */
export type TicketMember = Pick<Presence, 'userId' | 'sessionId' | 'username'>;

/** What a ticket asks for and what it offers; the socket messages that add tickets have this shape. */
export interface TicketRequest {
  /** Which others suit, over `properties.…`; `''` and `*` for anyone. */
  readonly query: string;
  /** Fewest players of a match, 2 or more. */
  readonly minCount: number;
  /** Most players of a match. */
  readonly maxCount: number;
  /** The number of players is a multiple of it; 1 where absent. */
  readonly countMultiple?: number | undefined;
  readonly stringProperties: Readonly<Record<string, string>>;
  readonly numericProperties: Readonly<Record<string, number>>;
}

const PROPERTY_PREFIX = 'properties.';
const NANOS_PER_MILLI = 1_000_000;

/** Numbers tickets in the order in which they were made. */
let lastSequence = 0;

/** A wish to be matched, of one session or of a party's. */
export class Ticket implements QueryDocument {
  readonly id: string = randomUUID();
  /** Smaller than that of every ticket made later. */
  readonly sequence: number = ++lastSequence;
  readonly createTimeMs: number = Date.now();
  readonly members: readonly TicketMember[];
  /** How many players it brings. */
  readonly size: number;
  /** '' for one that is no party's. */
  readonly partyId: string;
  readonly query: Query;
  readonly minCount: number;
  readonly maxCount: number;
  readonly countMultiple: number;
  readonly stringProperties: Readonly<Record<string, string>>;
  readonly numericProperties: Readonly<Record<string, number>>;
  /** Rounds in which it has looked for others. */
  rounds = 0;
  /** False once it was matched or taken back. */
  isWaiting = true;
  readonly #fields: ReadonlyMap<string, FieldValue>;

  constructor(members: readonly TicketMember[], partyId: string, request: TicketRequest, query: Query) {
    this.members = members;
    this.size = members.length;
    this.partyId = partyId;
    this.query = query;
    this.minCount = request.minCount;
    this.maxCount = request.maxCount;
    this.countMultiple = request.countMultiple ?? 1;
    this.stringProperties = request.stringProperties;
    this.numericProperties = request.numericProperties;
    this.#fields = this.#newFields();
  }

  /** What queries see; thousands of tickets are asked by each that looks. */
  get(field: string): FieldValue | undefined {
    return this.#fields.get(field);
  }

  /** A number wins over text of the same name. */
  #newFields(): Map<string, FieldValue> {
    const fields = new Map<string, FieldValue>([
      ['ticket', this.id],
      ['party_id', this.partyId],
      ['min_count', this.minCount],
      ['max_count', this.maxCount],
      ['created_at', this.createTimeMs * NANOS_PER_MILLI],
    ]);
    for (const [name, text] of Object.entries(this.stringProperties)) fields.set(PROPERTY_PREFIX + name, text);
    for (const [name, number] of Object.entries(this.numericProperties)) fields.set(PROPERTY_PREFIX + name, number);
    return fields;
  }
}
