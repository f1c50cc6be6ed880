import { randomUUID } from 'node:crypto';
import type { OutgoingMessage } from '../../src/protocol/envelope.ts';
import { EncodedMessage } from '../../src/realtime/encoded-message.ts';
import type { Session, SocketFormat } from '../../src/realtime/session.ts';

/** A user, as tests know one. */
export interface FakeUser {
  readonly id: string;
  readonly username: string;
}

/** A connection that keeps what is sent to it, as a JSON client would read it. */
export class FakeSession implements Session {
  readonly id = randomUUID();
  readonly userId: string;
  readonly username: string;
  readonly vars: Readonly<Record<string, string>> | undefined;
  readonly lang = 'en';
  readonly clientIp = '127.0.0.1';
  readonly clientPort = '50000';
  readonly format: SocketFormat = 'json';
  readonly expiresAt = 4_000_000_000;
  readonly origin = { contextText: '{}' };
  closedFor: string | undefined;
  #sent: Record<string, unknown>[] = [];

  constructor(user: FakeUser, vars?: Readonly<Record<string, string>>) {
    this.userId = user.id;
    this.username = user.username;
    this.vars = vars;
  }

  send(message: OutgoingMessage, cid?: string): void {
    this.sendEncoded(new EncodedMessage(message, cid));
  }

  sendEncoded(message: EncodedMessage): void {
    this.#sent.push(JSON.parse(textOfFrame(message.frame('json'))));
  }

  close(reason: string): void {
    this.closedFor = reason;
  }

  /** What has been sent since the last call: `[{ channel_message: {…} }]`. */
  taken(): Record<string, unknown>[] {
    const sent = this.#sent;
    this.#sent = [];
    return sent;
  }

  /** Of what has been sent since the last call, the bodies of this kind of message. */
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
  takenOf(kind: string): any[] {
    return this.taken().flatMap((message) => (kind in message ? [message[kind]] : []));
  }
}

/** The payload of an unmasked WebSocket frame (RFC 6455, section 5.2). */
function textOfFrame(frame: Buffer): string {
  const length = frame[1]! & 0x7f;
  return frame.subarray(length === 126 ? 4 : length === 127 ? 10 : 2).toString();
}
