import { Status, StatusError } from '../../../protocol/status.ts';
import type { Admission, HostedMatch, MatchEvents, MatchPassage, MatchPresence } from '../../match-host.ts';
import type { MatchSettings } from '../../match-settings.ts';
import type { CallOrigin, FunctionCall } from '../../module-function.ts';
import type { FailureReport } from '../../worker/isolate-setup.ts';
import type { LoadedModule } from '../loaded-module.ts';
import type { TeamWorker } from '../worker-team.ts';

const MS_PER_SECOND = 1000;
/**
 * Messages of members wait for others until they cross, for this share of the time between two loops: they would wait
 * for the next one anyway. A frame of its own costs more than all else about a message.
 */
const INPUT_HOLD_SHARE = 0.06;
const MAX_INPUT_HOLD_MS = 8;

interface Request {
  readonly what: 'a' | 's';
  readonly resolve: (answer: string) => void;
  readonly reject: (error: Error) => void;
}

export interface MatchStart {
  /** Its number in the workers; nk calls and log lines of the match carry it as that of their call. */
  readonly id: number;
  readonly matchId: string;
  readonly handler: string;
  readonly module: LoadedModule;
  readonly worker: TeamWorker;
  readonly events: MatchEvents;
  readonly settings: MatchSettings;
}

/** A match from the server's side: what goes to its isolate, and what is still to be answered. */
export class RunningMatch implements HostedMatch {
  readonly id: number;
  /** The module whose code it runs; another one after a reload. */
  module: LoadedModule;
  readonly handler: string;
  readonly worker: TeamWorker;
  readonly events: MatchEvents;
  /** `match arena` */
  readonly name: string;
  readonly origin: CallOrigin;
  readonly #settings: MatchSettings;
  readonly #requests = new Map<number, Request>();
  readonly #begun = Promise.withResolvers<void>();
  #lastRequest = 0;
  #hasEnded = false;
  #inputHoldMs = 0;
  tickRate = 0;

  constructor({ id, matchId, handler, module, worker, events, settings }: MatchStart) {
    this.id = id;
    this.module = module;
    this.handler = handler;
    this.worker = worker;
    this.events = events;
    this.name = `match ${handler}`;
    this.origin = { contextText: '{}', matchId };
    this.#settings = settings;
  }

  /** Resolves when `matchInit` has run. */
  get begun(): Promise<void> {
    return this.#begun.promise;
  }

  attempt(
    contextText: string,
    presence: MatchPresence,
    metadata: Readonly<Record<string, string>>,
  ): Promise<Admission> {
    const body = `[${contextText},${JSON.stringify(presence)},${JSON.stringify(metadata)}]`;
    return this.#ask('a', body, this.#settings.joinAttemptQueue).then((answer) => {
      const [isAccepted, reason] = JSON.parse(answer) as [boolean, string];
      return { isAccepted, reason };
    });
  }

  joined(presences: readonly MatchPassage[]): void {
    this.#send('j', JSON.stringify(presences));
  }

  left(presences: readonly MatchPassage[]): void {
    this.#send('l', JSON.stringify(presences));
  }

  sent(sessionId: string, opCode: bigint, data: Uint8Array, reliable: boolean): void {
    const base64 = Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64');
    const head = `M ${this.id} d ${sessionId} ${opCode} ${reliable ? 1 : 0} ${Date.now()}`;
    this.worker.sendWithin(this.#inputHoldMs, head, base64);
  }

  signal(data: string): Promise<string> {
    return this.#ask('s', JSON.stringify(data), this.#settings.signalQueue).then((text) => JSON.parse(text) as string);
  }

  terminate(graceSec: number): void {
    this.#send(`t ${graceSec}`, '');
  }

  /** Takes what `matchInit` gave. */
  initialised(body: string): void {
    const [tickRate, label] = JSON.parse(body) as [number, string];
    this.tickRate = tickRate;
    this.#inputHoldMs = Math.min(MAX_INPUT_HOLD_MS, (MS_PER_SECOND / tickRate) * INPUT_HOLD_SHARE);
    this.events.started(this, label);
    this.#begun.resolve();
  }

  /** Takes the answer to a request. */
  answered(request: number, body: string): void {
    const found = this.#requests.get(request);
    this.#requests.delete(request);
    found?.resolve(body);
  }

  /** It has ended: fails all that waits for an answer. */
  failAll(failure: FailureReport | undefined): void {
    this.#hasEnded = true;
    const error = failure ? new StatusError(failure.code, failure.clientMessage ?? failure.message) : ended();
    this.#begun.reject(error);
    for (const { reject } of this.#requests.values()) reject(error);
    this.#requests.clear();
  }

  /** How nk functions know a call of the match's functions. */
  functionCall(timeLimitMs: number): FunctionCall {
    const deadlineMs = performance.now() + timeLimitMs;
    return { module: this.module.name, label: this.name, origin: this.origin, deadlineMs };
  }

  #ask(what: Request['what'], body: string, most: number): Promise<string> {
    if (this.#hasEnded) return Promise.reject(ended());
    let waiting = 0;
    for (const request of this.#requests.values()) if (request.what === what) waiting++;
    if (waiting >= most) {
      return Promise.reject(new StatusError(Status.RESOURCE_EXHAUSTED, 'the match has too many calls waiting'));
    }
    return new Promise((resolve, reject) => {
      const request = ++this.#lastRequest;
      this.#requests.set(request, { what, resolve, reject });
      this.#send(`${what} ${request}`, body);
    });
  }

  #send(what: string, body: string): void {
    this.worker.sendCall(`M ${this.id} ${what}`, body);
  }
}

function ended(): StatusError {
  return new StatusError(Status.NOT_FOUND, 'the match has ended');
}
