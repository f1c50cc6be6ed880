import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { moduleFolder } from '../support/module-folder.ts';
import { nk, startNk } from './run-nk.ts';

const module = 'function InitModule(ctx, logger, nk, initializer) {}';

test('nk serve says where it is, warns about default keys and stops in order on SIGTERM', async (t) => {
  const folder = await moduleFolder(t, { 'main.js': module });
  const server = startNk(
    { NK_RUNTIME_HTTP_KEY: 'own' },
    'serve',
    '--modules',
    folder,
    '--database',
    'memory',
    '--port',
    '0',
  );
  t.after(() => server.process.kill('SIGKILL'));
  const stdout = await server.untilStdout(/"key":"session\.refresh_encryption_key"/);
  const lines = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const ready = lines.find(({ msg }) => msg === 'ready');
  assert.equal(ready.database, 'memory');
  const warned = lines.filter(({ level, key }) => level === 'warn' && key !== undefined).map(({ key }) => key);
  assert.deepEqual(warned, ['socket.server_key', 'session.encryption_key', 'session.refresh_encryption_key']);
  assert.equal((await fetch(`${ready.url}/healthcheck`)).status, 200);

  if (process.platform === 'win32') return;
  server.process.kill('SIGTERM');
  const { code, stderr } = await server.ended();
  assert.deepEqual([code, stderr], [0, '']);
});

test('a taken port ends with 1 and names the flag', async (t) => {
  const folder = await moduleFolder(t, { 'main.js': module });
  const other = createServer().listen(0);
  t.after(() => other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { code, stderr } = await nk('serve', '--modules', folder, '--database', 'memory', '--port', String(port));
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^nk: [^\\n]*${port} is taken: [^\\n]*--port\\n$`));
});

test('a database that is not there ends with 1 and one line', async (t) => {
  const folder = await moduleFolder(t, { 'main.js': module });
  const { code, stderr } = await nk(
    'serve',
    '--modules',
    folder,
    '--database',
    'postgres://nobody:hunter2@127.0.0.1:1/game',
  );
  assert.equal(code, 1);
  assert.match(stderr, /^nk: [^\n]*127\.0\.0\.1:1[^\n]*\n$/);
  assert.doesNotMatch(stderr, /hunter2/);
});

test('a second server on the same embedded database ends with 1 and names the process that has it', async (t) => {
  const folder = await moduleFolder(t, { 'modules/main.js': module });
  const command = ['serve', '--modules', `${folder}/modules`, '--database', `pglite:${folder}/data`, '--port', '0'];
  const first = startNk({}, ...command);
  t.after(() => first.process.kill('SIGKILL'));
  await first.untilStdout(/"msg":"ready"/);
  const { code, stderr } = await nk(...command);
  assert.equal(code, 1);
  assert.match(stderr, new RegExp(`^nk: [^\\n]*\\b${first.process.pid}\\b[^\\n]*\\n$`));
});

test('an unknown key of the configuration file ends with 1 before anything is started', async (t) => {
  const folder = await moduleFolder(t, { 'main.js': module, 'nk.yml': 'session:\n  token_expiry: 1\n' });
  const { code, stdout, stderr } = await nk('serve', '--modules', folder, '--config', `${folder}/nk.yml`);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(
    stderr,
    /^nk: [^\n]*nk\.yml:2: there is no setting session\.token_expiry; did you mean session\.token_expiry_sec\?\n$/,
  );
});

test('a database in memory whose engine fails ends with 1 and one line', async (t) => {
  const folder = await moduleFolder(t, {
    'main.js': `function fail(ctx, logger, nk) {
      const deep = "repeat('[', 2000000) || repeat(']', 2000000)";
      nk.sqlExec("do $$ begin set max_stack_depth = '7MB'; perform (" + deep + ")::jsonb; end $$");
    }
    function InitModule(ctx, logger, nk, initializer) { initializer.registerRpc('fail', fail); }`,
  });
  const server = startNk({}, 'serve', '--modules', folder, '--database', 'memory', '--port', '0');
  t.after(() => server.process.kill('SIGKILL'));
  const stdout = await server.untilStdout(/"msg":"ready"/);
  const url = /"url":"([^"]*)"/.exec(stdout)![1];
  await fetch(`${url}/v2/rpc/fail?http_key=defaulthttpkey`).catch(() => {});
  const { code, stderr } = await server.ended();
  assert.equal(code, 1);
  assert.match(stderr, /^nk: the database in memory has failed, and its data is lost: [^\n]*\n$/);
});

test('nk serve --inspect names the address for debuggers; without it there is none', async (t) => {
  const folder = await moduleFolder(t, { 'main.js': module });
  const started = async (...flags: string[]) => {
    const server = startNk({}, 'serve', '--modules', folder, '--database', 'memory', '--port', '0', ...flags);
    t.after(() => server.process.kill('SIGKILL'));
    const line = (await server.untilStdout(/"msg":"ready".*\n/))
      .split('\n')
      .find((text) => text.includes('"msg":"ready"'));
    return JSON.parse(line!).debugger as string | undefined;
  };
  const address = await started('--inspect', '127.0.0.1:0');
  const { host, pathname } = new URL(address!);
  const [target] = (await (await fetch(`http://${host}/json/list`)).json()) as { webSocketDebuggerUrl: string }[];
  assert.ok(target!.webSocketDebuggerUrl.startsWith(`ws://${host}${pathname}/`));
  assert.equal(await started(), undefined);

  const { code, stderr } = await nk('serve', '--modules', folder, '--inspect', '0.0.0.0:0');
  assert.equal(code, 2);
  assert.match(stderr, /^nk: --inspect: [^\n]*runtime\.inspect_token[^\n]*\n$/);
});
