import { isJsonObject } from '../../protocol/json-object.ts';
import { addField, DocumentIndex, type FieldValues, FirstFew, type QueryDocument } from '../../query/index.ts';
import type { MatchFilter } from './match-kind.ts';

/** The labels of matches, for finding them. A change shows at once. */
export class MatchLabels {
  readonly #byId = new Map<string, LabelDocument>();
  readonly #index = new DocumentIndex<LabelDocument>();
  #lastSequence = 0;

  set(id: string, label: string): void {
    const sequence = this.#byId.get(id)?.sequence ?? ++this.#lastSequence;
    this.delete(id);
    const document = new LabelDocument(id, label, sequence);
    this.#byId.set(id, document);
    this.#index.add(document);
  }

  delete(id: string): void {
    const document = this.#byId.get(id);
    if (!document) return;
    this.#byId.delete(id);
    this.#index.delete(document);
  }

  /** Those that fit, the best first: by the query's score, then by age. */
  find({ label, query }: MatchFilter, limit: number, fits: (id: string) => boolean): string[] {
    if (limit <= 0) return [];
    const first = new FirstFew<Found>(limit, (a, b) => b.score - a.score || a.document.sequence - b.document.sequence);
    for (const document of query ? this.#index.candidates(query) : this.#byId.values()) {
      if (label !== undefined && document.label !== label) continue;
      const score = query ? query.score(document) : 1;
      if (score !== undefined && fits(document.id)) first.add({ document, score });
    }
    return first.sorted().map(({ document }) => document.id);
  }
}

interface Found {
  readonly document: LabelDocument;
  readonly score: number;
}

/** A label as queries see it: only one that is a JSON object has fields. */
class LabelDocument implements QueryDocument {
  readonly id: string;
  readonly label: string;
  /** Smaller than that of every match that began later. */
  readonly sequence: number;
  /** Read when a query first asks: most labels are never looked into. */
  #fields: Map<string, FieldValues> | undefined;

  constructor(id: string, label: string, sequence: number) {
    this.id = id;
    this.label = label;
    this.sequence = sequence;
  }

  get(field: string): FieldValues | undefined {
    this.#fields ??= fieldsOf(this.label);
    return this.#fields.get(field);
  }
}

function fieldsOf(label: string): Map<string, FieldValues> {
  const fields = new Map<string, FieldValues>();
  if (isJsonObject(label)) addField(fields, 'label', JSON.parse(label));
  return fields;
}
