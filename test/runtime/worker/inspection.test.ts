import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EngineInspector, EngineIsolate } from '../../../src/runtime/worker/engine.ts';
import { Inspection } from '../../../src/runtime/worker/inspection.ts';

const paused = '{"method":"Debugger.paused","params":{}}';
const resumed = '{"method":"Debugger.resumed","params":{}}';

/** An inspection with one isolate, of slot 7 of pool 3. */
function inspected() {
  const sent: string[] = [];
  const goneOn: number[] = [];
  const inspection = new Inspection({
    send: (head, body = '') => void sent.push(body === '' ? head : `${head} ${body}`),
    onGoOn: (heldSince) => void goneOn.push(heldSince),
  });
  const commands: string[] = [];
  const inspector: EngineInspector = {
    isAttached: false,
    onMessage: () => {},
    onEnd: () => {},
    dispatch: (command) => void commands.push(JSON.parse(command).method),
  };
  const started = inspection.ofPool(3, 'main')(7, { inspector } as EngineIsolate);
  const tell = (kind: string, body = '') => inspection.take(['Q', kind, '7'], body);
  return { inspection, inspector, sent, goneOn, commands, started, tell };
}

test('an isolate is announced, and starts when it is told to, or is gone before', async () => {
  const { sent, started, tell } = inspected();
  assert.deepEqual(sent, ['Q s 7 3 main']);
  tell('g');
  await started;

  const other = inspected();
  other.inspector.onEnd();
  await other.started;
  assert.deepEqual(other.sent.slice(1), ['Q e 7']);
});

test('messages pass in both directions', () => {
  const { inspector, sent, commands, tell } = inspected();
  tell('a');
  assert.equal(inspector.isAttached, true);
  tell('m', '{"id":1,"method":"Debugger.enable"}');
  inspector.onMessage('{"id":1,"result":{}}');
  assert.deepEqual([commands, sent.at(-1)], [['Debugger.enable'], 'Q m 7 {"id":1,"result":{}}']);
});

test('time is held from a pause until the isolate goes on', () => {
  const { inspection, inspector, sent, goneOn, tell } = inspected();
  tell('a');
  inspector.onMessage(paused);
  assert.equal(inspection.isHolding, true);
  assert.equal(sent[1], 'Q p');
  inspector.onMessage(resumed);
  assert.equal(inspection.isHolding, false);
  assert.deepEqual(
    sent.filter((record) => !record.startsWith('Q m')),
    ['Q s 7 3 main', 'Q p', 'Q r'],
  );
  assert.equal(goneOn.length, 1);
});

const ends: Record<string, (parts: ReturnType<typeof inspected>) => void> = {
  'the debugger goes': ({ tell }) => tell('d'),
  'the isolate is disposed of': ({ inspector }) => inspector.onEnd(),
  'debugging is disabled': ({ tell }) => tell('m', '{"id":5,"method":"Debugger.disable"}'),
};
for (const [how, end] of Object.entries(ends)) {
  test(`time is not held any more when ${how}`, () => {
    const parts = inspected();
    parts.tell('a');
    parts.inspector.onMessage(paused);
    end(parts);
    assert.equal(parts.inspection.isHolding, false);
    assert.equal(parts.goneOn.length, 1);
    assert.ok(parts.sent.includes('Q r'));
  });
}

test('a debugger that goes leaves nothing set up', () => {
  const { inspector, commands, tell } = inspected();
  tell('a');
  tell('d');
  assert.ok(commands.includes('Debugger.disable') && commands.includes('Runtime.disable'));
  assert.equal(inspector.isAttached, false);
});
