import { randomInt } from 'node:crypto';
import type { Db } from '../../database/database.ts';
import type { MicrosecondClock } from '../../realtime/microsecond-clock.ts';
import {
  addToEdgeCounts,
  deleteEdges,
  type EdgeEnds,
  type EdgeWrite,
  findRelationships,
  writeEdges,
} from './edge-queries.ts';
import { type EdgeState, type FriendAction, type FriendNews, transitionOf } from './transitions.ts';

const NANOS_PER_MICRO = 1_000;

/** What a user is told. */
export interface News {
  readonly userId: string;
  readonly news: FriendNews;
}

/** What is written of each side's own. */
export interface SideMetadata {
  /** Text of a JSON object. */
  readonly mine: string;
  readonly theirs: string;
}

const noMetadata: SideMetadata = { mine: '{}', theirs: '{}' };

/** Collects what an action makes of a user's relationships, so that it can be written by a statement of each kind. */
export class RelationshipChanges {
  readonly #userId: string;
  readonly #clock: MicrosecondClock;
  readonly #written: EdgeWrite[] = [];
  readonly #deleted: EdgeEnds[] = [];
  readonly #countDeltas = new Map<string, number>();

  constructor(userId: string, clock: MicrosecondClock) {
    this.#userId = userId;
    this.#clock = clock;
  }

  /**
   * Finds out what an action does to the user's relationships with others, all of whom are locked. Gives what is to be
   * told once it has been committed.
   */
  async decide(db: Db, action: FriendAction, otherIds: readonly string[], metadata = noMetadata): Promise<News[]> {
    const told: News[] = [];
    for (const before of await findRelationships(db, this.#userId, otherIds)) {
      const { otherId } = before;
      const { after, news } = transitionOf(action, before);
      this.#put(this.#userId, otherId, before.mine, after.mine, metadata.mine);
      this.#put(otherId, this.#userId, before.theirs, after.theirs, metadata.theirs);
      if (news) told.push({ userId: otherId, news });
    }
    return told;
  }

  /** Notes that entries of these users, one for each time they are named, are gone already. */
  deleted(sourceIds: readonly string[]): void {
    for (const sourceId of sourceIds) this.#count(sourceId, -1);
  }

  /** Writes it all: three statements at most. */
  async write(transaction: Db): Promise<void> {
    if (this.#deleted.length > 0) await deleteEdges(transaction, this.#deleted);
    if (this.#written.length > 0) await writeEdges(transaction, this.#written);
    for (const [userId, delta] of this.#countDeltas) if (delta === 0) this.#countDeltas.delete(userId);
    if (this.#countDeltas.size > 0) await addToEdgeCounts(transaction, this.#countDeltas);
  }

  #put(
    sourceId: string,
    destinationId: string,
    before: EdgeState | null,
    after: EdgeState | null,
    metadata: string,
  ): void {
    if (before === after) return;
    if (after === null) this.#deleted.push({ sourceId, destinationId });
    else this.#written.push({ sourceId, destinationId, state: after, position: this.#nextPosition(), metadata });
    if (before === null) this.#count(sourceId, 1);
    if (after === null) this.#count(sourceId, -1);
  }

  #count(userId: string, delta: number): void {
    this.#countDeltas.set(userId, (this.#countDeltas.get(userId) ?? 0) + delta);
  }

  /** Nanoseconds since 1970. The clock counts microseconds; what is below keeps two servers from choosing the same. */
  #nextPosition(): bigint {
    return this.#clock.next() * BigInt(NANOS_PER_MICRO) + BigInt(randomInt(NANOS_PER_MICRO));
  }
}
