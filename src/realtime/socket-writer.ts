import type { Writable } from 'node:stream';

/** What a slow reader may leave waiting before its socket is given up. */
export interface SocketWriterLimits {
  /** Messages that the operating system has not taken yet. */
  readonly maxQueuedMessages: number;
  readonly maxQueuedBytes: number;
}

/**
 * Writes frames to one socket, all that arise in an event-loop turn in one system call. While the reader is slow the
 * frames wait here; when more wait than the limits allow, `onOverflow` is called once and the rest is dropped.
 *
 * Invariant: a writer is in `dirty` exactly while it has frames that no flush has seen.
 */
export class SocketWriter {
  readonly #socket: Writable;
  readonly #limits: SocketWriterLimits;
  readonly #onOverflow: () => void;
  #frames: Buffer[] = [];
  #state: 'idle' | 'dirty' | 'waiting' | 'closed' = 'idle';

  constructor(socket: Writable, limits: SocketWriterLimits, onOverflow: () => void) {
    this.#socket = socket;
    this.#limits = limits;
    this.#onOverflow = onOverflow;
  }

  /** Queues a whole frame. Frames leave in the order in which they came. */
  write(frame: Buffer): void {
    if (this.#state === 'closed') return;
    this.#frames.push(frame);
    if (this.#state === 'idle') {
      this.#state = 'dirty';
      markDirty(this);
    } else if (this.#state === 'waiting' && this.#isOverLimit()) {
      this.#overflow();
    }
  }

  /** Writes what is queued now, without waiting for the end of the turn. */
  flush(): void {
    if (this.#state === 'closed' || this.#frames.length === 0) return;
    if (this.#socket.destroyed) return this.close();
    if (this.#socket.writableNeedDrain) return this.#awaitDrain();
    const frames = this.#frames;
    this.#frames = [];
    this.#state = 'idle';
    this.#socket.write(frames.length === 1 ? frames[0] : Buffer.concat(frames));
  }

  /** Drops what is queued and takes no more. */
  close(): void {
    this.#state = 'closed';
    this.#frames = [];
  }

  #awaitDrain(): void {
    if (this.#isOverLimit()) return this.#overflow();
    if (this.#state === 'waiting') return;
    this.#state = 'waiting';
    this.#socket.once('drain', () => this.flush());
  }

  #isOverLimit(): boolean {
    if (this.#frames.length > this.#limits.maxQueuedMessages) return true;
    let bytes = 0;
    for (const frame of this.#frames) bytes += frame.length;
    return bytes > this.#limits.maxQueuedBytes;
  }

  #overflow(): void {
    this.close();
    this.#onOverflow();
  }
}

let dirty: SocketWriter[] = [];

/** One immediate a turn flushes every writer that was written to: it runs when all sockets that were ready are read. */
function markDirty(writer: SocketWriter): void {
  if (dirty.push(writer) === 1) setImmediate(flushDirty);
}

function flushDirty(): void {
  const writers = dirty;
  dirty = [];
  for (const writer of writers) writer.flush();
}
