import { Status, StatusError } from '../../protocol/status.ts';
import {
  addField,
  DocumentIndex,
  type FieldValues,
  FirstFew,
  parseQuery,
  type Query,
  type QueryDocument,
  QueryError,
} from '../../query/index.ts';
import { decodeCursor, encodeCursor, type ListPosition, type PartySearch } from './cursor.ts';
import { NO_LABEL } from './label.ts';
import type { Party } from './party.ts';

export const DEFAULT_LIST_LIMIT = 10;
export const MAX_LIST_LIMIT = 100;

/** A party as it is listed. */
export interface ListedParty {
  readonly partyId: string;
  readonly open: boolean;
  readonly maxSize: number;
  /** As it was last set. */
  readonly label: string;
}

export interface PartyPage {
  readonly parties: ListedParty[];
  /** Where the next page begins; '' on the last one. */
  readonly cursor: string;
}

/** The parties that can be found: all that are not hidden. A change shows at once. */
export class PartyDirectory {
  readonly #byId = new Map<string, Entry>();
  readonly #index = new DocumentIndex<Entry>();
  #lastSequence = 0;

  /** Takes in a party as it is now, or takes it out when it hides. */
  put(party: Party): void {
    const sequence = this.#byId.get(party.id)?.sequence ?? ++this.#lastSequence;
    this.delete(party.id);
    if (party.settings.hidden) return;
    const entry = new Entry(party, sequence);
    this.#byId.set(party.id, entry);
    this.#index.add(entry);
  }

  delete(partyId: string): void {
    const entry = this.#byId.get(partyId);
    if (!entry) return;
    this.#byId.delete(partyId);
    this.#index.delete(entry);
  }

  /** @throws StatusError INTERNAL, as the reference, for a query or cursor that cannot be read */
  list(search: PartySearch, cursor: string): PartyPage {
    const query = queryOf(search.query);
    const after = cursor === '' ? undefined : decodeCursor(search, cursor);
    if (cursor !== '' && !after) throw unreadable('the cursor is none of this listing');
    const found = this.#find(query, search, after);
    const page = found.slice(0, search.limit);
    return {
      parties: page.map(({ entry }) => entry.listed),
      cursor: found.length > page.length ? encodeCursor(search, page.at(-1)!) : '',
    };
  }

  /** One more than asked for, where there is one. */
  #find(query: Query, { open, limit }: PartySearch, after: ListPosition | undefined): Found[] {
    const first = new FirstFew<Found>(limit + 1, inOrder);
    for (const entry of this.#index.candidates(query)) {
      if (open !== undefined && open !== entry.listed.open) continue;
      const score = query.score(entry);
      if (score === undefined) continue;
      const found = { entry, score, sequence: entry.sequence };
      if (!after || inOrder(found, after) > 0) first.add(found);
    }
    return first.sorted();
  }
}

interface Found extends ListPosition {
  readonly entry: Entry;
}

/** What is listed of a party, and what queries see of it. */
class Entry implements QueryDocument {
  readonly listed: ListedParty;
  /** Smaller than that of every party that was listed later. */
  readonly sequence: number;
  readonly #fields = new Map<string, FieldValues>();

  constructor({ id, maxSize, settings }: Party, sequence: number) {
    const { open, label } = settings;
    this.listed = { partyId: id, open, maxSize, label: label === '' ? NO_LABEL : label };
    this.sequence = sequence;
    addField(this.#fields, 'label', JSON.parse(this.listed.label));
    addField(this.#fields, 'open', open);
    addField(this.#fields, 'max_size', maxSize);
  }

  get(field: string): FieldValues | undefined {
    return this.#fields.get(field);
  }
}

/** Negative where `a` comes first. */
function inOrder(a: ListPosition, b: ListPosition): number {
  return b.score - a.score || a.sequence - b.sequence;
}

function queryOf(text: string): Query {
  try {
    return parseQuery(text);
  } catch (error) {
    if (error instanceof QueryError) throw unreadable(error.message);
    throw error;
  }
}

function unreadable(why: string): StatusError {
  return new StatusError(Status.INTERNAL, why);
}
