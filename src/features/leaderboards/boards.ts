import type { Db } from '../../database/database.ts';
import { Status, StatusError } from '../../protocol/status.ts';
import { Board, type BoardSettings } from './board.ts';
import { type BoardPosition, deleteBoard, disableRanks, findBoards, insertBoard, listBoards } from './board-queries.ts';

/** Boards that are kept, those that were read first go first. */
const MAX_KEPT = 10_000;

/** Is told what happens to boards. */
export interface BoardListener {
  created?(board: Board): void;
  deleted?(id: string): void;
  ranksDisabled?(id: string): void;
}

/**
 * The leaderboards that there are. A board is read once and then kept, since it changes by the functions here only:
 * a score costs no look-up of its board.
 */
export class Boards {
  readonly #db: Db;
  readonly #kept = new Map<string, Board>();
  readonly #listeners: BoardListener[] = [];
  /** Counts what makes a board that is being read out of date. */
  #changes = 0;

  constructor(db: Db) {
    this.#db = db;
  }

  listen(listener: BoardListener): void {
    this.#listeners.push(listener);
  }

  /** @throws StatusError NOT_FOUND */
  async get(id: string): Promise<Board> {
    const kept = this.#kept.get(id);
    if (kept) return kept;
    const changes = this.#changes;
    const [settings] = await findBoards(this.#db, [id]);
    if (!settings) throw noBoard();
    // Another caller may have read it meanwhile: ranks are disabled on the one that is kept.
    const read = this.#kept.get(id) ?? new Board(settings);
    if (changes === this.#changes) this.#keep(read);
    return read;
  }

  /** In the order of the ids; unknown ones are left out. */
  async byIds(ids: readonly string[]): Promise<Board[]> {
    if (ids.length === 0) return [];
    const found = new Map((await findBoards(this.#db, ids)).map((settings) => [settings.id, new Board(settings)]));
    return ids.flatMap((id) => found.get(id) ?? []);
  }

  /** A page of boards in the order in which they were made. */
  async list(
    after: BoardPosition | undefined,
    limit: number,
    only: Parameters<typeof listBoards>[3] = {},
  ): Promise<Board[]> {
    return (await listBoards(this.#db, after, limit, only)).map((settings) => new Board(settings));
  }

  /** Makes a board; one that is there stays as it is. */
  async create(settings: BoardSettings): Promise<void> {
    if (!(await insertBoard(this.#db, settings))) return;
    const board = new Board(settings);
    for (const listener of this.#listeners) listener.created?.(board);
  }

  /** Deletes a board with its records; an unknown one is no error. */
  async delete(id: string): Promise<void> {
    await deleteBoard(this.#db, id);
    this.forget(id);
    for (const listener of this.#listeners) listener.deleted?.(id);
  }

  /** Turns ranks off for good. @throws StatusError NOT_FOUND */
  async disableRanks(id: string): Promise<void> {
    const board = await this.get(id);
    await disableRanks(this.#db, id);
    this.#changes++;
    board.disableRanks();
    for (const listener of this.#listeners) listener.ranksDisabled?.(id);
  }

  /** The board has turned out to be gone. */
  forget(id: string): void {
    this.#changes++;
    this.#kept.delete(id);
  }

  #keep(board: Board): void {
    this.#kept.set(board.id, board);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
  }
}

export function noBoard(): StatusError {
  return new StatusError(Status.NOT_FOUND, 'there is no such leaderboard');
}
