import { databaseFailure } from '../database/database-failure.ts';
import { dropped, type EnvelopeBinding, type EnvelopeReply } from '../features/feature.ts';
import type { CallSeries, CallTimes } from '../observability/call-times.ts';
import type { Log } from '../observability/log.ts';
import { serverMessages } from '../protocol/envelope.ts';
import { MalformedError, parseEnvelope, parseEnvelopeBinary } from '../protocol/envelope-codec.ts';
import type { Envelope } from '../protocol/gen/nakama/realtime/realtime_pb.js';
import { envelopeFromHookJson, envelopeToHookJson } from '../protocol/hook-json.ts';
import { RealtimeError, RealtimeErrorCode, Status, StatusError } from '../protocol/status.ts';
import { EncodedMessage } from '../realtime/encoded-message.ts';
import type { Session } from '../realtime/session.ts';
import type { Hook, ModuleHost } from '../runtime/module-host.ts';

/** Where messages of one kind go. */
interface Target {
  readonly hookName: string;
  readonly times: CallSeries;
  /** Undefined for what no feature handles. */
  readonly binding: EnvelopeBinding | undefined;
}

/** A message that was read, or the reason to end its connection. */
export type ReadMessage =
  | { readonly envelope: Envelope; readonly target: Target; readonly refusal?: undefined }
  | { readonly envelope?: Envelope; readonly target?: undefined; readonly refusal: string; readonly code?: number };

/**
 * Takes a socket's messages to their handlers: before hook, handler, answer, after hook. Without hooks and for
 * handlers that answer at once nothing here waits.
 */
export class EnvelopeDispatcher {
  readonly #targets = new Map<string, Target>();
  readonly #modules: ModuleHost;
  readonly #times: CallTimes;
  readonly #log: Log;

  constructor(bindings: readonly EnvelopeBinding[], modules: ModuleHost, times: CallTimes, log: Log) {
    this.#modules = modules;
    this.#times = times;
    this.#log = log;
    for (const binding of bindings) {
      const { message } = binding;
      if (this.#targets.has(message)) throw new Error(`two handlers for the socket message ${message}`);
      this.#targets.set(message, this.#newTarget(message, binding));
    }
  }

  /** Reads a frame. What is wrong with it is in the result: it is told when the message's turn has come. */
  read(data: string | Uint8Array): ReadMessage {
    let envelope: Envelope;
    try {
      envelope = typeof data === 'string' ? parseEnvelope(data) : parseEnvelopeBinary(data);
    } catch (error) {
      return { refusal: error instanceof MalformedError ? error.message : 'malformed message' };
    }
    const name = envelope.message.case;
    if (name === undefined) {
      return { envelope, refusal: 'the envelope has no message', code: RealtimeErrorCode.MISSING_PAYLOAD };
    }
    if (serverMessages.has(name)) {
      return { envelope, refusal: `only servers send ${name}`, code: RealtimeErrorCode.UNRECOGNIZED_PAYLOAD };
    }
    return { envelope, target: this.#targetOf(name) };
  }

  /** True when a message may be handled although `earlier`, of the same session, is not answered. */
  follows(session: Session, message: ReadMessage, earlier: ReadMessage): boolean {
    const { target, envelope } = message;
    if (!target?.binding?.follows || target !== earlier.target) return false;
    const { hookName, binding } = target;
    if (this.#modules.hook('rtBefore', hookName) || this.#modules.hook('rtAfter', hookName)) return false;
    return binding.follows!(envelope.message.value as never, session);
  }

  /**
   * Handles one message. A promise when it has to wait; the caller keeps the session's next message back until then,
   * unless that {@link follows}. Whatever goes wrong is answered or ends the connection: this never throws.
   */
  handle(session: Session, read: ReadMessage): void | Promise<void> {
    if (read.refusal !== undefined) return refuse(session, read.envelope?.cid ?? '', read.code, read.refusal);
    const { envelope, target } = read;
    const before = this.#modules.hook('rtBefore', target.hookName);
    const after = this.#modules.hook('rtAfter', target.hookName);
    if (before || after) return this.#handleHooked(session, envelope, target, before, after);
    return this.#handle(session, envelope.cid, envelope.message.value, target);
  }

  #targetOf(message: string): Target {
    let target = this.#targets.get(message);
    if (!target) {
      target = this.#newTarget(message);
      this.#targets.set(message, target);
    }
    return target;
  }

  #newTarget(message: string, binding?: EnvelopeBinding): Target {
    const hookName = pascalCase(message);
    return { hookName, times: this.#times.of('message', hookName), binding };
  }

  #handle(session: Session, cid: string, value: unknown, target: Target): void | Promise<void> {
    const startedMs = performance.now();
    const answered = (reply: EnvelopeReply) => {
      if (reply === dropped) return target.times.failed(startedMs);
      answer(session, cid, reply);
      target.times.ended(startedMs);
    };
    const failed = (error: unknown) => this.#fail(session, cid, error, target, startedMs);
    try {
      const reply = call(target, value, session);
      if (reply instanceof Promise) return reply.then(answered, failed);
      answered(reply);
    } catch (error) {
      failed(error);
    }
  }

  async #handleHooked(
    session: Session,
    envelope: Envelope,
    target: Target,
    before: Hook | undefined,
    after: Hook | undefined,
  ): Promise<void> {
    const startedMs = performance.now();
    let { cid } = envelope;
    let input: Envelope = envelope;
    let reply: Exclude<EnvelopeReply, typeof dropped>;
    try {
      if (before) {
        const changed = await before.call(session.origin, envelopeToHookJson(envelope));
        if (changed === null) {
          return refuse(session, cid, RealtimeErrorCode.UNRECOGNIZED_PAYLOAD, `${target.hookName} is switched off`);
        }
        input = fromHook(changed, target.hookName);
        cid = input.cid;
        if (input.message.case === undefined) throw badHookResult(target.hookName);
        if (input.message.case !== envelope.message.case) target = this.#targetOf(input.message.case);
      }
      const given = await call(target, input.message.value, session);
      if (given === dropped) return target.times.failed(startedMs);
      reply = given;
      answer(session, cid, reply);
      target.times.ended(startedMs);
    } catch (error) {
      this.#fail(session, cid, error, target, startedMs);
      return;
    }
    if (!after) return;
    try {
      const output = reply === undefined ? null : envelopeToHookJson(reply, cid);
      await after.call(session.origin, output, envelopeToHookJson(input));
    } catch {
      // The host has logged it, and the answer has been given: what an after hook throws concerns its author only.
    }
  }

  #fail(session: Session, cid: string, error: unknown, target: Target, startedMs: number): void {
    target.times.failed(startedMs);
    const { code, message } = this.#describe(error, session);
    session.send({ case: 'error', value: { code, message } }, cid);
  }

  #describe(error: unknown, session: Session): { code: number; message: string } {
    if (error instanceof RealtimeError) return { code: error.code, message: error.message };
    if (error instanceof StatusError) {
      return { code: RealtimeErrorCode.RUNTIME_FUNCTION_EXCEPTION, message: error.message };
    }
    const known = databaseFailure(error);
    if (known?.code === Status.INVALID_ARGUMENT) return { code: RealtimeErrorCode.BAD_INPUT, message: known.message };
    this.#log.error({ err: error, user: session.userId, session: session.id }, 'a socket message failed');
    if (known) return { code: RealtimeErrorCode.RUNTIME_EXCEPTION, message: known.message };
    return { code: RealtimeErrorCode.RUNTIME_EXCEPTION, message: 'the server failed to handle this message' };
  }
}

function call(target: Target, value: unknown, session: Session): EnvelopeReply | Promise<EnvelopeReply> {
  if (!target.binding) {
    throw new RealtimeError(RealtimeErrorCode.RUNTIME_EXCEPTION, `${target.hookName} is not implemented yet`);
  }
  return target.binding.handle(value as never, session);
}

/** Sends a reply; one without a message is sent only to who gave a `cid` to know it by. */
function answer(session: Session, cid: string, reply: Exclude<EnvelopeReply, typeof dropped>): void {
  if (reply === undefined || (reply === null && cid === '')) return;
  session.sendEncoded(new EncodedMessage(reply ?? { case: undefined }, cid));
}

/** Ends a connection; a message that could be read is answered first. */
function refuse(session: Session, cid: string, code: number | undefined, message: string): void {
  if (code !== undefined) session.send({ case: 'error', value: { code, message } }, cid);
  session.close(message);
}

function fromHook(text: string, hookName: string): Envelope {
  try {
    return envelopeFromHookJson(text);
  } catch {
    throw badHookResult(hookName);
  }
}

function badHookResult(hookName: string): RealtimeError {
  return new RealtimeError(
    RealtimeErrorCode.RUNTIME_FUNCTION_EXCEPTION,
    `the before hook of ${hookName} returned something that is no such envelope`,
  );
}

function pascalCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}
