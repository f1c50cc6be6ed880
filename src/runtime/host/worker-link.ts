import { type ChildProcess, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import type { Duplex } from 'node:stream';
import { programFile } from '../../own-files.ts';
import { FrameError, Pipe } from '../pipe.ts';
import type { WorkerStart } from '../worker/main.ts';
import { CallContexts } from './call-contexts.ts';
import { CallSender } from './call-sender.ts';

/** How often a worker is asked to show that its main thread is alive. */
const HEARTBEAT_MS = 500;
/** How long a worker may take to start, on a machine that is busy with other things, before its silence counts. */
const START_MS = 30_000;
/** How long a worker may take to end by itself once its pipe is closed. */
const EXIT_MS = 1000;
/** Heap of the worker's own main thread. */
const MAIN_HEAP_MB = 128;
const MEGABYTE = 1024 * 1024;

/** Why a worker ended. */
export interface WorkerEnd {
  readonly message: string;
  /** The limit that was broken, where one was. */
  readonly limit?: string;
  /** The module that broke it, where known. */
  readonly module?: string;
  /** The calls that broke it, where known. */
  readonly culprits: readonly number[];
}

export interface WorkerLinkOptions {
  readonly start: WorkerStart;
  readonly workerMemoryMb: number;
  readonly workerSilenceMs: number;
  readonly onRecord: (record: string) => void;
  /** Called once, however it ended. */
  readonly onEnd: (end: WorkerEnd) => void;
}

const workerFile = programFile('runtime/worker/main');

/** A worker process, from its start to its end. */
export class WorkerLink {
  readonly #options: WorkerLinkOptions;
  readonly #child: ChildProcess;
  readonly #pipe: Pipe;
  readonly #calls: CallSender;
  readonly #contexts = new CallContexts();
  readonly #heartbeat: NodeJS.Timeout;
  readonly #exited: Promise<void>;
  /**
   * Beats without a sign of the worker. Counted and not timed: when this process itself stood still (stopped, a machine
   * that slept, a terminal that takes no output), the worker's signs wait to be read, and its silence was none.
   */
  #silentBeats = 0;
  #hasStarted = false;
  #reason: WorkerEnd | undefined;
  #ended = false;
  #closing = false;

  constructor(options: WorkerLinkOptions) {
    this.#options = options;
    const args = ['--no-node-snapshot', `--max-old-space-size=${MAIN_HEAP_MB}`, workerFile];
    this.#child = spawn(process.execPath, args, {
      stdio: ['ignore', 'inherit', 'inherit', 'overlapped'],
      env: workerEnvironment(),
      cwd: tmpdir(),
      windowsHide: true,
    });
    this.#pipe = new Pipe(this.#child.stdio[3] as Duplex, {
      maxFrameBytes: options.start.maxFrameBytes,
      onRecord: (record) => this.#take(record),
      onEnd: (error) => this.#pipeEnded(error),
    });
    this.#calls = new CallSender(this.#pipe);
    this.#exited = new Promise((resolve) => {
      this.#child.once('exit', (code, signal) => {
        this.#finish({
          message: `the runtime worker ended unexpectedly (${signal ?? `exit code ${code}`})`,
          culprits: [],
        });
        resolve();
      });
      this.#child.once('error', (error) => {
        this.#finish({ message: `the runtime worker cannot be started: ${error.message}`, culprits: [] });
        resolve();
      });
    });
    this.#pipe.send('S', JSON.stringify(options.start));
    this.#heartbeat = setInterval(() => this.#check(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** True when it has not shown for a while that it is alive. */
  get isSilent(): boolean {
    return this.#silentBeats > 1;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(head: string, body = ''): void {
    if (!this.#ended) this.#pipe.send(head, body);
  }

  /** The number of a call's context, 0 when it is to go with the call, which must be the next that is sent. */
  contextOf(text: string): number {
    return this.#ended ? 0 : this.#contexts.numberOf(text, this.#tell);
  }

  sendCall(head: string, body: string): void {
    if (!this.#ended) this.#calls.send(head, body);
  }

  sendWithin(ms: number, head: string, body: string): void {
    if (!this.#ended) this.#calls.sendWithin(ms, head, body);
  }

  sendRecord(record: string): void {
    if (!this.#ended) this.#pipe.sendRecord(record);
  }

  /** Lets it end by itself, and kills it when it does not. */
  async close(): Promise<void> {
    this.#closing = true;
    this.#pipe.close();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), EXIT_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  /** Ends it at once; its calls are told the reason. */
  kill(reason: WorkerEnd): void {
    this.#reason ??= reason;
    this.#child.kill('SIGKILL');
  }

  readonly #tell = (head: string, body: string) => this.#pipe.hold(head, body);

  #take(record: string): void {
    this.#silentBeats = 0;
    this.#calls.heard();
    this.#hasStarted = true;
    if (record.startsWith('P')) {
      const rss = Number(record.slice(0, record.indexOf('\t')).split(' ')[2]);
      this.#checkMemory(rss);
    } else if (record.startsWith('K')) {
      this.#reason ??= JSON.parse(record.slice(record.indexOf('\t') + 1)) as WorkerEnd;
    } else {
      try {
        this.#options.onRecord(record);
      } catch (error) {
        this.kill({ message: `the runtime worker sent what cannot be read: ${String(error)}`, culprits: [] });
      }
    }
  }

  #check(): void {
    const { workerSilenceMs } = this.#options;
    const allowedMs = this.#hasStarted ? workerSilenceMs : Math.max(START_MS, workerSilenceMs);
    this.#silentBeats++;
    if (this.#silentBeats * HEARTBEAT_MS > allowedMs) {
      const message = `the runtime worker did not answer for ${allowedMs} ms (limit workerSilenceMs)`;
      this.kill({ message, limit: 'workerSilenceMs', culprits: [] });
    } else this.send('P 0');
  }

  #checkMemory(rssBytes: number): void {
    const { workerMemoryMb } = this.#options;
    if (rssBytes <= workerMemoryMb * MEGABYTE) return;
    const message = `the runtime worker needed more than ${workerMemoryMb} MB of memory (limit workerMemoryMb)`;
    this.kill({ message, limit: 'workerMemoryMb', culprits: [] });
  }

  #pipeEnded(error: Error | undefined): void {
    if (this.#closing) return;
    if (error instanceof FrameError) {
      this.kill({ message: `the runtime worker sent ${error.message}`, culprits: [] });
    } else this.#child.kill('SIGKILL');
  }

  #finish(end: WorkerEnd): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#heartbeat);
    this.#calls.stop();
    this.#pipe.destroy();
    this.#options.onEnd(this.#reason ?? end);
  }
}

/** Nothing of this process's environment but what the operating system needs to start a program. */
function workerEnvironment(): NodeJS.ProcessEnv {
  // Each of a worker's threads would get a heap of its own from the C library (glibc); what they take is little.
  const env: NodeJS.ProcessEnv = { TZ: 'UTC', MALLOC_ARENA_MAX: '2' };
  for (const name of ['SystemRoot', 'windir', 'TMPDIR', 'TEMP']) {
    const value = process.env[name];
    if (value !== undefined) env[name] = value;
  }
  return env;
}
