import assert from 'node:assert/strict';
import test, { type TestContext } from 'node:test';
import {
  AuthorsError,
  type FunctionCall,
  type ModuleFunction,
  moduleFunction,
} from '../../../src/runtime/module-function.ts';
import {
  audience,
  binary,
  boolean,
  integer,
  json,
  list,
  optional,
  record,
  text,
  uuid,
} from '../../../src/runtime/parameters.ts';
import { gameHost, nobody } from './support.ts';

/** Runs the body of an RPC function against the given nk functions. */
async function run(t: TestContext, functions: readonly ModuleFunction[], body: string, more = {}): Promise<string> {
  const { host } = await gameHost(t, `initializer.registerRpc('run', async (ctx, logger, nk) => { ${body} });`, {
    functions,
    ...more,
  });
  return host.rpc('run', { contextText: '{"userId":"u"}', userId: 'u', sessionId: 's' }, '');
}

const echo = moduleFunction('echo', [['value', json()]], (_call, value) => value);
const fail = moduleFunction('fail', [], () => {
  throw new Error('the disk is full');
});

test('an nk function gets its arguments and its answer is the result', async (t) => {
  const value = '{ a: [1, null, true], text: "\\n\\ud83d\\ude00" }';
  assert.equal(await run(t, [echo], `return JSON.stringify(nk.echo(${value}));`), '{"a":[1,null,true],"text":"\\n😀"}');
});

test('the asynchronous form of an nk function gives a promise', async (t) => {
  const slow = moduleFunction('slow', [['ms', integer()]], async (_call, ms) => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return ms;
  });
  const body = 'return JSON.stringify(await Promise.all([5, 1, 3].map((ms) => nk.async.slow(ms))));';
  assert.equal(await run(t, [slow], body), '[5,1,3]');
});

test('a wrong argument is a TypeError of the module that names function and parameter', async (t) => {
  const body = `
    const told = [];
    for (const attempt of [() => nk.echo(), () => nk.async.echo(), () => nk.echo.call(undefined)]) {
      try { await attempt(); } catch (error) { told.push(error instanceof TypeError, error.constructor === TypeError, error.message); }
    }
    return JSON.stringify(told);`;
  const message = 'nk.echo: value must be a value, not undefined';
  assert.deepEqual(JSON.parse(await run(t, [echo], body)), Array(3).fill([true, true, message]).flat());
});

test('a failure while working is a GoError with the message', async (t) => {
  const body = `
    const told = [];
    for (const attempt of [() => nk.fail(), () => nk.async.fail()]) {
      try { await attempt(); } catch (error) { told.push(error.name, error.constructor.name, error instanceof Error, error instanceof TypeError, error.message); }
    }
    return JSON.stringify(told);`;
  const expected = ['GoError', 'GoError', true, false, 'the disk is full'];
  assert.deepEqual(JSON.parse(await run(t, [fail], body)), [...expected, ...expected]);
});

test('a failure that the module does not catch is told to the caller and placed in the log', async (t) => {
  const { host, log } = await gameHost(t, `initializer.registerRpc('run', (ctx, logger, nk) => {\n nk.fail();\n});`, {
    functions: [fail],
  });
  await assert.rejects(host.rpc('run', nobody, ''), { code: 13, message: /the disk is full/ });
  const line = log.lines.find(({ level }) => level === 'error');
  assert.equal(line?.fields.place, 'game.js:6');
  assert.equal(line?.fields.call, 'rpc run');
});

test('what the database refuses is told in other words than its own, which the log has, with whose call it was', async (t) => {
  const refused = Object.assign(new Error('duplicate key value violates unique constraint "users_username_key"'), {
    code: '23505',
  });
  const direct = moduleFunction('direct', [], () => {
    throw refused;
  });
  const later = moduleFunction('later', [], async () => {
    throw refused;
  });
  const { host, log } = await gameHost(
    t,
    `for (const name of ['direct', 'later']) initializer.registerRpc(name, (ctx, logger, nk) => { nk[name](); });`,
    { functions: [direct, later] },
  );
  for (const name of ['direct', 'later']) {
    const message = 'GoError: something that may be there only once is there already';
    await assert.rejects(host.rpc(name, { contextText: '{}', userId: 'u' }, ''), { code: 13, message });
    const about = log.lines.filter(({ fields }) => fields.err === refused && fields.function === name);
    assert.deepEqual(
      about.map(({ level, fields }) => [level, fields.module, fields.call, fields.user]),
      [['error', 'game', `rpc ${name}`, 'u']],
    );
  }
});

test('a failure in all detail is for the module and the log, the client is told less', async (t) => {
  const confide = moduleFunction('confide', [], () => {
    throw new AuthorsError('no column "dragons"', 'the statement was refused');
  });
  const { host, log } = await gameHost(
    t,
    `initializer.registerRpc('uncaught', (ctx, logger, nk) => { nk.confide(); });
     initializer.registerRpc('awaited', async (ctx, logger, nk) => { await nk.async.confide(); });
     initializer.registerRpc('caught', (ctx, logger, nk) => { try { nk.confide(); } catch (error) { return error.message; } });
     initializer.registerRpc('reworded', (ctx, logger, nk) => {
       try { nk.confide(); } catch (error) { error.message = 'my own: ' + error.message; throw error; }
     });`,
    { functions: [confide] },
  );
  for (const id of ['uncaught', 'awaited']) {
    log.lines.length = 0;
    await assert.rejects(host.rpc(id, nobody, ''), { code: 13, message: 'GoError: the statement was refused' });
    assert.deepEqual(
      log.lines.map(({ text }) => text),
      ['GoError: no column "dragons"'],
    );
  }
  assert.equal(await host.rpc('caught', nobody, ''), 'no column "dragons"');
  await assert.rejects(host.rpc('reworded', nobody, ''), { message: 'GoError: my own: no column "dragons"' });
});

test('what a module puts into every object does not get into its failures', async (t) => {
  const body = `Object.prototype.stack = Object.prototype.clientMessage = () => {}; throw 'told';`;
  await assert.rejects(run(t, [], body), { code: 13, message: 'Error: told' });
});

test('binary arguments and results are ArrayBuffers on both sides', async (t) => {
  const reverse = moduleFunction('reverse', [['data', binary()]], (_call, data) => {
    assert.ok(data instanceof ArrayBuffer);
    return new Uint8Array(data).reverse().buffer;
  });
  const body = `
    const result = nk.reverse(new Uint8Array([1, 2, 255]).buffer);
    const awaited = await nk.async.reverse(new Uint8Array([4]).buffer);
    return JSON.stringify([result instanceof ArrayBuffer, [...new Uint8Array(result)], [...new Uint8Array(awaited)]]);`;
  assert.equal(await run(t, [reverse], body), '[true,[255,2,1],[4]]');
});

test('left-out and null arguments reach the function as the parameters say', async (t) => {
  const seen: unknown[][] = [];
  const take = moduleFunction(
    'take',
    [
      ['a', optional(text())],
      ['b', optional(text(), { orNull: true })],
      ['c', optional(record({ d: optional(boolean()) }))],
    ],
    (_call, ...args) => {
      seen.push(args);
    },
  );
  await run(
    t,
    [take],
    `nk.take(); nk.take(undefined, null, { d: undefined, unknown: 1 }); nk.take('x', 'y', { d: true });`,
  );
  assert.deepEqual(seen, [
    [undefined, undefined, undefined],
    [undefined, undefined, {}],
    ['x', 'y', { d: true }],
  ]);
});

test("what is undefined in an object of the module's own is null, as the reference has it", async (t) => {
  const cases = {
    '{ a: undefined, b: { c: undefined }, d: [undefined, 1] }': '{"a":null,"b":{"c":null},"d":[null,1]}',
    '{ a: 1, b: [{ c: undefined }] }': '{"a":1,"b":[{"c":null}]}',
    '{ at: new Date(0), own: { toJSON: () => ({ x: undefined }) } }':
      '{"at":"1970-01-01T00:00:00.000Z","own":{"x":null}}',
    '{ call() {}, sign: Symbol("s"), list: [() => {}] }': '{"list":[null]}',
  };
  for (const [value, text] of Object.entries(cases)) {
    assert.equal(await run(t, [echo], `return JSON.stringify(nk.echo(${value}));`), text, value);
  }
  const nested = 'let deep = { gone: undefined }; for (let i = 0; i < 40; i++) deep = { deep };';
  assert.match(await run(t, [echo], `${nested} return JSON.stringify(nk.echo(deep));`), /"gone":null\}+$/);
  const circle = 'const o = {}; o.o = o; try { nk.echo(o); } catch (error) { return error.message; }';
  assert.match(
    await run(t, [echo], circle),
    /^nk\.echo: the arguments cannot be written as JSON \(Converting circular/,
  );
});

test('a function knows who calls, and until when it is waited for', async (t) => {
  const calls: Partial<FunctionCall>[] = [];
  const note = moduleFunction('note', [], ({ module, label, origin, deadlineMs }) => {
    calls.push({ module, label, origin: origin!, deadlineMs });
  });
  await run(t, [note], `nk.note(); await null; nk.note(); await nk.async.note();`);
  const origin = { contextText: '{"userId":"u"}', userId: 'u', sessionId: 's' };
  const { deadlineMs } = calls[0]!;
  assert.ok(deadlineMs! > performance.now());
  assert.deepEqual(calls, Array(3).fill({ module: 'game', label: 'rpc run', origin, deadlineMs }));
});

test('a deferred call is not waited for, and arrives before the next one that is', async (t) => {
  const order: string[] = [];
  const send = moduleFunction(
    'send',
    [
      ['what', text()],
      ['wait', optional(boolean())],
    ],
    (_call, what) => {
      order.push(what);
      return what;
    },
    { deferredWhen: { wait: false } },
  );
  assert.equal(
    await run(t, [send], `return String([nk.send('a'), nk.send('b', false), nk.send('c', true), nk.send('d')]);`),
    ',,c,',
  );
  assert.deepEqual(order, ['a', 'b', 'c', 'd']);
});

test('an audience chosen by a function becomes the sessions that it chose', async (t) => {
  const seen: unknown[] = [];
  const send = moduleFunction(
    'send',
    [
      ['userId', uuid()],
      ['to', optional(audience())],
    ],
    (_call, _userId, to) => {
      seen.push(to);
    },
  );
  const sendMany = moduleFunction(
    'sendMany',
    [['messages', list(record({ userId: uuid(), to: optional(audience()) }))]],
    (_call, messages) => {
      seen.push(...messages.map(({ to }) => to));
    },
  );
  const connections = moduleFunction('connectionsList', [['scope', json()]], (_call, scope) => {
    seen.push(scope);
    return [
      { sessionId: 's1', format: 'json' },
      { sessionId: 's2', format: 'protobuf' },
    ];
  });
  const userId = '4c2ae592-b2a7-445e-98ec-697694478b1c';
  const body = `
    const to = { where: (connection) => connection.format === 'protobuf' };
    nk.send('${userId}', to);
    nk.send('${userId}', { vars: { platform: 'pc' } });
    nk.sendMany([{ userId: '${userId}', to }]);
    return String(nk.connectionsList);`;
  assert.equal(await run(t, [send, sendMany, connections], body), 'undefined');
  const chosen = [{ userIds: [userId] }, { sessionIds: ['s2'] }];
  assert.deepEqual(seen, [...chosen, { vars: { platform: 'pc' } }, ...chosen]);
});

test('a name of the module API that nothing implements says so when it is called', async (t) => {
  const { host } = await gameHost(t, `initializer.registerRpc('run', (ctx, logger, nk) => nk.rocketLaunch());`, {
    apiNames: ['rocketLaunch', 'uuidv4'],
  });
  await assert.rejects(host.rpc('run', nobody, ''), { code: 12, message: /nk.rocketLaunch is not implemented yet/ });
});

test('functions of the isolate and of the worker are there', async (t) => {
  const body = `return JSON.stringify([nk.uuidv4().length, nk.uuidv4() !== nk.uuidv4(), nk.jwtGenerate('HS256', 'key', { a: 1 }).split('.').length, nk.base64Encode('a')]);`;
  assert.equal(await run(t, [], body), '[36,true,3,"YQ=="]');
});

test('nk and logger kept from InitModule serve later calls, also after an await', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRpc('run', async (c, l, n, payload) => { const first = nk.echo('a'); await null; return first + nk.echo('b') + (await nk.async.echo('c')); });`,
    { functions: [echo] },
  );
  assert.equal(await host.rpc('run', nobody, ''), 'abc');
});
