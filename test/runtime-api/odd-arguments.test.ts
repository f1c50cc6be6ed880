import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { workerFunctions } from '../../src/runtime/worker/functions/index.ts';
import { isolateFunctions } from '../../src/runtime/worker/prelude/utilities/index.ts';
import { keptLog } from '../runtime/host/support.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { oddCalls, UNDEFINED, type UsualValues } from '../support/odd-arguments.ts';
import { openSocket, type Player, signIn } from '../support/players.ts';
import { databaseKinds, suiteServer } from '../support/server.ts';
import { definedFunctions } from './defined-functions.ts';

// A module calls every nk function with every odd value in every parameter, one at a time. Whatever the database says
// to that is for the log: neither the module nor its client reads a word of SQL, or what tables and constraints are
// called.

const modulesDir = await moduleFolder(
  { after },
  {
    'main.js': `
const given = (value) => value === '${UNDEFINED}' ? undefined : value;
const run = (nk, [name, args]) => nk[name](...args.map(given));
function attempt(nk, call) {
  try {
    run(nk, call);
    return null;
  } catch (error) {
    return error.message;
  }
}
function InitModule(ctx, logger, nk, initializer) {
  initializer.registerRpc('attempt', (ctx, logger, nk, payload) => JSON.stringify(JSON.parse(payload).map((call) => attempt(nk, call))));
  initializer.registerRpc('run', (ctx, logger, nk, payload) => { run(nk, JSON.parse(payload)); });
  initializer.registerRpc('make', (ctx, logger, nk, payload) => JSON.stringify({
    groupId: nk.groupCreate(ctx.userId, payload, ctx.userId).id,
    ...nk.channelMessageSend(nk.channelIdBuild(ctx.userId, 'room', 1), {}, ctx.userId),
    itemId: (nk.walletUpdate(ctx.userId, { coins: 1 }, {}, true), nk.walletLedgerList(ctx.userId).items[0].id),
    userId: ctx.userId,
    deviceId: (nk.linkDevice(ctx.userId, payload), payload),
    customId: (nk.linkCustom(ctx.userId, payload), payload),
    otherId: nk.authenticateDevice('other-' + payload).userId,
  }));
  initializer.registerRpc('names', (ctx, logger, nk) => JSON.stringify(nk.sqlQuery(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace" +
    " UNION SELECT conname FROM pg_constraint WHERE connamespace = 'public'::regnamespace")));
  nk.leaderboardCreate('board', false, 'desc', 'set');
}`,
  },
);

/** Their SQL is the module's own, they hash for long, or they ask others than the database. */
const elsewhere =
  /^(sql|bcrypt|connectionsList|localcacheClear|leaderboardDelete)|Apple|Facebook|GameCenter|Google|Steam|http/;
/** Made for one request at most. */
const MAX_REQUEST_CHARACTERS = 150_000;
/** Of what happens in the background only the log hears. */
const NOT_TOLD_OTHERWISE = 'a notification did not reach all accounts';
const REFUSED = 'the database refused what an nk function asked of it';

/** They do not leave the worker process. */
const local = new Set<string>([...isolateFunctions, ...workerFunctions].map(({ name }) => name));
/** Where the usual arguments are refused, for what they name is not there or cannot be asked for at once. */
const missing = new Map([
  ['accountImportId', /an account export/],
  ['groupsList', /cannot be combined/],
  ['matchCreate', /no match handler/],
  ['matchGet', /match id/],
  ['matchSignal', /match id/],
  ['storageIndexList', /no storage index/],
  ['streamUserJoin', /no connection/],
  ['streamUserUpdate', /no connection/],
  ['unlinkEmail', /not linked/],
]);
const functions = (await definedFunctions()).filter(({ name }) => !local.has(name) && !elsewhere.test(name));

for (const kind of databaseKinds) {
  describe(`nk functions with odd arguments, on ${kind}`, () => {
    const log = keptLog();
    const server = suiteServer(kind, { modulesDir, log, config: { 'runtime.limits.call_time_ms': 60_000 } });
    let player: Player;
    let sql: RegExp;

    const rpc = async (id: string, payload: string) => {
      const response = await fetch(`${server.url}/v2/rpc/${id}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${player.session.token}` },
        body: JSON.stringify(payload),
      });
      const answer = (await response.json()) as { payload?: string; code?: number; message?: string };
      return { status: response.status, ...answer };
    };
    const rpcJson = async <T>(id: string, payload: string): Promise<T> => {
      const { payload: text, message } = await rpc(id, payload);
      assert.ok(text !== undefined, message ?? id);
      return JSON.parse(text) as T;
    };
    /** What the module was told of each call; null where there was nothing to tell. */
    const messagesOf = async (calls: readonly (readonly [string, unknown[]])[]) => {
      const messages: (string | null)[] = [];
      let batch = '';
      const send = async () => {
        if (batch !== '') messages.push(...(await rpcJson<(string | null)[]>('attempt', `[${batch}]`)));
        batch = '';
      };
      for (const call of calls) {
        const text = JSON.stringify(call);
        if (batch.length + text.length > MAX_REQUEST_CHARACTERS) await send();
        batch += batch === '' ? text : `,${text}`;
      }
      await send();
      return messages;
    };

    before(async () => {
      player = await signIn(server);
      const names = (await rpcJson<{ name: string }[]>('names', '')).map(({ name }) => name);
      assert.ok(names.includes('users_username_key'));
      const unlikeWords = names.filter((name) => name.includes('_'));
      sql = new RegExp(
        `${unlikeWords.join('|')}|"(${names.join('|')})"|violates|constraint|relation|syntax|byte sequence|SQL`,
        'i',
      );
    });

    for (const { name, parameters } of functions) {
      it(name, async () => {
        player = await signIn(server);
        const known = await rpcJson<Record<string, string>>('make', randomUUID());
        const calls = [...oddCalls(parameters, usualFor(known))].map((args) => [name, args] as const);
        log.lines.length = 0;
        const messages = await messagesOf(calls);
        const complaints = calls.flatMap((call, i) =>
          sql.test(messages[i] ?? '') ? [`${shown(call)}: ${messages[i]}`] : [],
        );
        const lines = log.lines.filter(({ text }) => text === REFUSED);
        for (const { level, fields } of lines) {
          assert.deepEqual([fields.module, fields.call, fields.function], [basename(modulesDir), 'rpc attempt', name]);
          assert.equal(level, 'warn', (fields.err as Error).message);
        }
        const expected = missing.get(name);
        if (expected) assert.match(messages[0] ?? '', expected);
        else assert.equal(messages[0], null);
        assert.deepEqual(
          log.lines
            .filter(({ level, text }) => level === 'error' && text !== NOT_TOLD_OTHERWISE)
            .map(({ text }) => text),
          [],
        );
        assert.deepEqual(complaints, []);
      });
    }

    for (const [what, call, told, logged] of [
      [
        'what cannot be stored',
        ['usersGetUsername', [['a\u0000b']]],
        'the request holds something that cannot be stored',
        /byte sequence/,
      ],
      [
        'SQL that it refuses',
        ['sqlQuery', ['SELECT dragons FROM users']],
        'the database refused the statement',
        /dragons/,
      ],
    ] as const) {
      it(`of ${what}, which the module does not catch, the client is told no more than that, and the log all`, async () => {
        player = await signIn(server);
        log.lines.length = 0;
        const message = `GoError: ${told}`;
        const { status, ...answer } = await rpc('run', JSON.stringify(call));
        assert.deepEqual([status, answer], [500, { code: 13, error: message, message }]);
        const socket = await openSocket(player);
        await assert.rejects(socket.rpc('run', JSON.stringify(call)), { code: 7, message });
        socket.disconnect(false);
        assert.ok(
          log.lines.some(({ text, fields }) => logged.test(`${text} ${(fields.err as Error | undefined)?.message}`)),
        );
      });
    }

    it('SQL that the database refuses is told to the module with the database’s reason', async () => {
      player = await signIn(server);
      const [message] = await messagesOf([['sqlQuery', ['SELECT dragons FROM users']]]);
      assert.match(message ?? '', /^the database refused the statement: .*dragons/);
    });
  });
}

function shown([name, args]: readonly [string, unknown[]]): string {
  return `${name}(${args.map((arg) => JSON.stringify(arg).slice(0, 50)).join(', ')})`;
}

function usualFor(known: Readonly<Record<string, string>>): UsualValues {
  const others = [known.otherId];
  const byName: Readonly<Record<string, unknown>> = {
    groupId: known.groupId,
    groupID: known.groupId,
    userId: known.userId,
    userIds: others,
    ids: others,
    friendUserId: known.otherId,
    senderId: known.userId,
    ownerId: known.userId,
    creatorId: known.userId,
    callerID: known.userId,
    deviceId: known.deviceId,
    customId: known.customId,
    channelId: known.channelId,
    messageId: known.messageId,
    itemId: known.itemId,
    leaderboardId: 'board',
    operator: 'set',
    sortOrder: 'desc',
    resetSchedule: '0 0 * * *',
    langTag: 'en',
    lang: 'en',
    email: `${randomUUID()}@example.com`,
    changeset: { coins: 1 },
    envelope: { pong: {} },
    cursor: '',
    version: UNDEFINED,
    token: UNDEFINED,
    refreshToken: UNDEFINED,
    query: '*',
  };
  return (name) => byName[name];
}
