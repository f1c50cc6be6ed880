import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { type Log, silentLog } from '../../src/observability/log.ts';
import { type Operation, type OperationRoute, operations } from '../../src/protocol/operations.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { openSocket, signIn as signInByClient } from '../support/players.ts';
import { databaseKinds, suiteServer } from '../support/server.ts';

// Every operation is called with every odd value in every field of its request, one at a time. Whatever a client
// sends, the answer is the client's own fault (4xx) or none: never a failure of the server, never a word of SQL.

const modulesDir = await moduleFolder(
  { after },
  {
    'main.js': `function InitModule(ctx, logger, nk, initializer) {
      nk.leaderboardCreate('board', false, 'desc', 'incr');
    }`,
  },
);

/** These ask other companies, whose answers their own tests make up. */
const elsewhere = /Apple|Facebook|GameCenter|Google|Steam/;

/** These answer 500 on purpose to some of what they cannot take, as the reference does; they too say why. */
const internalByRule = /^(Write|Delete)(Leaderboard|Tournament)Record$|^List(Parties|Matches|Tournaments)$/;

const LONG = 'x'.repeat(100_000);
const oddTexts = [
  '',
  'a\u0000b',
  'a\ud800b',
  LONG,
  '%_\\',
  `'";--`,
  '-1',
  '99999999999999999999',
  '{"a":"\\u0000"}',
  '{"a":"\\ud800"}',
  '{"a\\u0000":1}',
  '{"a":1e999999}',
  `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  'WyJ4Il0',
  'bnVsbA==',
  '00000000-0000-0000-0000-000000000000',
];
const oddValues = new Map<ScalarType, readonly unknown[]>([
  [ScalarType.STRING, oddTexts],
  [ScalarType.BYTES, ['', 'AA==', '%']],
  [ScalarType.BOOL, [true, false]],
  [ScalarType.INT32, [-1, 0, 2_147_483_647, -2_147_483_648, 2_147_483_648]],
  [ScalarType.UINT32, [0, 4_294_967_295, -1]],
  [ScalarType.INT64, ['-1', '0', '9223372036854775807', '-9223372036854775808', '9223372036854775808']],
]);
const oddTimes = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '2026-02-30T00:00:00Z'];

/** A request as JSON, by the names of the wire. */
type Body = Readonly<Record<string, unknown>>;

interface Player {
  readonly token: string;
  readonly id: string;
}

for (const kind of databaseKinds) {
  describe(`odd values, on ${kind}`, () => {
    const failures: string[] = [];
    const log: Log = {
      ...silentLog,
      error: (fields: object | string, text?: string) => void failures.push(textOf(fields, text)),
    };
    const server = suiteServer(kind, { modulesDir, log });
    let other: Player;
    let groupId: string;
    const cursors: string[] = [];

    const call = async (player: Player | null, method: string, path: string, body?: unknown) => {
      const authorization = player ? `Bearer ${player.token}` : `Basic ${btoa('defaultkey:')}`;
      const response = await fetch(server.url + path, {
        method,
        headers: { authorization },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, text: await response.text() };
    };
    const signIn = async (): Promise<Player> => {
      const { text } = await call(null, 'POST', '/v2/account/authenticate/device', { id: `odd-${randomUUID()}` });
      const { token } = JSON.parse(text) as { token: string };
      return { token, id: JSON.parse(atob(token.split('.')[1]!)).uid };
    };

    before(async () => {
      other = await signIn();
      const put = (path: string, body: object) => call(other, path === '/v2/storage' ? 'PUT' : 'POST', path, body);
      for (const name of ['first', 'second', 'third']) {
        ({ id: groupId } = JSON.parse((await put('/v2/group', { name: `${name} ${kind}`, open: true })).text));
        await put('/v2/storage', { objects: [{ collection: 'c', key: name, value: '{}', permission_read: 2 }] });
        await put(`/v2/friend?ids=${(await signIn()).id}`, {});
      }
      for (const path of [
        '/v2/group',
        '/v2/storage/c',
        '/v2/friend',
        '/v2/notification',
        `/v2/user/${other.id}/group`,
      ]) {
        const { cursor, cacheable_cursor } = JSON.parse((await call(other, 'GET', `${path}?limit=1`)).text);
        if (cursor || cacheable_cursor) cursors.push(cursor || cacheable_cursor);
      }
      assert.ok(cursors.length >= 3);
    });

    for (const operation of operations.filter(({ auth, name }) => auth !== 'rpc' && !elsewhere.test(name))) {
      it(operation.name, async () => {
        const usual = usualRequest(operation.method.input, { group_id: groupId, user: other.id });
        const complaints: string[] = [];
        let player = await signIn();
        for (const odd of oddRequests(operation.method.input, usual, cursors)) {
          const { method, path, body } = httpRequestOf(operation, odd.request);
          const { status, text } = await call(operation.auth === 'session' ? player : null, method, path, body);
          const isOurs = status >= 500 && status !== 501 && !internalByRule.test(operation.name);
          if (isOurs || /select |insert |update |syntax|constraint|encoding/i.test(text) || failures.length > 0) {
            complaints.push(`${odd.what}: ${status} ${text.slice(0, 200)} ${failures.splice(0).join()}`);
          }
          // Some requests end the session or the account.
          if (status === 401 || /^(Delete|Session)/.test(operation.name)) player = await signIn();
        }
        assert.deepEqual(complaints, []);
      });
    }

    it('a socket message with what cannot be stored is refused with the reason, and the connection goes on', async () => {
      const player = await signInByClient(server);
      const socket = await openSocket(player);
      const channel = await socket.joinChat('odd', 1, true, false);
      for (const odd of ['\u0000', '\ud800']) {
        await assert.rejects(socket.writeChatMessage(channel.id, { odd }), {
          message: 'the message holds something that cannot be stored',
        });
      }
      await socket.writeChatMessage(channel.id, { odd: 'no' });
      socket.disconnect(false);
      assert.deepEqual(failures, []);
    });

    it('a request of 10 MB is refused', async () => {
      const value = JSON.stringify({ a: 'x'.repeat(10_000_000) });
      const { status } = await call(await signIn(), 'PUT', '/v2/storage', {
        objects: [{ collection: 'c', key: 'k', value }],
      });
      assert.equal(status, 400);
    });
  });
}

function textOf(fields: object | string, text: string | undefined): string {
  if (typeof fields === 'string') return fields;
  const { err } = fields as { err?: { message: string; code?: string } };
  return `${text ?? ''} ${err?.code ?? ''} ${err?.message ?? ''}`;
}

/** A request that may well succeed. */
function usualRequest(desc: DescMessage, known: Readonly<Record<string, string>>): Body {
  return Object.fromEntries(desc.fields.map((field) => [field.name, usualValue(field, known)]));
}

function usualValue(field: DescField, known: Readonly<Record<string, string>>): unknown {
  if (field.fieldKind === 'map') return { k: 'v' };
  const one = usualSingle(field, known);
  return field.fieldKind === 'list' ? [one] : one;
}

function usualSingle(field: DescField, known: Readonly<Record<string, string>>): unknown {
  const message = 'message' in field ? field.message : undefined;
  if (message) return valueOfWrapper(message) ? usualText(field.name, known) : usualOfMessage(message, known);
  if (field.fieldKind === 'enum' || field.scalar !== ScalarType.STRING)
    return field.scalar === ScalarType.BOOL ? true : 1;
  return usualText(field.name, known);
}

function usualOfMessage(message: DescMessage, known: Readonly<Record<string, string>>): unknown {
  return message.typeName === 'google.protobuf.Timestamp' ? '2026-01-01T00:00:00Z' : usualRequest(message, known);
}

function usualText(name: string, known: Readonly<Record<string, string>>): unknown {
  if (/limit|direction|state|members|rank/.test(name)) return 1;
  if (/open|create|import|forward|persistent|sync/.test(name)) return true;
  if (/group_id/.test(name)) return known.group_id;
  if (/user_id|owner_id|^ids$/.test(name)) return known.user;
  if (/value|metadata/.test(name)) return '{}';
  if (/leaderboard/.test(name)) return 'board';
  if (/cursor|version/.test(name)) return '';
  if (/email/.test(name)) return `${randomUUID()}@example.com`;
  return /^(id|name|username|password)$/.test(name) ? randomUUID() : 'x';
}

/** The type within `google.protobuf.Int32Value` and its like. */
function valueOfWrapper(message: DescMessage): DescField | undefined {
  return /^google\.protobuf\.\w+Value$/.test(message.typeName) ? message.fields[0] : undefined;
}

/** The usual request, and each that differs from it by one odd value. */
function* oddRequests(
  desc: DescMessage,
  usual: Body,
  cursors: readonly string[],
): Generator<{ what: string; request: Body }> {
  yield { what: 'the usual', request: usual };
  for (const field of desc.fields) {
    for (const odd of oddValuesOf(field, usual[field.name], cursors)) {
      const what = `${field.name} = ${(JSON.stringify(odd) ?? 'left out').slice(0, 60)}`;
      yield { what, request: { ...usual, ...freshNames(usual), [field.name]: odd } };
    }
  }
}

/** What may be used only once. */
function freshNames(usual: Body): Body {
  return 'name' in usual ? { name: randomUUID() } : {};
}

function* oddValuesOf(field: DescField, usual: unknown, cursors: readonly string[]): Generator<unknown> {
  yield undefined;
  if (field.fieldKind === 'map') {
    for (const text of oddTexts) yield* [{ [text]: 'v' }, { k: text }];
  } else if (field.fieldKind === 'list') {
    const [one] = usual as unknown[];
    yield Array.from({ length: 2000 }, () => one);
    yield [one, one];
    for (const odd of oddSingles(field, one, cursors)) if (odd !== undefined) yield [odd];
  } else {
    yield* oddSingles(field, usual, cursors);
    if (/cursor/.test(field.name)) yield* cursors;
  }
}

function* oddSingles(field: DescField, usual: unknown, cursors: readonly string[]): Generator<unknown> {
  const message = 'message' in field ? field.message : undefined;
  const wrapped = message && valueOfWrapper(message);
  if (wrapped) yield* oddValues.get(wrapped.scalar!) ?? [];
  else if (message?.typeName === 'google.protobuf.Timestamp') yield* oddTimes;
  else if (message) for (const { request } of oddRequests(message, usual as Body, cursors)) yield request;
  else if (field.fieldKind === 'enum') yield* [-1, 99, 'NONSENSE'];
  else yield* oddValues.get(field.scalar!) ?? [];
}

/** The request at the operation's first route: path, query and body by its definition. */
function httpRequestOf({ routes }: Operation, request: Body): { method: string; path: string; body: unknown } {
  const { httpMethod, segments, body } = routes[0] as OperationRoute;
  const inPath = new Set(segments.flatMap((segment) => ('parameter' in segment ? [segment.parameter] : [])));
  const path = segments.map((segment) =>
    'literal' in segment ? segment.literal : escaped(String(request[segment.parameter] ?? '')),
  );
  const rest = Object.entries(request).filter(([name]) => !inPath.has(name) && name !== body);
  const query = body === '*' ? '' : queryOf(rest);
  const sent = body === '*' ? Object.fromEntries(rest) : body === null ? undefined : request[body];
  return { method: httpMethod, path: `/${path.join('/')}${query ? `?${query}` : ''}`, body: sent };
}

function queryOf(fields: readonly (readonly [string, unknown])[]): string {
  return fields
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => [name, one] as const))
    .filter(([, value]) => value !== undefined && typeof value !== 'object')
    .map(([name, value]) => `${name}=${escaped(String(value))}`)
    .join('&')
    .slice(0, 8000);
}

/** Percent-encoded, also half a pair, as its three bytes. */
function escaped(text: string): string {
  return text
    .slice(0, 4000)
    .split(/(\p{Cs})/u)
    .map((part) => (/^\p{Cs}$/u.test(part) ? '%ED%A0%80' : encodeURIComponent(part)))
    .join('');
}
