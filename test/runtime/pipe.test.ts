import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import test from 'node:test';
import { FrameAssembler, FrameError, framesOf, Pipe, splitRecord } from '../../src/runtime/pipe.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** A pipe whose stream gives back what is written to it. */
function loop(maxFrameBytes = 1000) {
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  const records: string[] = [];
  const ends: (Error | undefined)[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  const pipe = new Pipe(stream, {
    maxFrameBytes,
    onRecord: (record) => records.push(record),
    onEnd: (error) => ends.push(error),
  });
  return { stream, pipe, chunks, records, ends };
}

test('records arrive as they were sent, whatever text they hold', async () => {
  const { pipe, records } = loop();
  pipe.send('C 1', JSON.stringify('line\nbreak \u2028 😀 \ud800'));
  pipe.sendRecord('P 1\t');
  await turn();
  await turn();
  assert.equal(records.length, 2);
  assert.equal(JSON.parse(splitRecord(records[0]!).body), 'line\nbreak \u2028 😀 \ud800');
  assert.deepEqual(splitRecord(records[1]!), { head: ['P', '1'], body: '' });
});

test('what is sent in one turn goes out as one frame', async () => {
  const { pipe, chunks, records } = loop();
  for (let i = 0; i < 5; i++) pipe.send(`C ${i}`);
  await turn();
  await turn();
  assert.equal(chunks.length, 1);
  pipe.send('C 5');
  await turn();
  await turn();
  assert.equal(chunks.length, 2);
  assert.equal(records.length, 6);
});

test('frames are put together from chunks of any size', () => {
  const texts = ['first\t\n', 'ä€😀\t\n', 'x'.repeat(300)];
  const bytes = Buffer.concat(texts.flatMap((text) => framesOf(text, 1000)));
  for (let size = 1; size <= bytes.length; size++) {
    const assembler = new FrameAssembler(1000);
    const seen: string[] = [];
    for (let at = 0; at < bytes.length; at += size) seen.push(...assembler.push(bytes.subarray(at, at + size)));
    assert.deepEqual(seen, texts);
  }
});

test('a text too large for one frame is cut between records', () => {
  const records = Array.from({ length: 50 }, (_, i) => `r ${i}\t${'x'.repeat(i)}\n`);
  const frames = framesOf(records.join(''), 100);
  const assembler = new FrameAssembler(100);
  assert.equal(frames.flatMap((frame) => assembler.push(frame)).join(''), records.join(''));
});

test('a record too large for a frame is refused where it is sent', () => {
  assert.throws(() => framesOf(`small\t\nr 1\t${'x'.repeat(200)}\n`, 100), FrameError);
});

test('a frame that announces too much breaks the pipe', async () => {
  const { stream, ends } = loop(100);
  const announced = Buffer.alloc(4);
  announced.writeUInt32LE(101);
  stream.write(announced);
  await turn();
  assert.equal(ends.length, 1);
  assert.ok(ends[0] instanceof FrameError);
});

test('the end is told once', async () => {
  const { pipe, ends } = loop();
  pipe.close();
  await turn();
  await turn();
  pipe.destroy();
  await turn();
  assert.deepEqual(ends, [undefined]);
});

test('what is held leaves when it is released or with the next that is sent, in order and as one frame', async () => {
  const { pipe, chunks, records } = loop();
  pipe.hold('C 1', '');
  pipe.hold('C 2', '');
  await turn();
  await turn();
  assert.deepEqual(records, []);
  pipe.release();
  await turn();
  await turn();
  assert.deepEqual(records, ['C 1\t', 'C 2\t']);
  pipe.hold('C 3', '');
  pipe.send('A 1');
  await turn();
  await turn();
  assert.deepEqual(records.slice(2), ['C 3\t', 'A 1\t']);
  assert.equal(chunks.length, 2);
});
