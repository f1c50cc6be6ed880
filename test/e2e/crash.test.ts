import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { after, describe, it } from 'node:test';
import type { Socket } from '@heroiclabs/nakama-js';
import { type Running, startNk } from '../cli/run-nk.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { clientFor, openSocket, type Player, signIn } from '../support/players.ts';
import { clientFrame, Opcode, RawClient } from '../support/raw-client.ts';
import { databaseKinds, freshDatabase } from '../support/server.ts';

const module = `
function InitModule(ctx, logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer) {
  initializer.registerRpc('notify', (ctx, logger, nk, mark) => {
    nk.notificationSend(ctx.userId!, 'Kept', { mark }, 1, null, true);
    return mark;
  });
  initializer.registerRpc('slow', async (ctx, logger, nk, payload) => {
    logger.info('slow call has begun');
    await new Promise((resolve) => setTimeout(resolve, 500));
    nk.notificationSend(ctx.userId!, 'Late', { mark: payload }, 1, null, true);
    return payload;
  });
}
`;

/** Acknowledgements of each kind before the server is killed. */
const ENOUGH = 150;
/** What a stop may take; one that takes longer ends with another code. */
const GRACE_SEC = 20;
/** A test that takes longer waits for something that will not come. */
const HANG_GUARD_MS = 120_000;

interface Served {
  readonly running: Running;
  readonly port: number;
}

for (const kind of databaseKinds) {
  describe(`a server on ${kind === 'memory' ? 'PGlite' : 'PostgreSQL'}`, () => {
    it('that is killed has lost nothing that it acknowledged', { timeout: HANG_GUARD_MS }, async (t) => {
      const place = await placeFor(kind);
      const first = await serve(place);
      const player = await signIn(first);
      const socket = await openSocket(player);
      const channel = await socket.joinChat('harbour', 1, true, false);
      const said: string[] = [];
      const told: string[] = [];
      const gone = new Promise<void>((resolve) => (socket.ondisconnect = () => resolve()));
      const { process: serverProcess } = first.running;
      const killWhenEnough = () => {
        if (said.length >= ENOUGH && told.length >= ENOUGH) serverProcess.kill('SIGKILL');
      };
      const busy = [
        untilKilled(serverProcess, async (mark) => {
          await socket.writeChatMessage(channel.id, { mark });
          said.push(mark);
          killWhenEnough();
        }),
        untilKilled(serverProcess, async (mark) => {
          await socket.rpc('notify', mark);
          told.push(mark);
          killWhenEnough();
        }),
      ];
      await Promise.race([gone, Promise.all(busy)]);
      await first.running.ended();
      const [acknowledgedMessages, acknowledgedNotifications] = [[...said], [...told]];

      const second = await serve(place);
      t.after(() => second.running.process.kill('SIGKILL'));
      const back: Player = { ...player, client: clientFor(second) };
      const kept = { messages: await allMessages(back, channel.id), notifications: await allNotifications(back) };
      assert.deepEqual(missing(acknowledgedMessages, kept.messages), []);
      assert.deepEqual(missing(acknowledgedNotifications, kept.notifications), []);
    });

    it('that is told to stop finishes calls, tells its sockets why and ends with 0', {
      timeout: HANG_GUARD_MS,
    }, async (t) => {
      if (process.platform === 'win32') return t.skip('there is no SIGTERM');
      const server = await serve(await placeFor(kind));
      const player = await signIn(server);
      const watching = await RawClient.open(server, player.session.token);
      const busy = await openSocket(player);
      const answered = [busyCalls(busy), player.client.rpc(player.session, 'slow', { over: 'http' })] as const;
      await server.running.untilStdout(/slow call has begun/);
      const slow = answered[1];
      server.running.process.kill('SIGTERM');

      let frame = await watching.frame();
      while (frame && frame.opcode !== Opcode.CLOSE) frame = await watching.frame();
      assert.equal(frame?.payload.readUInt16BE(), 1000);
      assert.equal(String(frame?.payload.subarray(2)), 'the server is shutting down');
      watching.send(clientFrame(Opcode.CLOSE, frame!.payload));
      await answered[0];
      assert.deepEqual((await slow).payload, { over: 'http' });
      const { code } = await server.running.ended();
      assert.equal(code, 0);
    });
  });
}

interface Place {
  readonly modules: string;
  readonly database: string;
}

async function placeFor(kind: string): Promise<Place> {
  const modules = await moduleFolder({ after }, { 'modules/main.ts': module });
  return {
    modules: `${modules}/modules`,
    database: kind === 'memory' ? `pglite:${modules}/data` : await freshDatabase(kind),
  };
}

async function serve({ modules, database }: Place): Promise<Served> {
  const settings = [
    '--session.token_expiry_sec',
    '7200',
    '--shutdown_grace_sec',
    String(GRACE_SEC),
    '--logger.level',
    'info',
  ];
  const running = startNk({}, 'serve', '--modules', modules, '--database', database, '--port', '0', ...settings);
  after(() => running.process.kill('SIGKILL'));
  const stdout = await running.untilStdout(/"msg":"ready".*\n/);
  const ready = stdout.split('\n').find((line) => line.includes('"msg":"ready"'))!;
  return { running, port: Number(new URL((JSON.parse(ready) as { url: string }).url).port) };
}

/** Runs one step after another, each with a mark of its own. Only the end of the server may make one fail. */
async function untilKilled(server: ChildProcess, step: (mark: string) => Promise<void>): Promise<void> {
  while (!server.killed) {
    await step(randomUUID()).catch((error) => {
      if (!server.killed) throw error;
    });
  }
}

/**
 * Calls over a socket until it is closed. Once the server stops it refuses new calls; no other answer may be an error.
 * The stock client itself fails with a text, when the socket has begun to close.
 */
async function busyCalls(socket: Socket): Promise<void> {
  const closed = new Promise<'closed'>((resolve) => {
    socket.ondisconnect = () => resolve('closed');
  });
  const call = () =>
    socket.rpc('notify', 'x').catch((error) => {
      if (typeof error === 'string') return closed;
      assert.equal(error.message, 'the server is stopping');
    });
  while ((await Promise.race([call(), closed])) !== 'closed');
}

async function allMessages({ client, session }: Player, channelId: string): Promise<string[]> {
  const marks: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listChannelMessages(session, channelId, 100, true, cursor);
    for (const message of page.messages ?? []) marks.push((message.content as { mark: string }).mark);
    cursor = page.next_cursor || undefined;
  } while (cursor);
  return marks;
}

async function allNotifications({ client, session }: Player): Promise<string[]> {
  const marks: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await client.listNotifications(session, 100, cursor);
    if (!page.notifications?.length) return marks;
    for (const { content } of page.notifications) marks.push((content as { mark: string }).mark);
    cursor = page.cacheable_cursor;
  }
}

function missing(expected: readonly string[], present: readonly string[]): string[] {
  const found = new Set(present);
  return expected.filter((mark) => !found.has(mark));
}
