import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { it } from 'node:test';
import type { Notification, Socket, StreamData } from '@heroiclabs/nakama-js';
import { moduleFolder } from '../support/module-folder.ts';
import { clientFor, openSocket, type Player } from '../support/players.ts';
import { startTestServer } from '../support/server.ts';

const module = `
const stream = { mode: 200, label: 'market' };

function audienceOf(kind: string, ctx: nkruntime.Context): nkruntime.NotificationAudience {
  if (kind === 'vars') return { vars: { screen: 'market' } };
  if (kind === 'ids') return { sessionIds: [ctx.sessionId!] };
  return { where: (c) => c.vars.screen === 'market' && c.userId === ctx.userId && c.format === 'json' };
}

function InitModule(ctx, logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer) {
  initializer.registerRpc('one', (ctx, logger, nk, payload) => {
    const { kind, persistent, mark } = JSON.parse(payload);
    nk.notificationSend(ctx.userId!, 'One', { mark }, 1, null, persistent, audienceOf(kind, ctx));
  });
  initializer.registerRpc('many', (ctx, logger, nk, payload) => {
    const { mark } = JSON.parse(payload);
    const one = { userId: ctx.userId!, subject: 'Many', code: 2 };
    nk.notificationsSend([
      { ...one, content: { mark }, to: { where: (c) => c.vars.screen === 'market' } },
      { ...one, content: { mark }, to: { sessionIds: [] } },
    ]);
  });
  initializer.registerRpc('all', (ctx, logger, nk, payload) => {
    nk.notificationSendAll('All', JSON.parse(payload), 3, false, audienceOf('where', ctx));
  });
  initializer.registerRpc('enter', (ctx, logger, nk) => {
    nk.streamUserJoin(ctx.userId!, ctx.sessionId!, stream, true);
  });
  initializer.registerRpc('say', (ctx, logger, nk, payload) => {
    nk.streamSend(stream, payload, null, true, audienceOf('where', ctx));
  });
  initializer.registerRpc('mistaken', (ctx, logger, nk) => {
    nk.notificationSend(ctx.userId!, 'X', {}, 1, null, false, { vars: { a: 1 } } as never);
  });
}
`;

it('modules choose among the connections of a user, on the wire', async (t) => {
  const modulesDir = await moduleFolder(t, { 'main.ts': module });
  const server = await startTestServer({ modulesDir });
  const client = clientFor(server);
  const device = randomUUID();
  const signIn = async (screen: string): Promise<Player> => {
    const session = await client.authenticateCustom(device, true, undefined, { screen });
    return { client, session, userId: session.user_id! };
  };
  const [market, map] = [await signIn('market'), await signIn('map')];
  const sockets: Record<string, Socket> = {
    market: await openSocket(market),
    binary: await openSocket(market, 'protobuf'),
    map: await openSocket(map),
  };
  const heard: string[] = [];
  for (const [name, socket] of Object.entries(sockets)) {
    socket.onnotification = ({ content }: Notification) => heard.push(`${name} ${(content as { mark: string }).mark}`);
    socket.onstreamdata = ({ data }: StreamData) => heard.push(`${name} ${data}`);
  }
  /** Which connections heard of a call; an answer on each of them says that what came before it has come. */
  const after = async (by: string, rpc: string, input: object | string = {}) => {
    await sockets[by]!.rpc(rpc, typeof input === 'string' ? input : JSON.stringify(input));
    for (const socket of Object.values(sockets)) await socket.rpc('enter');
    return heard.splice(0).sort();
  };
  await after('map', 'enter');

  assert.deepEqual(await after('map', 'one', { kind: 'vars', mark: 'a' }), ['binary a', 'market a']);
  assert.deepEqual(await after('map', 'one', { kind: 'ids', mark: 'b' }), ['map b']);
  assert.deepEqual(await after('map', 'one', { kind: 'where', mark: 'c' }), ['market c']);
  assert.deepEqual(await after('map', 'many', { mark: 'd' }), ['binary d', 'market d']);
  assert.deepEqual(await after('map', 'all', { mark: 'e' }), ['market e']);
  assert.deepEqual(await after('map', 'say', 'f'), ['market f']);
  await assert.rejects(async () => sockets.map!.rpc('mistaken'));

  assert.deepEqual(await after('map', 'one', { kind: 'vars', persistent: true, mark: 'g' }), ['binary g', 'market g']);
  assert.deepEqual(await after('map', 'one', { kind: 'where', persistent: true, mark: 'h' }), ['market h']);
  const listed = async ({ session }: Player) =>
    (await client.listNotifications(session, 10)).notifications?.map((n) => (n.content as { mark: string }).mark);
  assert.deepEqual(await listed(market), ['g', 'h']);
  assert.deepEqual(
    await listed(map),
    ['h'],
    'what is kept for sessions with certain variables is listed to those alone',
  );
  for (const socket of Object.values(sockets)) socket.disconnect(false);
});
