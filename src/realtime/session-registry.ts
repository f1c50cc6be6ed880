import type { Session } from './session.ts';

const nobody: readonly Session[] = [];

/** Every open connection of this node, by id and by user. */
export class SessionRegistry {
  readonly #byId = new Map<string, Session>();
  /** Most users have one connection: it stands alone, and only several are worth a list. */
  readonly #byUser = new Map<string, Session | Session[]>();

  get count(): number {
    return this.#byId.size;
  }

  get(id: string): Session | undefined {
    return this.#byId.get(id);
  }

  /** The user's connections, oldest first. */
  ofUser(userId: string): readonly Session[] {
    const found = this.#byUser.get(userId);
    if (!found) return nobody;
    return Array.isArray(found) ? found : [found];
  }

  all(): IterableIterator<Session> {
    return this.#byId.values();
  }

  add(session: Session): void {
    this.#byId.set(session.id, session);
    const others = this.#byUser.get(session.userId);
    if (!others) this.#byUser.set(session.userId, session);
    else this.#byUser.set(session.userId, Array.isArray(others) ? [...others, session] : [others, session]);
  }

  remove(id: string): void {
    const session = this.#byId.get(id);
    if (!session) return;
    this.#byId.delete(id);
    const rest = this.ofUser(session.userId).filter((other) => other !== session);
    if (rest.length === 0) this.#byUser.delete(session.userId);
    else this.#byUser.set(session.userId, rest.length === 1 ? rest[0]! : rest);
  }
}
