import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { type Log, silentLog } from '../../src/observability/log.ts';
import { EnvelopeSchema } from '../../src/protocol/gen/nakama/realtime/realtime_pb.js';
import { type Operation, type OperationRoute, operations } from '../../src/protocol/operations.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { type Body, oddRequests, usualRequest } from '../support/odd-requests.ts';
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

const SQL = /select |insert |update |syntax|constraint|encoding/i;

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
    const server = suiteServer(kind, { modulesDir, log, config: { 'socket.max_message_size_bytes': 300_000 } });
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
          if (isOurs || SQL.test(text) || failures.length > 0) {
            complaints.push(`${odd.what}: ${status} ${text.slice(0, 200)} ${failures.splice(0).join()}`);
          }
          // Some requests end the session or the account.
          if (status === 401 || /^(Delete|Session)/.test(operation.name)) player = await signIn();
        }
        assert.deepEqual(complaints, []);
      });
    }

    for (const field of EnvelopeSchema.fields.filter((field) => field.fieldKind === 'message')) {
      it(`the socket message ${field.name}`, async () => {
        const player = await signInByClient(server);
        const known = { channel_id: '2...odd', message_id: randomUUID(), group_id: groupId, user: other.id };
        const usual = usualRequest(field.message, known);
        const complaints: string[] = [];
        let socket = await openRawSocket(server.port, player.session.token);
        for (const odd of oddRequests(field.message, usual, cursors)) {
          if (socket.readyState !== WebSocket.OPEN) socket = await openRawSocket(server.port, player.session.token);
          const answers = await answersTo(socket, { cid: 'odd', [field.name]: odd.request });
          if (answers.some((text) => text.includes('only servers send'))) break;
          for (const text of answers) {
            if (SQL.test(text)) complaints.push(`${odd.what}: ${text.slice(0, 200)}`);
          }
          if (failures.length > 0) complaints.push(`${odd.what}: ${failures.splice(0).join()}`);
        }
        socket.close();
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

async function openRawSocket(port: number, token: string): Promise<WebSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/ws?token=${token}`);
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve);
    socket.addEventListener('error', reject);
  });
  socket.send(JSON.stringify({ channel_join: { target: 'odd', type: 1 } }));
  return socket;
}

/** What comes back until a ping behind the message is answered, or the connection ends. */
async function answersTo(socket: WebSocket, message: object): Promise<string[]> {
  const answers: string[] = [];
  await new Promise<void>((resolve) => {
    socket.onclose = () => resolve();
    socket.onmessage = ({ data }) => {
      answers.push(data);
      if (JSON.parse(data).cid === 'ping') resolve();
    };
    socket.send(JSON.stringify(message));
    socket.send(JSON.stringify({ cid: 'ping', ping: {} }));
  });
  return answers;
}

function textOf(fields: object | string, text: string | undefined): string {
  if (typeof fields === 'string') return fields;
  const { err } = fields as { err?: { message: string; code?: string } };
  return `${text ?? ''} ${err?.code ?? ''} ${err?.message ?? ''}`;
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
