import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { parentPort, workerData } from 'node:worker_threads';
import { gunzip } from 'node:zlib';
import { PGlite } from '@electric-sql/pglite';
import { makeClockStrict } from './engine-clock.ts';
import { forgetCancel, requestCancel, watchForTraps } from './engine-internals.ts';
import { CANCEL_FUNCTION, type FromWorker, type ToWorker, transferOf, type WorkerStart } from './worker-messages.ts';

// The thread in which the embedded database runs: bytes of the wire protocol in, bytes out, in order.

/** Beside the engine's own. Its 128 MB of buffers would be taken whole, and the system caches the files anyway. */
const engineSettings = [
  'shared_buffers=16MB',
  'wal_buffers=512kB',
  'max_connections=5',
  // Half of the engine's default. What nests deeper is refused by PostgreSQL as an error of SQL, long before the
  // thread's own stack is used up, which ends the engine; see ENGINE_STACK_MB.
  'max_stack_depth=1MB',
];

// Functions of the engine are compiled when they are first called: starts in two thirds of the time.
setFlagsFromString('--wasm-lazy-compilation');

makeClockStrict();

const unpack = promisify(gunzip);

if (!parentPort) throw new Error('this file is the entry of a worker thread');
const port = parentPort;

async function start(): Promise<void> {
  const engine = await openEngine(workerData as WorkerStart);
  watchForTraps(engine, die);
  letStatementsBeCancelled(engine);
  port.on('message', (message: ToWorker) => {
    if (message instanceof Uint8Array) void answer(engine, message).catch(die);
    else if (message.kind === 'dump') void dump(engine).catch(die);
    else void close(engine).catch(die);
  });
  send({ kind: 'ready' });
}

async function openEngine(start: WorkerStart): Promise<PGlite> {
  const engine = await createEngine(start);
  // The unpacked snapshot, 100 MB with its copies, would stay until a thread that is often idle collects garbage.
  if (start.snapshotPath !== null) collectGarbage();
  return engine;
}

async function createEngine({ dataFolder, snapshotPath }: WorkerStart): Promise<PGlite> {
  // Unpacked here, because the engine does it in JavaScript and takes three times as long.
  const snapshot = snapshotPath === null ? null : new Blob([await unpack(await readFile(snapshotPath))]);
  return PGlite.create({
    startParams: [...PGlite.defaultStartParams, ...engineSettings.flatMap((setting) => ['-c', setting])],
    ...(dataFolder === null ? {} : { dataDir: dataFolder }),
    ...(snapshot === null ? {} : { loadDataDir: snapshot }),
  });
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** Source: WASI snapshot preview 1, `errno`. */
const ENGINE_ENOSPC = 51;

/** Requests that were begun; the last one runs while `isAnswering`. */
let requests = 0;
let isAnswering = false;
let isCancelling = false;

function letStatementsBeCancelled(engine: PGlite): void {
  Object.defineProperty(globalThis, CANCEL_FUNCTION, {
    value: (request: number) => {
      if (!isAnswering || request !== requests) return;
      isCancelling = true;
      requestCancel(engine);
    },
  });
}

async function answer(engine: PGlite, request: Uint8Array): Promise<void> {
  const chunks: Uint8Array[] = [];
  requests++;
  isAnswering = true;
  // The chunks are views of the engine's memory, valid only during the call.
  await engine.execProtocolRawStream(request, { syncToFs: false, onRawData: (chunk) => chunks.push(chunk.slice()) });
  isAnswering = false;
  if (isCancelling) forgetCancel(engine);
  isCancelling = false;
  const reply = join(chunks);
  port.postMessage(reply, transferOf(reply));
}

async function dump(engine: PGlite): Promise<void> {
  const archive = new Uint8Array(await (await engine.dumpDataDir('gzip')).arrayBuffer());
  send({ kind: 'dumped', archive });
}

async function close(engine: PGlite): Promise<void> {
  await engine.close();
  send({ kind: 'closed' });
  port.close();
}

/** The engine cannot go on, nor can anything be asked of it. */
function die(error: unknown): never {
  send({ kind: 'failed', reason: reasonOf(error) });
  process.exit(1);
}

/** The engine's file system throws objects with a number, which is none of this system's. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message;
  const errno = (error as { errno?: unknown } | null)?.errno;
  if (errno === ENGINE_ENOSPC) return 'the disk is full';
  return errno === undefined ? String(error) : `a file could not be read or written (error ${errno} of WASI)`;
}

function send(message: FromWorker): void {
  port.postMessage(message);
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const [only] = chunks;
  if (chunks.length === 1 && only) return only;
  const joined = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    joined.set(chunk, offset);
    offset += chunk.length;
  }
  return joined;
}

start().catch(die);
