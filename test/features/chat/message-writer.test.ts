import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, it } from 'node:test';
import type { Db } from '../../../src/database/database.ts';
import { roomStream } from '../../../src/features/chat/channel.ts';
import { MessageWriter } from '../../../src/features/chat/message-writer.ts';
import { listMessages, type NewMessage } from '../../../src/features/chat/queries.ts';
import { forEachDatabase } from '../../support/databases.ts';

const NOBODY = '00000000-0000-0000-0000-000000000000';

forEachDatabase((_name, open) => {
  let db: Db;

  before(async () => {
    ({ db } = await open());
  });

  const messageIn = (room: string, n: number, senderId = NOBODY): NewMessage => ({
    stream: roomStream(room),
    id: randomUUID(),
    code: 0,
    senderId,
    username: '',
    content: JSON.stringify({ n }),
    createTimeMicros: 1_767_323_045_678_901n + BigInt(n),
    updateTimeMicros: 1_767_323_045_678_901n,
  });
  const stored = async (room: string) =>
    (await listMessages(db, roomStream(room), 'asc', null, 1_000)).map(({ content }) => JSON.parse(content).n);

  it('resolves each message when it is stored, in the order of the calls', async () => {
    const writer = new MessageWriter(db);
    const done: number[] = [];
    const numbers = Array.from({ length: 300 }, (_, n) => n);
    await Promise.all(numbers.map((n) => writer.write(messageIn('order', n)).then(() => done.push(n))));
    assert.deepEqual(done, numbers);
    assert.deepEqual(await stored('order'), numbers);
  });

  it('refuses only the messages that cannot be stored', async () => {
    const writer = new MessageWriter(db);
    const writes = [1, 2, 3, 4].map((n) => writer.write(messageIn('bad', n, n === 3 ? randomUUID() : NOBODY)));
    const outcomes = (await Promise.allSettled(writes)).map(({ status }) => status);
    assert.deepEqual(outcomes, ['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    assert.deepEqual(await stored('bad'), [1, 2, 4]);
  });

  it('has settled when all that came are stored', async () => {
    const writer = new MessageWriter(db);
    await writer.settled();
    const writes = Promise.all([1, 2, 3].map((n) => writer.write(messageIn('settled', n))));
    await writer.settled();
    assert.deepEqual(await stored('settled'), [1, 2, 3]);
    await writes;
    await writer.write(messageIn('settled', 4));
    assert.deepEqual(await stored('settled'), [1, 2, 3, 4]);
  });
});
