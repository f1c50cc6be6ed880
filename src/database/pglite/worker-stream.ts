import { Duplex } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { programFile } from '../../own-files.ts';
import { DatabaseLostError } from '../errors.ts';
import { cancelStatement } from './cancel-statement.ts';
import { type FromWorker, type ToWorker, transferOf, type WorkerStart } from './worker-messages.ts';

/** An engine that has not closed by then is ended; nothing acknowledged is lost, as after a crash. */
const SHUT_DOWN_TIMEOUT_MS = 10_000;
/** How long a statement may take to end when it was asked to; then the engine is ended. */
const CANCEL_GRACE_MS = 1_000;
/**
 * The thread's stack. PostgreSQL measures how deep it is on the engine's own, of which it may use 1 MB; the thread's
 * grows beside it, 16 times as fast at most (measured with regular expressions and recursive functions of SQL). Memory
 * is taken only as far as it is used.
 */
const ENGINE_STACK_MB = 64;
const TERMINATE_MESSAGE = 'X'.charCodeAt(0);

/**
 * The worker as `pg` sees a socket: what is written in one event-loop turn goes over as one message, and so does the
 * answer to it.
 */
export class WorkerStream extends Duplex {
  readonly #worker: Worker;
  readonly #ready: Promise<void>;
  #settleReady: { resolve(): void; reject(error: Error): void } | null = null;
  readonly #exited: Promise<void>;
  #isReady = false;
  #settleDump: ((archive: Uint8Array) => void) | null = null;
  #unsent: Uint8Array[] = [];
  /** Requests that went over, and how many of them were answered: in order, each with one message. */
  #sent = 0;
  #answered = 0;
  #onceAnswered: (() => void)[] = [];

  constructor(start: WorkerStart) {
    super();
    this.#ready = new Promise((resolve, reject) => {
      this.#settleReady = { resolve, reject };
    });
    this.#ready.catch(() => {});
    this.#worker = new Worker(programFile('database/pglite/worker'), {
      workerData: start,
      name: 'nk-database',
      resourceLimits: { stackSizeMb: ENGINE_STACK_MB },
    });
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error: unknown) => this.#fail((error as Error).message));
    this.#exited = new Promise((resolve) => this.#worker.once('exit', () => resolve()));
    this.#worker.on('exit', () => this.#fail('its thread has ended'));
  }

  /** A compressed archive of the data folder. */
  dump(): Promise<Uint8Array> {
    return new Promise((resolve, reject) => {
      this.#settleDump = resolve;
      this.once('error', reject);
      this.#post({ kind: 'dump' });
    });
  }

  /** Shuts the engine down in order, or by force when it does not answer; the data folder is then free. */
  async shutDown(): Promise<void> {
    this.#flush();
    this.#post({ kind: 'close' });
    const timer = setTimeout(() => void this.terminate(), SHUT_DOWN_TIMEOUT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Resolves when everything that was written has been answered, or never will be. */
  async allAnswered(): Promise<void> {
    this.#flush();
    if (this.#sent === this.#answered || this.destroyed) return;
    await new Promise<void>((resolve) => this.#onceAnswered.push(resolve));
  }

  /** Ends what runs, as if it had been an error; an engine that does not obey is ended as a whole. */
  async cancel(): Promise<void> {
    const request = this.#sent;
    if (request === this.#answered) return;
    await cancelStatement(this.#worker, request).catch(() => {});
    const timer = setTimeout(() => {
      this.#fail('a statement went on when it was cancelled, so the engine was ended');
      void this.terminate();
    }, CANCEL_GRACE_MS);
    await this.allAnswered();
    clearTimeout(timer);
  }

  /** Ends the worker without the engine's doing. */
  async terminate(): Promise<void> {
    await this.#worker.terminate();
  }

  // What `pg` calls on a socket.
  connect(): this {
    this.#ready.then(
      () => this.emit('connect'),
      (error) => this.destroy(error),
    );
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    this.#worker.ref();
    return this;
  }
  unref(): this {
    this.#worker.unref();
    return this;
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: (error?: Error | null) => void): void {
    // The engine closes by `shutDown`, not when `pg` says goodbye. Every chunk begins with a message.
    if (chunk[0] === TERMINATE_MESSAGE) {
      done();
      return;
    }
    if (this.#unsent.length === 0) setImmediate(() => this.#flush());
    this.#unsent.push(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.push(null);
    done();
  }

  #flush(): void {
    const chunks = this.#unsent;
    if (chunks.length === 0) return;
    this.#unsent = [];
    const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
    let offset = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, offset);
      offset += chunk.length;
    }
    this.#sent++;
    this.#worker.postMessage(bytes, transferOf(bytes));
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #receive(message: FromWorker): void {
    if (message instanceof Uint8Array) {
      this.#answered++;
      if (this.#answered === this.#sent) this.#tellAnswered();
      this.push(Buffer.from(message.buffer, message.byteOffset, message.byteLength));
      return;
    }
    if (message.kind === 'ready') {
      this.#isReady = true;
      this.#settleReady?.resolve();
    } else if (message.kind === 'dumped') this.#settleDump?.(message.archive);
    else if (message.kind === 'failed') this.#fail(message.reason);
  }

  #fail(reason: string): void {
    const error = new DatabaseLostError(this.#isReady ? `the embedded database has stopped: ${reason}` : reason);
    this.#settleReady?.reject(error);
    this.destroy(error);
    this.#tellAnswered();
  }

  #tellAnswered(): void {
    for (const tell of this.#onceAnswered.splice(0)) tell();
  }
}
