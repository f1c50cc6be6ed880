import { randomUUID } from 'node:crypto';
import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { OutgoingMessage } from '../protocol/envelope.ts';
import type { Identity } from '../protocol/identity.ts';
import { EncodedMessage } from '../realtime/encoded-message.ts';
import type { Session, SocketFormat } from '../realtime/session.ts';
import { SocketWriter, type SocketWriterLimits } from '../realtime/socket-writer.ts';
import { PresenceReason } from '../realtime/stream.ts';
import type { CallOrigin } from '../runtime/module-function.ts';
import { callOrigin } from './call-origin.ts';

/** What the handshake says of a connection. */
export interface SocketHandshake {
  readonly identity: Identity;
  readonly lang: string;
  readonly format: SocketFormat;
  readonly clientIp: string;
  readonly clientPort: string;
}

/** A close that a client sees as regular; what happened is in the reason. */
const CLOSE_NORMAL = 1000;
/** Longest reason that fits a close frame. Source: RFC 6455, section 5.5. */
const CLOSE_REASON_MAX_BYTES = 123;

/** A ping frame without payload, the same for every socket. */
const pingFrame = Buffer.from([0x89, 0x00]);

/**
 * An open socket. Writes go through a {@link SocketWriter}; frames of `ws` itself (pong, close) go to the same stream
 * and never split ours, for both write whole frames.
 */
export class SocketSession implements Session {
  readonly id = randomUUID();
  readonly #socket: WebSocket;
  readonly #identity: Identity;
  readonly #writer: SocketWriter;
  readonly lang: string;
  readonly clientIp: string;
  readonly clientPort: string;
  readonly format: SocketFormat;
  /** When the peer last showed that it is there; epoch milliseconds. */
  lastSeenMs = Date.now();
  /** When it was last pinged; epoch milliseconds. */
  lastPingMs = this.lastSeenMs;
  messagesSincePing = 0;
  /** Why its presences leave when it ends. */
  leaveReason: number = PresenceReason.DISCONNECT;
  #origin: CallOrigin | undefined;
  #closed = false;

  constructor(socket: WebSocket, stream: Duplex, handshake: SocketHandshake, limits: SocketWriterLimits) {
    this.#socket = socket;
    this.#identity = handshake.identity;
    this.lang = handshake.lang;
    this.format = handshake.format;
    this.clientIp = handshake.clientIp;
    this.clientPort = handshake.clientPort;
    this.#writer = new SocketWriter(stream, limits, () => this.terminate());
  }

  get userId(): string {
    return this.#identity.userId;
  }

  get username(): string {
    return this.#identity.username;
  }

  get vars(): Readonly<Record<string, string>> | undefined {
    return this.#identity.vars;
  }

  get expiresAt(): number {
    return this.#identity.expiresAt;
  }

  get origin(): CallOrigin {
    this.#origin ??= callOrigin(this.#identity, {
      sessionId: this.id,
      lang: this.lang,
      clientIp: this.clientIp,
      clientPort: this.clientPort,
    });
    return this.#origin;
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  send(message: OutgoingMessage, cid?: string): void {
    if (!this.#closed) this.sendEncoded(new EncodedMessage(message, cid));
  }

  sendEncoded(message: EncodedMessage): void {
    if (!this.#closed) this.#writer.write(message.frame(this.format));
  }

  ping(nowMs: number): void {
    this.skipPing(nowMs);
    if (!this.#closed) this.#writer.write(pingFrame);
  }

  /** Puts the next ping off by a period: the peer has shown often enough that it is there. */
  skipPing(nowMs: number): void {
    this.lastPingMs = nowMs;
    this.messagesSincePing = 0;
  }

  close(reason: string, presenceReason: number = PresenceReason.DISCONNECT): void {
    if (this.#closed) return;
    this.#closed = true;
    this.leaveReason = presenceReason;
    this.#writer.flush();
    this.#writer.close();
    this.#socket.close(CLOSE_NORMAL, shorten(reason));
    this.#socket.resume();
  }

  /** Ends the connection at once, without a close frame: for peers that do not read. */
  terminate(): void {
    this.#closed = true;
    this.#writer.close();
    this.#socket.terminate();
  }

  /** The connection is gone: nothing can be sent any more. */
  markClosed(): void {
    this.#closed = true;
    this.#writer.close();
  }

  /** Stops reading: the peer has sent more than is worked off. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    if (!this.isPaused) return;
    // What it said meanwhile, pongs among it, could not be heard.
    this.lastSeenMs = Date.now();
    this.#socket.resume();
  }

  /** It is us who does not listen: its silence says nothing. */
  get isPaused(): boolean {
    return this.#socket.isPaused;
  }
}

function shorten(reason: string): string {
  return Buffer.byteLength(reason) <= CLOSE_REASON_MAX_BYTES ? reason : reason.slice(0, CLOSE_REASON_MAX_BYTES / 3);
}
