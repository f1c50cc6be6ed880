import { dropped, type EnvelopeBinding, type EnvelopeReply } from '../features/feature.ts';
import type { CallSeries, CallTimes } from '../observability/call-times.ts';
import type { Log } from '../observability/log.ts';
import type { MessageCase } from '../protocol/envelope.ts';
import { MalformedError, parseEnvelope, parseEnvelopeBinary } from '../protocol/envelope-codec.ts';
import type { Envelope } from '../protocol/gen/nakama/realtime/realtime_pb.js';
import { envelopeFromHookJson, envelopeToHookJson } from '../protocol/hook-json.ts';
import { RealtimeError, RealtimeErrorCode, StatusError } from '../protocol/status.ts';
import { EncodedMessage } from '../realtime/encoded-message.ts';
import type { Session } from '../realtime/session.ts';
import type { Hook, ModuleHost } from '../runtime/module-host.ts';

interface Target {
  readonly hookName: string;
  readonly times: CallSeries;
  readonly handle: ((input: never, session: Session) => EnvelopeReply | Promise<EnvelopeReply>) | undefined;
}

/** Messages that only servers send: a client that sends one has lost its way. */
const serverMessages: ReadonlySet<string> = new Set<MessageCase>([
  'channel',
  'channelMessage',
  'channelMessageAck',
  'channelPresenceEvent',
  'error',
  'match',
  'matchData',
  'matchPresenceEvent',
  'matchmakerMatched',
  'matchmakerTicket',
  'notifications',
  'party',
  'partyData',
  'partyJoinRequest',
  'partyLeader',
  'partyMatchmakerTicket',
  'partyPresenceEvent',
  'status',
  'statusPresenceEvent',
  'streamData',
  'streamPresenceEvent',
]);

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
    for (const { message, handle } of bindings) {
      if (this.#targets.has(message)) throw new Error(`two handlers for the socket message ${message}`);
      this.#targets.set(message, { ...this.#newTarget(message), handle });
    }
  }

  /**
   * Handles one message. A promise when it has to wait; the caller keeps the session's next message back until then.
   * Whatever goes wrong is answered or ends the connection: this never throws.
   */
  dispatch(session: Session, data: string | Uint8Array): void | Promise<void> {
    let envelope: Envelope;
    try {
      envelope = typeof data === 'string' ? parseEnvelope(data) : parseEnvelopeBinary(data);
    } catch (error) {
      session.close(error instanceof MalformedError ? error.message : 'malformed message');
      return;
    }
    const { cid, message } = envelope;
    if (message.case === undefined) {
      return refuse(session, cid, RealtimeErrorCode.MISSING_PAYLOAD, 'the envelope has no message');
    }
    if (serverMessages.has(message.case)) {
      return refuse(session, cid, RealtimeErrorCode.UNRECOGNIZED_PAYLOAD, `only servers send ${message.case}`);
    }
    const target = this.#targetOf(message.case);
    const before = this.#modules.hook('rtBefore', target.hookName);
    const after = this.#modules.hook('rtAfter', target.hookName);
    if (before || after) return this.#handleHooked(session, envelope, target, before, after);
    return this.#handle(session, cid, message.value, target);
  }

  #targetOf(message: string): Target {
    let target = this.#targets.get(message);
    if (!target) {
      target = this.#newTarget(message);
      this.#targets.set(message, target);
    }
    return target;
  }

  #newTarget(message: string): Target {
    const hookName = pascalCase(message);
    return { hookName, times: this.#times.of('message', hookName), handle: undefined };
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
    this.#log.error({ err: error, user: session.userId, session: session.id }, 'a socket message failed');
    return { code: RealtimeErrorCode.RUNTIME_EXCEPTION, message: 'the server failed to handle this message' };
  }
}

function call(target: Target, value: unknown, session: Session): EnvelopeReply | Promise<EnvelopeReply> {
  if (!target.handle) {
    throw new RealtimeError(RealtimeErrorCode.RUNTIME_EXCEPTION, `${target.hookName} is not implemented yet`);
  }
  return target.handle(value as never, session);
}

/** Sends a reply; one without a message is sent only to who gave a `cid` to know it by. */
function answer(session: Session, cid: string, reply: Exclude<EnvelopeReply, typeof dropped>): void {
  if (reply === undefined || (reply === null && cid === '')) return;
  session.sendEncoded(new EncodedMessage(reply ?? { case: undefined }, cid));
}

function refuse(session: Session, cid: string, code: number, message: string): void {
  session.send({ case: 'error', value: { code, message } }, cid);
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
