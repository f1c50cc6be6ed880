import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** The kinds of WebSocket frames (RFC 6455, section 5.2). */
export const Opcode = { CONTINUATION: 0x0, TEXT: 0x1, BINARY: 0x2, CLOSE: 0x8, PING: 0x9, PONG: 0xa } as const;

export interface FrameOptions {
  readonly isLast?: boolean;
  readonly isMasked?: boolean;
  readonly reservedBits?: number;
}

/** A frame as a client sends it, or as none should. The mask is zero, so that the payload stays readable. */
export function clientFrame(opcode: number, payload: string | Uint8Array, options: FrameOptions = {}): Buffer {
  const { isLast = true, isMasked = true, reservedBits = 0 } = options;
  const body = typeof payload === 'string' ? Buffer.from(payload) : payload;
  const first = (isLast ? 0x80 : 0) | (reservedBits << 4) | opcode;
  const maskBit = isMasked ? 0x80 : 0;
  const head =
    body.length < 126
      ? Buffer.from([first, maskBit | body.length])
      : Buffer.from([first, maskBit | 126, body.length >> 8, body.length & 0xff]);
  return Buffer.concat([head, isMasked ? Buffer.alloc(4) : Buffer.alloc(0), body]);
}

/** A frame as the server sends it. */
export interface ServerFrame {
  readonly opcode: number;
  readonly payload: Buffer;
}

/** A TCP connection to the server that says exactly what it is told, and reads only when asked to. */
export class RawClient {
  readonly socket: Socket;
  /** Resolves when the connection has ended in whatever way. */
  readonly closed: Promise<void>;
  #received = Buffer.alloc(0);

  private constructor(socket: Socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()));
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk]);
    });
  }

  static async connect(server: { readonly port: number }): Promise<RawClient> {
    const socket = connect({ port: server.port, host: '127.0.0.1', noDelay: true });
    const client = new RawClient(socket);
    await once(socket, 'connect');
    return client;
  }

  /** Connects and has its request for a socket accepted. @throws Error when it is refused */
  static async open(server: { readonly port: number }, token: string, query = ''): Promise<RawClient> {
    const client = await RawClient.connect(server);
    client.send(upgradeRequest(`/ws?token=${token}${query}`));
    await client.until((received) => received.includes('\r\n\r\n'));
    const end = client.#received.indexOf('\r\n\r\n') + 4;
    const head = client.#received.toString('latin1', 0, end);
    if (!head.startsWith('HTTP/1.1 101 ')) throw new Error(`refused: ${head}`);
    client.#received = client.#received.subarray(end);
    return client;
  }

  send(data: string | Uint8Array): void {
    this.socket.write(typeof data === 'string' ? Buffer.from(data) : data);
  }

  /** What has come since the connection was made, or since its upgrade. */
  get received(): Buffer {
    return this.#received;
  }

  /** Waits until what has come looks like this, or the connection has ended. */
  async until(isEnough: (received: Buffer) => boolean): Promise<void> {
    while (!isEnough(this.#received) && !this.socket.closed) {
      await Promise.race([once(this.socket, 'data'), this.closed]);
    }
  }

  /** The next frame from the server; null when the connection ends without one. */
  async frame(): Promise<ServerFrame | null> {
    await this.until((received) => frameLength(received) <= received.length);
    const size = frameLength(this.#received);
    if (size > this.#received.length) return null;
    const bytes = this.#received.subarray(0, size);
    this.#received = this.#received.subarray(size);
    return { opcode: bytes[0]! & 0xf, payload: bytes.subarray(headLength(bytes)) };
  }

  /** The code with which the server closes the connection; null when it ends without a close frame. */
  async closeCode(): Promise<number | null> {
    let frame = await this.frame();
    while (frame && frame.opcode !== Opcode.CLOSE) frame = await this.frame();
    return frame && frame.payload.length >= 2 ? frame.payload.readUInt16BE() : null;
  }

  /** Ends the connection with a reset. */
  drop(): void {
    this.socket.resetAndDestroy();
  }
}

/** The text of a request for a socket. */
export function upgradeRequest(target: string): string {
  return [
    `GET ${target} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    '\r\n',
  ].join('\r\n');
}

function headLength(bytes: Buffer): number {
  const length = bytes[1]! & 0x7f;
  return length < 126 ? 2 : length === 126 ? 4 : 10;
}

function frameLength(bytes: Buffer): number {
  if (bytes.length < 2) return Number.POSITIVE_INFINITY;
  const head = headLength(bytes);
  if (bytes.length < head) return Number.POSITIVE_INFINITY;
  if (head === 2) return 2 + (bytes[1]! & 0x7f);
  return head + (head === 4 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2)));
}
