/** What a module may keep. */
export type CachedValue = string | number | boolean;

/** Most entries; above it those that were put longest ago go. */
export const MAX_ENTRIES = 1_000_000;
/** Most text in keys and values together, in UTF-16 units; above it likewise. */
export const MAX_TEXT_UNITS = 128 * 1024 * 1024;
/** How often entries whose time is over are looked for. */
const SWEEP_INTERVAL_MS = 60_000;
const NEVER_MS = Number.POSITIVE_INFINITY;

interface Entry {
  readonly value: CachedValue;
  readonly untilMs: number;
}

export interface LocalCacheLimits {
  readonly maxEntries: number;
  readonly maxTextUnits: number;
}

/** Key and value pairs of this node, shared by all modules, isolates and calls. Times to live are in seconds, 0 is for ever. */
export class LocalCache {
  /** In the order in which they were put, so that the oldest are first. */
  readonly #entries = new Map<string, Entry>();
  readonly #nowMs: () => number;
  readonly #limits: LocalCacheLimits;
  readonly #listeners: ((key: string | undefined) => void)[] = [];
  #textUnits = 0;
  #sweptMs: number;

  constructor(
    nowMs: () => number = Date.now,
    limits: LocalCacheLimits = { maxEntries: MAX_ENTRIES, maxTextUnits: MAX_TEXT_UNITS },
  ) {
    this.#nowMs = nowMs;
    this.#limits = limits;
    this.#sweptMs = nowMs();
  }

  /** The listener hears of every key whose value may have changed, of undefined when all may have. */
  onChange(listener: (key: string | undefined) => void): void {
    this.#listeners.push(listener);
  }

  /** True when nothing but a put, delete or clear changes what a key holds: not for values with a time to live. */
  isLasting(key: string): boolean {
    return (this.#entries.get(key)?.untilMs ?? NEVER_MS) === NEVER_MS;
  }

  get(key: string): CachedValue | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.untilMs > this.#nowMs()) return entry.value;
    this.delete(key);
    return undefined;
  }

  put(key: string, value: CachedValue, ttlSec: number): void {
    const nowMs = this.#nowMs();
    this.delete(key);
    this.#entries.set(key, { value, untilMs: ttlSec === 0 ? NEVER_MS : nowMs + ttlSec * 1000 });
    this.#textUnits += unitsOf(key, value);
    this.#tell(key);
    if (nowMs - this.#sweptMs >= SWEEP_INTERVAL_MS) this.#sweep(nowMs);
    this.#makeRoom();
  }

  delete(key: string): void {
    const entry = this.#entries.get(key);
    if (!entry) return;
    this.#textUnits -= unitsOf(key, entry.value);
    this.#entries.delete(key);
    this.#tell(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#textUnits = 0;
    this.#tell(undefined);
  }

  get size(): number {
    return this.#entries.size;
  }

  #tell(key: string | undefined): void {
    for (const listener of this.#listeners) listener(key);
  }

  #sweep(nowMs: number): void {
    this.#sweptMs = nowMs;
    for (const [key, { untilMs }] of this.#entries) if (untilMs <= nowMs) this.delete(key);
  }

  #makeRoom(): void {
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= this.#limits.maxEntries && this.#textUnits <= this.#limits.maxTextUnits) return;
      this.delete(key);
    }
  }
}

function unitsOf(key: string, value: CachedValue): number {
  return key.length + (typeof value === 'string' ? value.length : 0);
}
