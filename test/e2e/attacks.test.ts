import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { keptLog } from '../runtime/host/support.ts';
import { moduleFolder } from '../support/module-folder.ts';
import { openSocket, type Player, signIn } from '../support/players.ts';
import { startTestServer } from '../support/server.ts';

const attacker = `
function loop() {
  while (true);
}

function InitModule(ctx, logger, nk, initializer) {
  const rpc = (id, run) => initializer.registerRpc(id, (ctx, logger, nk, payload) => run(nk, payload, ctx));
  const isAttack = (request) => request.username === 'attack' || request.status === 'attack';

  initializer.registerBeforeUpdateAccount((ctx, logger, nk, request) => (isAttack(request) ? loop() : request));
  initializer.registerAfterUpdateAccount((ctx, logger, nk, response, request) => { if (request.username === 'attackLater') loop(); });
  initializer.registerRtBefore('StatusUpdate', (ctx, logger, nk, envelope) => (envelope.statusUpdate.status === 'attack' ? loop() : envelope));
  initializer.registerRtAfter('StatusUpdate', (ctx, logger, nk, out, envelope) => { if (envelope.statusUpdate.status === 'attackLater') loop(); });
  initializer.registerStorageIndex('traps', 'traps', '', ['kind'], [], 100, false);
  initializer.registerStorageIndexFilter('traps', () => loop());

  const write = (i) => [{ collection: 'flood', key: String(i), value: {} }];
  rpc('writes', (nk) => {
    for (let i = 0; i < 1e6; i++) {
      nk.storageWrite(write(i));
      nk.localcachePut('acknowledged', i + 1);
    }
  });
  rpc('writesAtOnce', (nk) => {
    const objects = Array.from({ length: 20000 }, (_, i) => ({ collection: 'atOnce', key: String(i), value: {} }));
    nk.storageWrite(objects);
  });
  rpc('writesUnawaited', (nk) => {
    for (let i = 0; i < 1e6; i++) nk.async.storageWrite([{ collection: 'unawaited', key: String(i), value: {} }]).catch(() => {});
  });
  rpc('written', (nk, collection) => JSON.stringify({
    acknowledged: nk.localcacheGet('acknowledged'),
    count: nk.sqlQuery('SELECT count(*) AS count FROM storage WHERE collection = $1', [collection])[0].count,
  }));

  rpc('populate', (nk, range) => {
    nk.sqlExec(
      "INSERT INTO users (id, username) SELECT gen_random_uuid(), 'crowd-' || n FROM generate_series($1::int, $2::int) AS n",
      JSON.parse(range),
    );
  });
  rpc('tellAll', (nk) => nk.notificationSendAll('Hear', {}, 1, true));
  rpc('tellEach', (nk) => {
    const users = nk.sqlQuery("SELECT id FROM users WHERE username LIKE 'crowd-%' LIMIT 20000");
    nk.notificationsSend(users.map(({ id }) => ({ userId: id, subject: 'Each', content: {}, code: 2, persistent: true })));
  });
  rpc('told', (nk, subject) => String(nk.sqlQuery('SELECT count(*) AS count FROM notification WHERE subject = $1', [subject])[0].count));

  const stays = (ctx, logger, nk, dispatcher, tick, state) => ({ state });
  initializer.registerMatch('lobby', {
    matchInit: () => ({ state: {}, tickRate: 60 }),
    matchJoinAttempt: (ctx, logger, nk, dispatcher, tick, state) => ({ state, accept: true }),
    matchJoin: stays, matchLeave: stays, matchLoop: stays, matchTerminate: () => null, matchSignal: stays,
  });
  rpc('openLobby', (nk) => nk.matchCreate('lobby'));

  const self = (url, id) => url + '/v2/rpc/' + id + '?http_key=defaulthttpkey&unwrap';
  rpc('self', (nk, url) => nk.httpRequest(self(url, 'self'), 'post', {}, url, 3000).body);
  rpc('selfAsync', async (nk, url) => (await nk.async.httpRequest(self(url, 'selfAsync'), 'post', {}, url, 3000)).body);
  rpc('selfThrice', async (nk, url) => {
    const call = () => nk.async.httpRequest(self(url, 'selfThrice'), 'post', {}, url, 3000);
    return (await Promise.all([call(), call(), call()]))[0].body;
  });
  rpc('request', (nk, url) => nk.httpRequest(url, 'get', {}, '', 3000).body);
  rpc('requests', async (nk, url) => {
    await Promise.all(Array.from({ length: 1000 }, () => nk.async.httpRequest(url, 'get', {}, '', 3000)));
  });
  rpc('slow', async (nk, payload) => {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    return payload;
  });
}
`;

const bystander = `
function InitModule(ctx, logger, nk, initializer) {
  initializer.registerRpc('echo', (ctx, logger, nk, payload) => payload);
  initializer.registerRpc('copyAccount', (ctx, logger, nk, to) => {
    return JSON.stringify(nk.accountImportId(nk.accountExportId(ctx.userId), JSON.parse(to)));
  });
  initializer.registerRpc('badImport', (ctx, logger, nk) => {
    try {
      nk.accountImportId('{}', ctx.userId);
    } catch (error) {
      return error.name + ' ' + (error instanceof TypeError);
    }
  });
}
`;

const modulesDir = await moduleFolder({ after }, { 'attacker.js': attacker, 'bystander.js': bystander });
const log = keptLog();
const server = await startTestServer({
  modulesDir,
  log,
  config: {
    'runtime.workers': 1,
    'runtime.limits.call_cpu_ms': 800,
    'runtime.limits.call_time_ms': 2000,
    'socket.outgoing_queue_size': 1024,
  },
});
const [bad, good] = [await signIn(server), await signIn(server)];
const [badSocket, goodSocket] = [await openSocket(bad), await openSocket(good)];
let closed = 0;
for (const socket of [badSocket, goodSocket]) socket.ondisconnect = () => closed++;

/** The text of an RPC's failure, or nothing. */
async function failureOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof Response) return ((await error.json()) as { message: string }).message;
    return (error as { message?: string }).message ?? String(error);
  }
}

/** Runs an attack while another player goes on calling another module over a socket: every call is answered meanwhile. */
async function unharmedBy<T>(attack: Promise<T>): Promise<T> {
  let isOver = false;
  const settled = attack.finally(() => {
    isOver = true;
  });
  settled.catch(() => {});
  for (let calls = 0; !isOver || calls < 3; calls++) {
    assert.equal((await goodSocket.rpc('echo', `${calls}`)).payload, `${calls}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(closed, 0, 'the sockets stay open');
  return settled;
}

/** Calls an RPC of the attacker as a server would, so that its failure is a plain text. */
async function attack(id: string, payload = ''): Promise<string> {
  const response = await fetch(`${server.url}/v2/rpc/${id}?http_key=defaulthttpkey&unwrap`, {
    method: 'POST',
    body: payload,
  });
  const text = await response.text();
  if (!response.ok) throw new Error((JSON.parse(text) as { message: string }).message);
  return text;
}

/** The answer of an RPC, which may have to wait until the database has done what an attack left it to do. */
async function answerOf(id: string, payload: string): Promise<string> {
  for (;;) {
    try {
      return await attack(id, payload);
    } catch (error) {
      assert.match((error as Error).message, limit('callTimeMs'));
    }
  }
}

const limit = (name: string) => new RegExp(`module attacker: .*\\(limit ${name}\\)`);

describe('loops in hooks of a real server', () => {
  /** Where the attacker's loop stands. */
  const place = 'attacker.js:3';
  /** Waits until the log tells the author which limit a function broke, and where. */
  const untilTold = async (label: string) => {
    const tells = ({ fields, text }: (typeof log.lines)[number]) =>
      fields.limit === 'callCpuMs' &&
      fields.place === place &&
      fields.call === label &&
      text.includes(`at loop (${place}:`);
    while (!log.lines.some(tells)) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  const attacks: Readonly<Record<string, (player: Player) => Promise<unknown>>> = {
    'before UpdateAccount': ({ client, session }) => client.updateAccount(session, { username: 'attack' }),
    'rtBefore StatusUpdate': () => badSocket.updateStatus('attack'),
  };
  for (const [label, run] of Object.entries(attacks)) {
    it(`${label}: the sender is told the limit, the author the line, others are served meanwhile`, async () => {
      assert.match((await unharmedBy(failureOf(run(bad)))) ?? '', limit('callCpuMs'));
      await untilTold(label);
    });
  }

  const later: Readonly<Record<string, (player: Player) => Promise<unknown>>> = {
    'after UpdateAccount': ({ client, session }) => client.updateAccount(session, { username: 'attackLater' }),
    'rtAfter StatusUpdate': () => badSocket.updateStatus('attackLater'),
    'storageIndexFilter traps': ({ client, session }) =>
      client.writeStorageObjects(session, [{ collection: 'traps', key: 'a', value: { kind: 'pit' } }]),
  };
  for (const [label, run] of Object.entries(later)) {
    it(`${label}: the author is told the line, the sender and others are served on`, async () => {
      await unharmedBy(failureOf(run(bad)).then(() => untilTold(label)));
      await badSocket.rpc('echo', 'x');
    });
  }
});

describe('a module that writes without end', () => {
  const written = async (collection: string) =>
    JSON.parse(await answerOf('written', collection)) as { acknowledged: number; count: number };

  it('a million objects one by one: ended; what was acknowledged is there, and nothing is half there', async () => {
    assert.match((await unharmedBy(failureOf(attack('writes')))) ?? '', limit('callTimeMs'));
    const { acknowledged, count } = await written('flood');
    assert.ok(acknowledged > 0);
    assert.ok(count === acknowledged || count === acknowledged + 1, `${count} written, ${acknowledged} acknowledged`);
  });

  it('very many in one call: all or none are there', async () => {
    const failure = await unharmedBy(failureOf(attack('writesAtOnce')));
    if (failure !== undefined) assert.match(failure, limit('call(Time|Cpu)Ms'));
    const { count } = await written('atOnce');
    assert.ok(failure === undefined ? count === 20_000 : count === 0 || count === 20_000, String(count));
  });

  it('without waiting: no more than may be under way', async () => {
    await unharmedBy(failureOf(attack('writesUnawaited')));
    let { count } = await written('unawaited');
    for (let before = -1; before !== count; ) {
      before = count;
      ({ count } = await written('unawaited'));
    }
    assert.ok(count <= 256, String(count));
  });
});

describe('a module that tells a hundred thousand users', () => {
  const crowd = 100_000;
  const part = 5000;
  const told = async (subject: string) => Number(await answerOf('told', subject));

  before(async () => {
    for (let n = 0; n < crowd; n += part) await answerOf('populate', JSON.stringify([n, n + part - 1]));
  });

  it('all of them: others are served while the copies are stored, also by the database', async () => {
    await attack('tellAll');
    let seen = 0;
    for (let n = 0; n < crowd; n = await told('Hear')) {
      const { payload } = await goodSocket.rpc('echo', `${n}`);
      assert.equal(payload, `${n}`);
      await good.client.getAccount(good.session);
      seen++;
    }
    assert.ok(seen > 10, 'there were turns in between');
    assert.equal(closed, 0);
  });

  it('twenty thousand in one call: all or none are told, others are served meanwhile', async () => {
    const failure = await unharmedBy(failureOf(attack('tellEach')));
    if (failure !== undefined) assert.match(failure, limit('call(Time|Cpu)Ms'));
    const count = await told('Each');
    assert.ok(count === 20_000 || (failure !== undefined && count === 0), `${count} told: ${failure}`);
  });
});

describe('a module that calls others', () => {
  for (const id of ['self', 'selfAsync']) {
    it(`itself, again and again (${id}): refused where it is nested too deep`, async () => {
      assert.match(await unharmedBy(attack(id, server.url)), /nested more than 4 deep \(runtime.http_request_depth\)/);
      assert.equal(await attack('slow', 'x'), 'x', 'nothing goes on');
    });
  }

  it('itself, several times each time: the calls that it causes come to an end', async () => {
    const failure = await unharmedBy(failureOf(attack('selfThrice', server.url)));
    if (failure !== undefined) assert.match(failure, limit('call(Time|Cpu)Ms'));
    while ((await failureOf(attack('slow', 'x'))) !== undefined);
  });

  it('a server that never answers: the calls end in time', async (t) => {
    const silent = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    t.after(() => silent.close());
    const { port } = silent.address() as { port: number };
    const calls = [attack('request', `http://127.0.0.1:${port}/`), attack('requests', `http://127.0.0.1:${port}/`)];
    const [one, many] = await unharmedBy(Promise.all(calls.map(failureOf)));
    assert.match(one ?? '', limit('callTimeMs'));
    assert.match(many ?? '', /limit (callTimeMs|pendingHostCalls)/);
  });

  it("where clouds hand out the machine's credentials: refused", async () => {
    const failure = await unharmedBy(failureOf(attack('request', 'http://169.254.169.254/latest/meta-data/')));
    assert.match(failure ?? '', /runtime.http_request_allow_metadata is off/);
  });
});

describe('workers that are killed', () => {
  it('take their calls along, and no socket', async (t) => {
    if (process.platform !== 'linux') return t.skip('child processes are found in /proc');
    for (let cutOff = 0; cutOff === 0; ) {
      const calls = Array.from({ length: 100 }, (_, i) => failureOf(attack('slow', String(i))));
      calls.push(failureOf(badSocket.rpc('slow', 'x')));
      await goodSocket.rpc('echo', 'x');
      for (const pid of workerPids()) process.kill(pid, 'SIGKILL');
      for (const failure of await Promise.all(calls)) {
        if (failure === undefined) continue;
        assert.match(failure, /cut off|being restarted|limit callTimeMs/);
        cutOff++;
      }
    }
    while ((await failureOf(goodSocket.rpc('echo', 'x'))) !== undefined);
    assert.equal((await badSocket.rpc('echo', 'x')).payload, 'x');
    assert.equal(closed, 0);
  });
});

describe('workers that are killed while matches run', () => {
  it('take these along: who was in one is told that all have left, and plays on in another', async (t) => {
    if (process.platform !== 'linux') return t.skip('child processes are found in /proc');
    const sockets = [goodSocket, badSocket];
    const matchId = (await goodSocket.rpc('openLobby', '')).payload!;
    for (const socket of sockets) await socket.joinMatch(matchId);
    const told = sockets.map(
      (socket) =>
        new Promise<number>((resolve) => {
          socket.onmatchpresence = ({ match_id, leaves }) => match_id === matchId && leaves && resolve(leaves.length);
        }),
    );
    for (const pid of workerPids()) process.kill(pid, 'SIGKILL');
    assert.deepEqual(await Promise.all(told), [2, 2]);
    await assert.rejects(goodSocket.joinMatch(matchId), { code: 4 });
    let next: string | undefined;
    while (next === undefined) next = (await goodSocket.rpc('openLobby', '').catch(() => undefined))?.payload;
    for (const socket of sockets) await socket.joinMatch(next);
    assert.equal(closed, 0);
  });
});

describe('accountImportId in an isolate', () => {
  it('takes over what accountExportId gave, for another user', async () => {
    const from = await signIn(server);
    await from.client.updateAccount(from.session, { display_name: 'Ida' });
    await from.client.writeStorageObjects(from.session, [{ collection: 'ship', key: 'otter', value: { masts: 2 } }]);
    const to = await signIn(server);
    const { payload } = await from.client.rpc(from.session, 'copyAccount', to.userId as unknown as object);
    assert.equal((payload as { user: { userId: string } }).user.userId, to.userId);
    const { user } = await to.client.getAccount(to.session);
    assert.equal(user?.display_name, 'Ida');
    const { objects } = await to.client.readStorageObjects(to.session, {
      object_ids: [{ collection: 'ship', key: 'otter', user_id: to.userId }],
    });
    assert.deepEqual(objects[0]?.value, { masts: 2 });
  });

  it('throws a TypeError of the isolate for what is no export', async () => {
    assert.equal((await goodSocket.rpc('badImport', '')).payload, 'TypeError true');
  });
});

/** The processes that this one has started to run modules. */
function workerPids(): number[] {
  const children = readdirSync('/proc/self/task').flatMap((task) =>
    readFileSync(`/proc/self/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
  return children.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('runtime/worker'));
}
