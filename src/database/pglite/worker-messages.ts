import type { Transferable } from 'node:worker_threads';

/** What the worker is started with. */
export interface WorkerStart {
  /** Where the data lies; null to keep it in memory. */
  readonly dataFolder: string | null;
  /** A snapshot to start a folder from that has no data yet; null to have the engine make an empty database. */
  readonly snapshotPath: string | null;
}

/** Bytes of PostgreSQL's wire protocol, or the wish to close or to get a copy of the data. */
export type ToWorker = Uint8Array | { readonly kind: 'close' } | { readonly kind: 'dump' };

export type FromWorker =
  | Uint8Array
  | { readonly kind: 'ready' }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'dumped'; readonly archive: Uint8Array }
  | { readonly kind: 'closed' };

/**
 * The function of the worker's global object that ends the statement of a request (the first one is 1), called through
 * the inspector: see `cancelStatement`.
 */
export const CANCEL_FUNCTION = 'nkCancelStatement';

/** Hands bytes over instead of copying them; they must own their whole buffer. */
export function transferOf(bytes: Uint8Array): Transferable[] {
  return [bytes.buffer as ArrayBuffer];
}
