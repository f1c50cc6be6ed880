import type { Session } from 'node:inspector';
import type { Worker } from 'node:worker_threads';
import { CANCEL_FUNCTION } from './worker-messages.ts';

interface AttachedWorker {
  readonly params: { readonly sessionId: string; readonly workerInfo: { readonly workerId: string } };
}

/**
 * Asks the engine in a worker to end the statement that runs. No message reaches a thread that computes; the inspector
 * does, between two instructions (measured: within 50 ms, in loops of PostgreSQL's own code and of PL/pgSQL). It is
 * attached for this moment only. Where there is no inspector nothing happens.
 *
 * @param request the number of the request whose statement is meant; another is left alone
 */
export async function cancelStatement(worker: Worker, request: number): Promise<void> {
  const { Session } = await import('node:inspector');
  const session = new Session();
  session.connect();
  try {
    await evaluate(session, String(worker.threadId), `${CANCEL_FUNCTION}(${request})`);
  } finally {
    session.disconnect();
  }
}

/** How long the worker may take; a session must not stay attached. */
const EVALUATE_TIMEOUT_MS = 1_000;

function evaluate(session: Session, workerId: string, expression: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, EVALUATE_TIMEOUT_MS);
    const done = (error: Error | null) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve();
    };
    session.once('NodeWorker.receivedMessageFromWorker', () => done(null));
    session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }: AttachedWorker) => {
      if (workerInfo.workerId !== workerId) return;
      const message = JSON.stringify({ id: 1, method: 'Runtime.evaluate', params: { expression } });
      session.post('NodeWorker.sendMessageToWorker', { sessionId, message }, (error) => error && done(error));
    });
    session.post('NodeWorker.enable', { waitForDebuggerOnStart: false }, (error) => error && done(error));
  });
}
