import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import { type ModuleFunction, moduleFunction } from '../../../src/runtime/module-function.ts';
import { integer, text } from '../../../src/runtime/parameters.ts';
import { gameHost, nobody } from './support.ts';

/** A board of named numbers whose reads may be kept, unless the name starts with `brief`. */
class Board {
  reads = 0;
  readonly #values = new Map<string, number>();
  readonly #listeners: ((name: string | undefined) => void)[] = [];

  readonly functions: readonly ModuleFunction[] = [
    moduleFunction('boardGet', [['name', text()]], (_call, name) => this.#read(name), {
      keep: {
        factOf: (name) => (name.startsWith('brief') ? undefined : name),
        onChange: (listener) => void this.#listeners.push(listener),
      },
    }),
    moduleFunction(
      'boardSet',
      [
        ['name', text()],
        ['value', integer()],
      ],
      (_call, name, value) => this.set(name, value),
      { deferredWhen: 'always', changes: ['boardGet'] },
    ),
  ];

  set(name: string, value: number): void {
    this.#values.set(name, value);
    for (const listener of this.#listeners) listener(name);
  }

  clear(): void {
    this.#values.clear();
    for (const listener of this.#listeners) listener(undefined);
  }

  #read(name: string): number {
    this.reads++;
    return this.#values.get(name) ?? 0;
  }
}

async function boardHost(t: TestContext, body: string, board: Board, more: readonly ModuleFunction[] = []) {
  const init = `initializer.registerRpc('run', (ctx, logger, nk, payload) => { ${body} });`;
  const { host } = await gameHost(t, init, { functions: [...board.functions, ...more] });
  return (payload = '') => host.rpc('run', nobody, payload);
}

test('an answer is kept until what it tells changes; a call that begins after that sees the change', async (t) => {
  const board = new Board();
  const run = await boardHost(t, 'return String(nk.boardGet("score"));', board);
  for (let i = 0; i < 5; i++) assert.equal(await run(), '0');
  assert.equal(board.reads, 1);
  for (let score = 1; score < 50; score++) {
    board.set('score', score);
    assert.equal(await run(), String(score));
  }
  board.clear();
  assert.equal(await run(), '0');
});

test('answers are told apart by their arguments, and a change concerns its own only', async (t) => {
  const board = new Board();
  const run = await boardHost(t, 'return String(nk.boardGet(payload));', board);
  board.set('a', 1);
  board.set('b', 2);
  assert.deepEqual([await run('a'), await run('b')], ['1', '2']);
  board.set('a', 3);
  assert.deepEqual([await run('a'), await run('b')], ['3', '2']);
  assert.equal(board.reads, 3);
});

test('what a module changes itself it sees at once, also where the change crosses without a wait', async (t) => {
  const board = new Board();
  const body = `
    const seen = [];
    for (let i = 1; i <= 3; i++) { seen.push(nk.boardGet('score')); nk.boardSet('score', i); }
    return JSON.stringify([...seen, nk.boardGet('score')]);`;
  const run = await boardHost(t, body, board);
  assert.equal(await run(), '[0,1,2,3]');
  assert.equal(await run(), '[3,1,2,3]');
});

test('a call that waits for something else sees what changed meanwhile', async (t) => {
  const board = new Board();
  let waits: (() => void) | undefined;
  const wait = moduleFunction('wait', [], () => new Promise<void>((resolve) => (waits = resolve)));
  const run = await boardHost(
    t,
    'const before = nk.boardGet("score"); nk.wait(); return before + " " + nk.boardGet("score");',
    board,
    [wait],
  );
  const answer = run();
  while (!waits) await new Promise((resolve) => setImmediate(resolve));
  board.set('score', 7);
  waits();
  assert.equal(await answer, '0 7');
});

test('a call that goes on computing sees a change before long', async (t) => {
  const board = new Board();
  const run = await boardHost(t, 'while (nk.boardGet("score") === 0); return "seen";', board);
  const answer = run();
  while (board.reads === 0) await new Promise((resolve) => setImmediate(resolve));
  board.set('score', 1);
  assert.equal(await answer, 'seen');
});

test('an answer that names no fact is asked for every time', async (t) => {
  const board = new Board();
  const run = await boardHost(t, 'return String(nk.boardGet("brief"));', board);
  await run();
  await run();
  assert.equal(board.reads, 2);
});

test('a kept answer is read anew for each call: modules cannot change it', async (t) => {
  const read = moduleFunction('listGet', [], () => ({ names: ['a'] }), {
    keep: { factOf: () => 'list', onChange: () => {} },
  });
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('run', (ctx, logger, nk) => { const list = nk.listGet(); list.names.push('b'); return JSON.stringify(nk.listGet()); });`,
    { functions: [read] },
  );
  assert.equal(await host.rpc('run', nobody, ''), '{"names":["a"]}');
  assert.equal(await host.rpc('run', nobody, ''), '{"names":["a"]}');
});
