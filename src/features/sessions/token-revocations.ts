import type { Identity } from '../../protocol/identity.ts';

/** Tokens that were logged out before they would have expired. Times are epoch seconds. */
export type Revocation =
  | { readonly kind: 'session' | 'refresh'; readonly userId: string; readonly tokenId: string; readonly until: number }
  | { readonly kind: 'all'; readonly userId: string; readonly before: number; readonly until: number };

/** Keeps revocations over a restart. */
export interface RevocationStore {
  load(): Promise<Revocation[]>;
  /** Answers with what was stored: `until` of a logout of everything is that of the user's longest-lived token. */
  save(revocations: readonly Revocation[]): Promise<Revocation[]>;
  /** Notes a token that lives longer than the configuration's. */
  noteLongLife(userId: string, until: number): Promise<void>;
  deleteExpired(): Promise<void>;
}

const SWEEP_INTERVAL_MS = 60_000;

/**
 * Which tokens are logged out. Looked up at every request, so it is in memory; each entry lasts until the tokens that
 * it concerns would have expired by themselves, and is stored before the logout is acknowledged.
 */
export class TokenRevocations {
  readonly #store: RevocationStore;
  readonly #sessions = new Map<string, number>();
  readonly #refreshes = new Map<string, number>();
  readonly #users = new Map<string, { before: number; until: number }>();
  #sweep: NodeJS.Timeout | undefined;

  constructor(store: RevocationStore) {
    this.#store = store;
  }

  async start(): Promise<void> {
    for (const revocation of await this.#store.load()) this.#apply(revocation);
    this.#sweep = setInterval(() => this.#forgetExpired(), SWEEP_INTERVAL_MS).unref();
  }

  stop(): void {
    clearInterval(this.#sweep);
  }

  /** Logs tokens out; they are refused as soon as this is called, and after a restart once it has resolved. */
  async revoke(revocations: readonly Revocation[]): Promise<void> {
    for (const revocation of revocations) this.#apply(revocation);
    for (const saved of await this.#store.save(revocations)) this.#apply(saved);
  }

  /** A token that outlives those of the configuration is about to be handed out. */
  noteLongLife(userId: string, until: number): Promise<void> {
    return this.#store.noteLongLife(userId, until);
  }

  isSessionRevoked(identity: Identity): boolean {
    return this.#sessions.has(identity.tokenId) || this.#isBefore(identity);
  }

  isRefreshRevoked(identity: Identity): boolean {
    return this.#refreshes.has(identity.tokenId) || this.#isBefore(identity);
  }

  #isBefore(identity: Identity): boolean {
    if (this.#users.size === 0) return false;
    const all = this.#users.get(identity.userId);
    return all !== undefined && identity.issuedAt < all.before;
  }

  #apply(revocation: Revocation): void {
    switch (revocation.kind) {
      case 'session':
        this.#sessions.set(revocation.tokenId, revocation.until);
        break;
      case 'refresh':
        this.#refreshes.set(revocation.tokenId, revocation.until);
        break;
      case 'all': {
        const { userId, before, until } = revocation;
        const known = this.#users.get(userId);
        if (!known || known.before <= before) this.#users.set(userId, { before, until });
        break;
      }
    }
  }

  #forgetExpired(): void {
    const now = Date.now() / 1000;
    for (const tokens of [this.#sessions, this.#refreshes]) {
      for (const [id, until] of tokens) if (until < now) tokens.delete(id);
    }
    for (const [id, { until }] of this.#users) if (until < now) this.#users.delete(id);
    // A row that stays a minute longer does no harm: the next sweep tries again.
    this.#store.deleteExpired().catch(() => {});
  }
}
