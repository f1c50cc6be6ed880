/** How much randomness is fetched from the host at a time. */
const POOL_BYTES = 4096;

/** Gives as many fresh random bytes as asked, from the host's generator. */
export type RandomSource = (bytes: number) => Uint8Array;

let source: RandomSource | undefined;
let pool: Uint8Array | undefined;
let used = 0;

/**
 * Names the host's generator and forgets what was fetched before. Called when an isolate starts: the pool must be
 * empty in the V8 snapshot, or all isolates would share their randomness.
 */
export function setRandomSource(refill: RandomSource): void {
  source = refill;
  pool = undefined;
  used = 0;
}

/** Takes random bytes, each given out once; they are a copy with a buffer of their own. */
export function takeRandomBytes(count: number): Uint8Array<ArrayBuffer> {
  if (!source) throw new Error('takeRandomBytes before setRandomSource');
  if (count > POOL_BYTES) return new Uint8Array(source(count));
  if (!pool || used + count > pool.length) {
    pool = source(POOL_BYTES);
    used = 0;
  }
  const bytes = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    bytes[i] = pool[used]!;
    pool[used++] = 0;
  }
  return bytes;
}
