import assert from 'node:assert/strict';
import test from 'node:test';
import { clientMessageNames } from '../../../src/protocol/envelope.ts';
import { gameHost, hostFor, moduleOf, nobody } from './support.ts';

test('a before hook answers the request to serve, or null', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerBeforeAuthenticateDevice((ctx, logger, nk, data) => { data.seen = ctx.executionMode; return data; });
     initializer.registerBeforeGetAccount((ctx, logger, nk, data) => { if (data !== null) throw new Error('null expected'); });`,
  );
  const changed = await host.hook('before', 'AuthenticateDevice')!.call(nobody, '{"account":{"id":"x"}}');
  assert.deepEqual(JSON.parse(changed!), { account: { id: 'x' }, seen: 'before' });
  assert.equal(await host.hook('before', 'GetAccount')!.call(nobody, null), null);
});

test('an after hook gets the response and the request; what it returns is ignored', async (t) => {
  const { host, log } = await gameHost(
    t,
    `initializer.registerAfterAuthenticateDevice((...args) => { args[1].info('%v %v %v', args.length, args[3].token, args[4].id); return 5; });`,
  );
  assert.equal(await host.hook('after', 'AuthenticateDevice')!.call(nobody, '{"token":"t"}', '{"id":"i"}'), null);
  assert.equal(log.lines.at(-1)?.text, '5 t i');
});

test('hooks of socket messages are found whatever the case of the name', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerRtBefore('channelMESSAGESend', (ctx, logger, nk, envelope) => envelope);
     initializer.registerRtAfter('ChannelJoin', () => {});`,
  );
  assert.equal(await host.hook('rtBefore', 'ChannelMessageSend')!.call(nobody, '{"cid":"1"}'), '{"cid":"1"}');
  assert.ok(host.hook('rtAfter', 'ChannelJoin'));
  assert.equal(host.hook('rtBefore', 'ChannelJoin'), undefined);
  assert.equal(host.hook('before', 'AuthenticateDevice'), undefined);
});

test('a hook of a message that clients do not send is warned of, with the one that was meant', async (t) => {
  const { log } = await gameHost(
    t,
    `const hook = () => {};
     initializer.registerRtBefore('ChanelJoin', hook);
     initializer.registerRtAfter('ChannelMessage', hook);
     initializer.registerRtBefore('channeljoin', hook);
     initializer.registerRtAfter('Surrender', hook);`,
    { messageNames: clientMessageNames },
  );
  assert.deepEqual(
    log.lines.filter(({ level }) => level === 'warn').map(({ text }) => text),
    [
      'registerRtBefore: clients send no message ChanelJoin, so this is never called; did you mean ChannelJoin?',
      'registerRtAfter: clients send no message ChannelMessage, so this is never called; did you mean ChannelMessageSend?',
      'registerRtAfter: clients send no message Surrender, so this is never called',
    ],
  );
});

test('a hook that returns what is no JSON value fails', async (t) => {
  const { host } = await gameHost(t, `initializer.registerRtBefore('Ping', () => () => 1);`);
  await assert.rejects(host.hook('rtBefore', 'Ping')!.call(nobody, '{}'), { code: 13 });
});

test('what is registered first counts, also across modules, and the second is warned about with both places', async (t) => {
  const { host, log } = await hostFor(t, [
    moduleOf('a', `initializer.registerRpc('same', () => 'first');\ninitializer.registerRpc('SAME', () => 'second');`),
    moduleOf('b', `initializer.registerRpc('same', () => 'third');`),
  ]);
  assert.equal(await host.rpc('same', nobody, ''), 'first');
  const warnings = log.lines.filter(({ level }) => level === 'warn');
  assert.deepEqual(
    warnings.map(({ fields }) => [fields.place, fields.first]),
    [
      ['a.js:6', 'a.js:5'],
      ['b.js:5', 'a.js:5'],
    ],
  );
  assert.deepEqual(host.registrations(), [{ kind: 'rpc', name: 'same', module: 'a', place: 'a.js:5' }]);
});

test('a wrong registration is a TypeError, and the module may go on', async (t) => {
  const { host } = await gameHost(
    t,
    `const names = [];
     for (const attempt of [() => initializer.registerRpc('', () => ''), () => initializer.registerRpc(5, () => ''), () => initializer.registerRpc('x', 'no'), () => initializer.registerBeforeGetAccount(null), () => initializer.registerRtBefore('x')]) {
       try { attempt(); names.push('none'); } catch (error) { names.push(error.name); }
     }
     initializer.registerRpc('names', () => names.join());`,
  );
  assert.equal(await host.rpc('names', nobody, ''), Array(5).fill('TypeError').join());
  assert.equal(host.hasRpc('x'), false);
});

test('any function can be a handler', async (t) => {
  const { host } = await gameHost(
    t,
    `const game = { name: 'bound', rpc() { return this === undefined ? 'method' : 'this'; } };
     class Arena { static rpc() { return 'static'; } }
     initializer.registerRpc('method', game.rpc);
     initializer.registerRpc('static', Arena.rpc);
     initializer.registerRpc('bound', (function () { return this.name; }).bind(game));`,
  );
  const answers = await Promise.all(['method', 'static', 'bound'].map((id) => host.rpc(id, nobody, '')));
  assert.deepEqual(answers, ['method', 'static', 'bound']);
});

test('getConfig gives the configuration, fresh each time', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.getConfig().name = 'changed'; const config = JSON.stringify(initializer.getConfig()); initializer.registerRpc('config', () => config);`,
    { config: { name: 'node1', socket: { port: 7350 } } },
  );
  assert.deepEqual(JSON.parse(await host.rpc('config', nobody, '')), { name: 'node1', socket: { port: 7350 } });
});

test('a callback gets what the server calls it with, in the mode that the server names', async (t) => {
  const { host } = await gameHost(
    t,
    `initializer.registerLeaderboardReset((ctx, logger, nk, board, reset) => [ctx.executionMode, board.id, reset]);`,
  );
  const hook = host.hook('callback', 'LeaderboardReset')!;
  const origin = { contextText: '{"executionMode":"leaderboard_reset"}' };
  assert.equal(await hook.call(origin, '{"id":"b"}', '60'), '["leaderboard_reset","b",60]');
  assert.equal(host.hook('callback', 'TournamentReset'), undefined);
});
