import type { IncomingHttpHeaders } from 'node:http';
import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from '@bufbuild/protobuf';
import type { MessageCase, MessageValue, OutgoingMessage } from '../protocol/envelope.ts';
import type { Identity } from '../protocol/identity.ts';
import type { WireJson } from '../protocol/json-codec.ts';
import { Status, StatusError } from '../protocol/status.ts';
import type { Session } from '../realtime/session.ts';
import type { ModuleFunction } from '../runtime/module-function.ts';
import type { UserData } from './user-data.ts';

/**
 * A feature as the server takes it in: its operations, socket messages and nk functions. Adding a feature is adding
 * a folder that exports one of these, and naming it in `server.ts`.
 */
export interface Feature {
  readonly name: string;
  readonly operations?: readonly OperationBinding[];
  readonly envelopes?: readonly EnvelopeBinding[];
  readonly functions?: readonly ModuleFunction[];
  readonly userData?: UserData;
  /** Called before the server listens. */
  start?(): Promise<void>;
  /** Called when the modules have started, before the server listens, and again whenever they were replaced. */
  modulesLoaded?(): Promise<void>;
  /** Called after the last socket has gone and before the database closes: flush what is pending. */
  stop?(): Promise<void>;
}

/** One HTTP call of an operation. */
export interface OperationCall {
  /** Who calls; null with the server key or the HTTP key. Sign-in handlers set it, for the after hook's `ctx`. */
  identity: Identity | null;
  readonly clientIp: string;
  readonly clientPort: string;
  readonly headers: IncomingHttpHeaders;
  /** The decoded query string. */
  readonly query: URLSearchParams;
  /** Joins the log lines of this request. */
  readonly requestId: string;
  /** How many calls of modules led to it; left out for none. */
  readonly depth?: number;
}

/** The caller's identity. @throws StatusError UNAUTHENTICATED when the call has none */
export function callerOf(call: OperationCall): Identity {
  if (!call.identity) throw new StatusError(Status.UNAUTHENTICATED, 'a session token is required');
  return call.identity;
}

/** An operation with its handler. Route, credentials and hook names come from the method's descriptor. */
export interface OperationBinding {
  readonly method: DescMethodUnary;
  handle(input: never, call: OperationCall): unknown;
}

/** What an operation answers: its message, or the JSON of it. */
export type Answer<O extends DescMessage> = MessageInitShape<O> | WireJson;

/** Binds a handler to a method of the service, typed by its messages. */
export function operation<I extends DescMessage, O extends DescMessage>(
  method: DescMethodUnary<I, O>,
  handle: (input: MessageShape<I>, call: OperationCall) => Answer<O> | Promise<Answer<O>>,
): OperationBinding {
  return { method, handle: handle as OperationBinding['handle'] };
}

/** A socket message with its handler. */
export interface EnvelopeBinding {
  readonly message: MessageCase;
  handle(input: never, session: Session): EnvelopeReply | Promise<EnvelopeReply>;
  /**
   * Set by a handler that keeps a session's messages in their order itself: true when this one may be given to it
   * while earlier ones of the same kind are under way. Without it the session's next message waits for the answer.
   */
  follows?(input: never, session: Session): boolean;
}

/** A reply; null for an answer that has only the `cid`, undefined for none at all. */
export type EnvelopeReply = OutgoingMessage | null | undefined | typeof dropped;

/** The reply to a message that was not taken, of which its sender hears nothing: no after hook runs. */
export const dropped = Symbol('dropped');

/**
 * Binds a handler to a socket message. Failures: throw `badInput(…)` or another RealtimeError; messages of one session are handled one after another.
 */
export function envelope<C extends MessageCase>(
  message: C,
  handle: (input: MessageValue<C>, session: Session) => EnvelopeReply | Promise<EnvelopeReply>,
  options: { readonly follows?: (input: MessageValue<C>, session: Session) => boolean } = {},
): EnvelopeBinding {
  return { message, handle: handle as EnvelopeBinding['handle'], ...(options as Pick<EnvelopeBinding, 'follows'>) };
}

/** The answer to what a service gives: at once where it gives it at once, so that no promise comes in between. */
export function replyTo<T>(
  result: T | Promise<T>,
  answer: (result: T) => OutgoingMessage,
): OutgoingMessage | Promise<OutgoingMessage> {
  return result instanceof Promise ? result.then(answer) : answer(result);
}
