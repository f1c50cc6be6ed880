import type { ScorePlace } from '../record-queries.ts';

/** A score as words that compare in the order of rising score, subscore and owner id: two, two and four of 32 bits. */
export type ScoreKey = Uint32Array;

const WORDS = 8;
const OWNER = 4;
const OWNER_WORDS = 4;
const FIRST_CAPACITY = 4;
const GROWTH = 1.5;

/** Fills a key. Scores are 0 to 2^63 - 1, as the database holds them; the owner is an id in its canonical form. */
export function fillKey(key: ScoreKey, { score, subscore, ownerId }: ScorePlace): void {
  key[0] = Number(score >> 32n);
  key[1] = Number(score & 0xffff_ffffn);
  key[2] = Number(subscore >> 32n);
  key[3] = Number(subscore & 0xffff_ffffn);
  fillOwner(key, ownerId);
}

/** Fills the owner's part of a key. */
export function fillOwner(key: ScoreKey, ownerId: string): void {
  key[4] = Number.parseInt(ownerId.slice(0, 8), 16);
  key[5] = Number.parseInt(ownerId.slice(9, 13) + ownerId.slice(14, 18), 16);
  key[6] = Number.parseInt(ownerId.slice(19, 23) + ownerId.slice(24, 28), 16);
  key[7] = Number.parseInt(ownerId.slice(28, 36), 16);
}

export function emptyKey(): ScoreKey {
  return new Uint32Array(WORDS);
}

/**
 * One score of each of many owners, found by owner: each in a numbered slot. Kept outside of JavaScript's heap, in 32
 * bytes a slot and 8 to 16 a place of the table of owners, which is open-addressed with linear probing.
 */
export class ScoreStore {
  #words = new Uint32Array(FIRST_CAPACITY * WORDS);
  /** Slots that were given and taken back. */
  readonly #free: number[] = [];
  #usedSlots = 0;
  #size = 0;
  /** Slot + 1 by the hash of its owner; 0 for none. Twice to four times as long as there are scores. */
  #table = new Int32Array(FIRST_CAPACITY * 2);

  get size(): number {
    return this.#size;
  }

  get byteLength(): number {
    return this.#words.byteLength + this.#table.byteLength;
  }

  /** The slot of the key's owner; -1 when there is none. */
  find(key: ScoreKey): number {
    const mask = this.#table.length - 1;
    for (let at = hashOf(key, 0) & mask; ; at = (at + 1) & mask) {
      const slot = this.#table[at]! - 1;
      if (slot < 0 || this.#isOwner(slot, key)) return slot;
    }
  }

  /** Takes in the score of an owner who has none; answers with its slot. */
  add(key: ScoreKey): number {
    if ((this.#size + 1) * 2 > this.#table.length) this.#growTable();
    const slot = this.#free.pop() ?? this.#newSlot();
    this.#words.set(key, slot * WORDS);
    this.#enter(slot);
    this.#size++;
    return slot;
  }

  /** Takes a score out; its slot may be given again. */
  remove(slot: number): void {
    this.#leave(slot);
    this.#free.push(slot);
    this.#size--;
  }

  /** How a slot's score stands to a key: below zero when it comes first, zero when they are the same. */
  compare(slot: number, key: ScoreKey): number {
    const words = this.#words;
    const start = slot * WORDS;
    for (let i = 0; i < WORDS; i++) {
      const difference = words[start + i]! - key[i]!;
      if (difference !== 0) return difference;
    }
    return 0;
  }

  /** Reads a slot's score into a key. */
  read(slot: number, key: ScoreKey): void {
    key.set(this.#words.subarray(slot * WORDS, (slot + 1) * WORDS));
  }

  place(slot: number): ScorePlace {
    const words = this.#words;
    const start = slot * WORDS;
    return {
      score: (BigInt(words[start]!) << 32n) | BigInt(words[start + 1]!),
      subscore: (BigInt(words[start + 2]!) << 32n) | BigInt(words[start + 3]!),
      ownerId: idOf(words.subarray(start + OWNER, start + OWNER + OWNER_WORDS)),
    };
  }

  #newSlot(): number {
    if ((this.#usedSlots + 1) * WORDS > this.#words.length) {
      const grown = new Uint32Array(Math.ceil(this.#usedSlots * GROWTH) * WORDS);
      grown.set(this.#words);
      this.#words = grown;
    }
    return this.#usedSlots++;
  }

  #isOwner(slot: number, key: ScoreKey): boolean {
    const start = slot * WORDS;
    for (let i = OWNER; i < WORDS; i++) if (this.#words[start + i] !== key[i]) return false;
    return true;
  }

  #enter(slot: number): void {
    const mask = this.#table.length - 1;
    let at = this.#homeOf(slot);
    while (this.#table[at] !== 0) at = (at + 1) & mask;
    this.#table[at] = slot + 1;
  }

  /** Closes the gap that a slot leaves: what was pushed past its place moves back. */
  #leave(slot: number): void {
    const table = this.#table;
    const mask = table.length - 1;
    let gap = this.#homeOf(slot);
    while (table[gap] !== slot + 1) gap = (gap + 1) & mask;
    for (let at = (gap + 1) & mask; table[at] !== 0; at = (at + 1) & mask) {
      const home = this.#homeOf(table[at]! - 1);
      const isBeyondGap = ((at - home) & mask) >= ((at - gap) & mask);
      if (!isBeyondGap) continue;
      table[gap] = table[at]!;
      gap = at;
    }
    table[gap] = 0;
  }

  #growTable(): void {
    const old = this.#table;
    this.#table = new Int32Array(old.length * 2);
    for (const entry of old) if (entry !== 0) this.#enter(entry - 1);
  }

  #homeOf(slot: number): number {
    return hashOf(this.#words, slot * WORDS) & (this.#table.length - 1);
  }
}

/** Owners are random ids mostly, but need not be: all of their bits count, and a multiplication mixes them. */
function hashOf(words: Uint32Array, start: number): number {
  let hash = 0;
  for (let i = start + OWNER; i < start + WORDS; i++) {
    hash = Math.imul(hash ^ words[i]!, 0x9e37_79b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function idOf(words: Uint32Array): string {
  const hex = Array.from(words, (word) => word.toString(16).padStart(8, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
