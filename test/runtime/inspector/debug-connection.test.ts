import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DebugConnection } from '../../../src/runtime/inspector/debug-connection.ts';
import { InspectedModules } from '../../../src/runtime/inspector/inspected-modules.ts';
import { DebugClient } from '../../support/debug-client.ts';

/** Modules whose isolates answer each command with the slot and the command. */
function modulesWith(...names: string[]) {
  const modules = new InspectedModules();
  const worker = {
    send(head: string, body = '') {
      const [, kind, slot] = head.split(' ') as [string, string, string];
      if (kind !== 'm') return;
      const { id, method } = JSON.parse(body);
      const answer = JSON.stringify({ id, result: { slot, method } });
      setImmediate(() => modules.take(worker, ['Q', 'm', slot], answer, ''));
    },
  };
  let lastSlot = 0;
  const add = (name: string, kind = 'main') => {
    modules.take(worker, ['Q', 's', String(++lastSlot), '1', kind], '', name);
    return lastSlot;
  };
  for (const name of names) add(name);
  modules.serve(names);
  return { modules, add, remove: (slot: number) => modules.take(worker, ['Q', 'e', String(slot)], '', '') };
}

function connect(modules: InspectedModules, id?: string) {
  const client = new DebugClient();
  const reasons: string[] = [];
  const send = (message: string) => client.receive(message);
  const opened = DebugConnection.open(modules, id, { send, close: (reason) => void reasons.push(reason) });
  if (typeof opened === 'string') return { client, refusal: opened, reasons };
  client.transmit = (message) => opened.receive(message);
  return { client, connection: opened, reasons };
}

test('a connection is with the module that is named, or with the first', async () => {
  const { modules } = modulesWith('a', 'b');
  const first = connect(modules);
  assert.deepEqual(await first.client.send('Debugger.enable'), { slot: '1', method: 'Debugger.enable' });
  const second = connect(modules, 'b');
  assert.deepEqual(await second.client.send('Debugger.enable'), { slot: '2', method: 'Debugger.enable' });
  assert.equal(connect(modules, 'a').refusal, 'another debugger is attached to a');
  assert.equal(connect(new InspectedModules()).refusal, 'no module is loaded');
});

test('who asks for workers, as editors do of Node, gets all other targets over its connection', async () => {
  const { modules, add, remove } = modulesWith('a', 'b');
  const { client } = connect(modules);
  await client.send('NodeWorker.enable', { waitForDebuggerOnStart: true });
  const { sessionId, workerInfo } = await client.next('NodeWorker.attachedToWorker');
  assert.equal(workerInfo.title, 'b');
  const command = JSON.stringify({ id: 7, method: 'Runtime.enable' });
  await client.send('NodeWorker.sendMessageToWorker', { sessionId, message: command });
  const { message } = await client.next('NodeWorker.receivedMessageFromWorker');
  assert.deepEqual(JSON.parse(message), { id: 7, result: { slot: '2', method: 'Runtime.enable' } });

  const slot = add('a', 'matches');
  const later = await client.next('NodeWorker.attachedToWorker');
  assert.equal(later.workerInfo.title, 'a (matches)');
  remove(slot);
  assert.deepEqual(await client.next('NodeWorker.detachedFromWorker'), { sessionId: later.sessionId });
});

test('what one debugger has, another does not get; what it lets go is free', async () => {
  const { modules } = modulesWith('a', 'b', 'c');
  const ofB = connect(modules, 'b');
  const { client, connection } = connect(modules, 'a');
  await client.send('NodeWorker.enable');
  const { workerInfo, sessionId } = await client.next('NodeWorker.attachedToWorker');
  assert.equal(workerInfo.title, 'c');
  assert.equal(connect(modules, 'c').refusal, 'another debugger is attached to c');
  await client.send('NodeWorker.detach', { sessionId });
  assert.ok(connect(modules, 'c').connection);
  ofB.connection?.detach();
  connection?.detach();
  assert.ok(connect(modules, 'a').connection);
  assert.ok(connect(modules, 'b').connection);
});
