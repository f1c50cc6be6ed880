import type { OutgoingMessage } from '../protocol/envelope.ts';
import type { CallOrigin } from '../runtime/module-function.ts';
import type { EncodedMessage } from './encoded-message.ts';

/** How a socket writes its envelopes: `format=json|protobuf`. */
export type SocketFormat = 'json' | 'protobuf';

/** One open connection. A user may have many; each is a session with its own id. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  readonly username: string;
  /** Session variables of its token; undefined when there are none. */
  readonly vars: Readonly<Record<string, string>> | undefined;
  readonly lang: string;
  readonly clientIp: string;
  readonly clientPort: string;
  readonly format: SocketFormat;
  /** Epoch seconds at which its token ends. */
  readonly expiresAt: number;
  /** For calls into modules; built at the first use and kept. */
  readonly origin: CallOrigin;
  /** Sends one message. After the connection has ended this does nothing. */
  send(message: OutgoingMessage, cid?: string): void;
  /** Sends a message that was encoded once for many sessions. */
  sendEncoded(message: EncodedMessage): void;
  /** Ends the connection; the reason travels in the close frame and, as a number, in the presences' leave. */
  close(reason: string, presenceReason?: number): void;
}
