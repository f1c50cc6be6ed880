/** Whole seconds since 1970, as modules have times. */
export function epochSeconds(time: Date): number {
  return Math.floor(time.getTime() / 1000);
}

/** A time cut to whole seconds, as most of the protocol's messages have it. */
export function wholeSeconds(time: Date): { seconds: bigint } {
  return { seconds: BigInt(epochSeconds(time)) };
}
