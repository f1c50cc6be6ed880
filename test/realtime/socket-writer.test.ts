import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { WebSocket, WebSocketServer } from 'ws';
import { frameBinary, frameText } from '../../src/realtime/socket-frame.ts';
import { SocketWriter } from '../../src/realtime/socket-writer.ts';

const generous = { maxQueuedMessages: 10_000, maxQueuedBytes: 1 << 30 };

/** A server that hands over the raw stream of each socket that a stock client opens. */
class SocketPair {
  readonly server: Server = createServer();
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  streams: Duplex[] = [];

  async start(): Promise<void> {
    this.server.on('upgrade', (request, stream, head) => {
      this.#sockets.handleUpgrade(request, stream, head, () => {
        this.streams.push(stream);
        this.server.emit('opened');
      });
    });
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  async open(): Promise<{ client: WebSocket; stream: Duplex }> {
    const client = new WebSocket(`ws://127.0.0.1:${(this.server.address() as AddressInfo).port}/`);
    await Promise.all([once(client, 'open'), once(this.server, 'opened')]);
    return { client, stream: this.streams.at(-1)! };
  }

  stop(): void {
    for (const stream of this.streams) stream.destroy();
    this.server.close();
  }
}

/** Resolves with the first `count` messages. */
function messages(client: WebSocket, count: number): Promise<(string | Buffer)[]> {
  return new Promise((resolve) => {
    const got: (string | Buffer)[] = [];
    client.on('message', (data: Buffer, isBinary) => {
      if (got.push(isBinary ? data : data.toString()) === count) resolve(got);
    });
  });
}

describe('SocketWriter', () => {
  const pair = new SocketPair();
  before(() => pair.start());
  after(() => pair.stop());

  it('delivers frames of every length class to a stock client, in order', async () => {
    const { client, stream } = await pair.open();
    const texts = [0, 1, 125, 126, 65_535, 65_536, 300_000].map((length) => 'ü'.repeat(length));
    const got = messages(client, texts.length + 1);
    const writer = new SocketWriter(stream, generous, assert.fail);
    for (const text of texts) writer.write(frameText(text));
    writer.write(frameBinary(new Uint8Array([1, 2, 255])));
    assert.deepEqual(await got, [...texts, Buffer.from([1, 2, 255])]);
    client.terminate();
  });

  it('writes all frames of one event-loop turn at once', async () => {
    const { client, stream } = await pair.open();
    let writes = 0;
    const write = stream.write.bind(stream) as (chunk: Buffer) => boolean;
    stream.write = ((chunk: Buffer) => {
      writes++;
      return write(chunk);
    }) as Duplex['write'];
    const writer = new SocketWriter(stream, generous, assert.fail);
    const got = messages(client, 100);
    for (let i = 0; i < 100; i++) writer.write(frameText(String(i)));
    assert.equal((await got).length, 100);
    assert.equal(writes, 1);
    client.terminate();
  });

  it('gives up a reader that lets more wait than the limit, and keeps no frames for it', async () => {
    const { client, stream } = await pair.open();
    (client as unknown as { _socket: Socket })._socket.pause();
    let overflows = 0;
    const writer = new SocketWriter(stream, { maxQueuedMessages: 64, maxQueuedBytes: 1 << 30 }, () => overflows++);
    const frame = frameText('x'.repeat(100_000));
    for (let turn = 0; turn < 1000 && overflows === 0; turn++) {
      writer.write(frame);
      await new Promise(setImmediate);
    }
    assert.equal(overflows, 1);
    const pending = stream.writableLength;
    writer.write(frame);
    await new Promise(setImmediate);
    assert.equal(stream.writableLength, pending);
    client.terminate();
  });

  it('goes on where it stopped when a slow reader catches up', async () => {
    const { client, stream } = await pair.open();
    const socket = (client as unknown as { _socket: Socket })._socket;
    socket.pause();
    const writer = new SocketWriter(stream, generous, assert.fail);
    const got = messages(client, 200);
    for (let i = 0; i < 200; i++) {
      writer.write(frameText(`${i} ${'x'.repeat(100_000)}`));
      await new Promise(setImmediate);
    }
    assert.equal(stream.writableNeedDrain, true);
    socket.resume();
    assert.deepEqual(
      (await got).map((text) => Number.parseInt(String(text), 10)),
      Array.from({ length: 200 }, (_, i) => i),
    );
    client.terminate();
  });
});
