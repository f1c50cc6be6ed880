import { Socket } from 'node:net';
import type { RuntimeLimits } from '../limits.ts';
import { Pipe, splitRecord } from '../pipe.ts';
import { workerFunctions } from './functions/index.ts';
import type { SharedSetup } from './isolate-setup.ts';
import { IsolatedVmEngine } from './isolated-vm-engine.ts';
import { WorkerProcess } from './worker-process.ts';

/** The first record that a worker gets. */
export interface WorkerStart {
  readonly limits: RuntimeLimits;
  readonly setup: SharedSetup;
  readonly prelude: string;
  readonly maxFrameBytes: number;
  /** Whether debuggers may look into the isolates. */
  readonly isInspected: boolean;
}

/** The pipe to the server process, beside the three standard streams. */
const PIPE_FD = 3;
/** Frames from the server are trusted; this only bounds what a broken one may announce. */
const MAX_FRAME_BYTES = 2 ** 30;

let worker: WorkerProcess | undefined;
let isInspected = false;

const pipe = new Pipe(new Socket({ fd: PIPE_FD, readable: true, writable: true }), {
  maxFrameBytes: MAX_FRAME_BYTES,
  onRecord(record) {
    if (worker) {
      worker.take(record);
      return;
    }
    const start = JSON.parse(splitRecord(record).body) as WorkerStart;
    isInspected = start.isInspected;
    worker = new WorkerProcess(pipe, start, new IsolatedVmEngine(start.prelude, start.isInspected), workerFunctions);
    pipe.send('S');
  },
  // The engine waits for ever for isolates that are debugged when it ends in order.
  onEnd: () => (isInspected ? process.kill(process.pid, 'SIGKILL') : process.exit(0)),
});
