import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { test } from 'node:test';
import { createConfig } from '../../src/config/config.ts';
import { createLog } from '../../src/observability/log.ts';
import { nextRequestId } from '../../src/observability/request-id.ts';

test('elsewhere than on a terminal a line is one JSON object with the fields of its log', () => {
  const { terminal, lines } = fakeTerminal(false);
  createLog(createConfig().logger, terminal).child({ requestId: 'r1' }).warn({ n: 1 }, 'careful');
  const [line] = lines();
  const { time, ...rest } = JSON.parse(line!);
  assert.deepEqual(rest, { level: 'warn', requestId: 'r1', n: 1, msg: 'careful' });
  assert.ok(!Number.isNaN(Date.parse(time)));
});

test('on a terminal a line is for reading, fields behind the text', () => {
  const { terminal, lines } = fakeTerminal(true);
  createLog(createConfig().logger, terminal).info({ n: 1 }, 'hello');
  const [line] = lines();
  assert.match(line!, /INFO/);
  assert.match(line!, /hello.*"n":1/);
});

test('the format may be chosen whatever stdout is', () => {
  const pretty = fakeTerminal(false);
  createLog(createConfig({ 'logger.format': 'pretty' }).logger, pretty.terminal).info('hello');
  assert.match(pretty.lines()[0]!, /^\[\d\d:\d\d:\d\d\.\d+\] INFO: hello$/);
  const json = fakeTerminal(true);
  createLog(createConfig({ 'logger.format': 'json' }).logger, json.terminal).info('hello');
  assert.equal(JSON.parse(json.lines()[0]!).msg, 'hello');
});

test('an error is printed with its stack', () => {
  const { terminal, lines } = fakeTerminal(false);
  createLog(createConfig({ 'logger.format': 'pretty' }).logger, terminal).error({ err: new Error('boom') }, 'failed');
  assert.match(lines().join('\n'), /failed.*boom.*log\.test\.ts/s);
});

test('lines below logger.level are not written', () => {
  const { terminal, lines } = fakeTerminal(false);
  const log = createLog(createConfig({ 'logger.level': 'warn' }).logger, terminal);
  log.info('no');
  log.warn('yes');
  assert.deepEqual(
    lines().map((line) => JSON.parse(line).msg),
    ['yes'],
  );
});

test('logger.file gets JSON beside what the terminal shows', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'nk-log-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'logs', 'nk.log');
  const { terminal, lines } = fakeTerminal(true);
  createLog(createConfig({ 'logger.file': file }).logger, terminal).info('both');
  assert.equal(JSON.parse(await readFile(file, 'utf8')).msg, 'both');
  assert.match(lines()[0]!, /both/);
});

test('with neither output nothing is written and nothing fails', () => {
  const { terminal, lines } = fakeTerminal(true);
  createLog(createConfig({ 'logger.stdout': false }).logger, terminal).info('quiet');
  assert.deepEqual(lines(), []);
});

test('request ids differ', () => {
  assert.notEqual(nextRequestId(), nextRequestId());
});

/** A stand-in for stdout that keeps what is written. */
function fakeTerminal(isTTY: boolean) {
  let text = '';
  const terminal = Object.assign(
    new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    }),
    { isTTY },
  );
  return { terminal, lines: () => text.split('\n').filter((line) => line !== '') };
}
