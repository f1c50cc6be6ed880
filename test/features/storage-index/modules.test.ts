import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, it } from 'node:test';
import type { Log } from '../../../src/observability/log.ts';
import { moduleFolder, writeFiles } from '../../support/module-folder.ts';
import { startTestServer } from '../../support/server.ts';

/** How long a reload may take before the test is given up. */
const hangGuardMs = 30_000;

/** A module with an index whose filter takes levels from this on; RPCs give what it finds and what went wrong. */
function moduleText(minLevel: number): string {
  return `
    function InitModule(ctx, logger, nk: nkruntime.Nakama, initializer: nkruntime.Initializer) {
      initializer.registerStorageIndex('heroes', 'saves', 'hero', ['level', 'job'], ['level'], 100, false);
      initializer.registerStorageIndexFilter('heroes', (ctx, logger, nk, write) => {
        if (ctx.executionMode !== 'storage_index_filter') throw new Error(ctx.executionMode);
        return write.key === 'hero' && write.value.level >= ${minLevel};
      });
      initializer.registerRpc('find', (ctx, logger, nk, payload) => {
        const { objects } = nk.storageIndexList('heroes', payload, 10, ['-value.level']);
        return objects.map((object) => object.value.level).join();
      });
      initializer.registerRpc('write', (ctx, logger, nk, payload) => {
        nk.storageWrite([{ collection: 'saves', key: 'hero', userId: ctx.userId, value: JSON.parse(payload) }]);
        return String(nk.storageIndexList('heroes', '').objects.length);
      });
      initializer.registerRpc('fail', (ctx, logger, nk) => {
        const name = (run) => {
          try {
            run();
          } catch (error) {
            return error instanceof TypeError ? 'TypeError' : error.name;
          }
        };
        return [
          name(() => nk.storageIndexList('villains', '')),
          name(() => nk.storageIndexList('heroes', '+value.level:>=')),
          name(() => nk.storageIndexList('heroes', '', 0)),
          name(() => nk.storageIndexList('heroes', '', 10, [], 'alice')),
        ].join();
      });
    }
  `;
}

it('a module finds players by what they saved, through its filter, also the one of a reload', {
  timeout: hangGuardMs,
}, async () => {
  const lines = new EventEmitter();
  const modulesDir = await moduleFolder({ after }, { 'main.ts': moduleText(10) });
  const server = await startTestServer({ modulesDir, watch: true, log: logTo(lines) });
  const [alice, bob] = [await signIn(server.url, 'alice-01'), await signIn(server.url, 'bobby-01')];

  const save = { collection: 'saves', key: 'hero', value: '{"level":30,"job":"mage"}' };
  await call(`${server.url}/v2/storage`, alice, 'PUT', { objects: [save] });
  assert.equal(await rpc('find', '+value.job:mage'), '30');
  assert.equal(await rpc('write', '{"level":5}'), '1', 'bob is not indexed');
  assert.equal(await rpc('write', '{"level":40}'), '2', 'bob is indexed when nk.storageWrite has returned');
  assert.equal(await rpc('find', ''), '40,30');
  assert.equal(await rpc('fail', ''), 'GoError,GoError,TypeError,TypeError');

  const isReloaded = once(lines, 'reloaded');
  await writeFiles(modulesDir, { 'main.ts': moduleText(35) });
  await isReloaded;
  assert.equal(await rpc('find', ''), '40');
  await call(`${server.url}/v2/account`, bob, 'DELETE');
  const erin = await signIn(server.url, 'erin-01');
  const { payload } = await call(`${server.url}/v2/rpc/find`, erin, 'POST', '');
  assert.equal(payload ?? '', '');

  async function rpc(id: string, text: string): Promise<unknown> {
    return (await call(`${server.url}/v2/rpc/${id}`, bob, 'POST', text)).payload;
  }
});

it('what cannot be an index is told where it is registered', async () => {
  const bad: [call: string, message: RegExp][] = [
    [
      `registerStorageIndex('', 'c', '', ['f'], [], 10, false)`,
      /initializer\.registerStorageIndex: name must not be empty/,
    ],
    [`registerStorageIndex('i', 'c', '', 'f', [], 10, false)`, /registerStorageIndex: fields must be a list/],
    [`registerStorageIndex('i', 'c', '', [], [], 10, false)`, /fields must name at least one/],
    [`registerStorageIndex('i', 'c', '', ['f'], [], 0, false)`, /maxEntries must be at least 1/],
    [`registerStorageIndexFilter('i', 'filter')`, /a function is expected/],
  ];
  for (const [text, message] of bad) {
    const files = { 'main.js': `function InitModule(ctx, logger, nk, initializer) {\n  initializer.${text};\n}` };
    const modulesDir = await moduleFolder({ after }, files);
    await assert.rejects(startTestServer({ modulesDir }), (error: Error) => {
      assert.match(error.message, message);
      assert.match(error.message, /main\.js:2/);
      return true;
    });
  }
});

async function signIn(url: string, id: string): Promise<string> {
  const basic = `Basic ${btoa('defaultkey:')}`;
  const session = await call(`${url}/v2/account/authenticate/custom`, basic, 'POST', { id });
  return `Bearer ${String(session.token)}`;
}

async function call(url: string, authorization: string, method: string, body?: unknown) {
  const response = await fetch(url, {
    method,
    headers: { authorization },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as Record<string, unknown>;
  assert.ok(response.ok, JSON.stringify(answer));
  return answer;
}

/** A log that tells of reloads. */
function logTo(lines: EventEmitter): Log {
  const write = (...line: unknown[]): void => void (/^reloaded/.test(String(line.at(-1))) && lines.emit('reloaded'));
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log } as unknown as Log;
  return log;
}
