import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { loadConfig } from '../../src/config/load.ts';
import type { RawValue } from '../../src/config/read-value.ts';
import type { Key } from '../../src/config/schema.ts';
import { UsageError, UserError } from '../../src/config/user-error.ts';

test('without any source every value is a default', () => {
  const { config, originOf, warnings } = loadConfig({});
  assert.equal(config.socket.port, 7350);
  assert.equal(config.session.token_expiry_sec, 60);
  assert.equal(config.runtime.js_read_only_globals, false);
  assert.deepEqual(originOf('socket.port'), { source: 'default', name: '' });
  assert.deepEqual(warnings, []);
});

test('file, environment and flags override each other in this order', async (t) => {
  const file = await yamlFile(t, 'socket:\n  port: 1\n  address: a\n  server_key: filekey\nname: one\n');
  const environment = { NK_SOCKET_ADDRESS: 'b', NK_SOCKET_SERVER_KEY: 'envkey' };
  const flags = flagsOf({ 'socket.server_key': 'flagkey' });
  const { config, originOf } = loadConfig({ file, environment, flags });
  assert.deepEqual([config.name, config.socket.port, config.socket.address], ['one', 1, 'b']);
  assert.equal(config.socket.server_key, 'flagkey');
  assert.deepEqual(originOf('socket.port'), { source: 'file', name: `${file}:2` });
  assert.deepEqual(originOf('socket.address'), { source: 'env', name: 'NK_SOCKET_ADDRESS' });
  assert.deepEqual(originOf('socket.server_key'), { source: 'flag', name: '--socket.server_key' });
});

test('texts of the environment and of flags become the type of their setting', () => {
  const environment = {
    NK_SESSION_SINGLE_SOCKET: 'true',
    NK_RUNTIME_ENV: 'A=1,B=x=y',
    NK_MATCHMAKER_INTERVAL_SEC: '5',
  };
  const { config } = loadConfig({ environment, flags: flagsOf({ 'runtime.limits.heap_mb': '64' }) });
  assert.equal(config.session.single_socket, true);
  assert.deepEqual(config.runtime.env, ['A=1', 'B=x=y']);
  assert.equal(config.matchmaker.interval_sec, 5);
  assert.equal(config.runtime.limits.heap_mb, 64);
});

test('a list of the file and a repeated flag keep commas in their items', async (t) => {
  const file = await yamlFile(t, 'runtime:\n  env:\n    - "A=1,2"\n');
  assert.deepEqual(loadConfig({ file }).config.runtime.env, ['A=1,2']);
  const flags = flagsOf({ 'runtime.env': ['A=3,4', 'B=5'] });
  assert.deepEqual(loadConfig({ file, flags }).config.runtime.env, ['A=3,4', 'B=5']);
});

test('a section without content and an alias are read as YAML means them', async (t) => {
  const file = await yamlFile(
    t,
    'session:\nmatch: &queues\n  input_queue_size: 7\n  call_queue_size: 8\nmatchmaker:\n',
  );
  assert.equal(loadConfig({ file }).config.match.call_queue_size, 8);
  const aliased = await yamlFile(t, 'socket:\n  server_key: &key own\nruntime:\n  http_key: *key\n');
  assert.equal(loadConfig({ file: aliased }).config.runtime.http_key, 'own');
});

test('an unknown key is refused with file, line and the nearest known key', async (t) => {
  const file = await yamlFile(t, 'name: x\nsession:\n  token_expiry_secs: 5\n');
  assert.throws(() => loadConfig({ file }), {
    name: 'UserError',
    message: `${file}:3: there is no setting session.token_expiry_secs; did you mean session.token_expiry_sec?`,
  });
});

test('a key outside its section is found by its last part', async (t) => {
  const file = await yamlFile(t, 'token_expiry_sec: 5\n');
  assert.throws(() => loadConfig({ file }), /did you mean session\.token_expiry_sec\?/);
});

test('a value of the wrong type says what is expected, and where', async (t) => {
  const file = await yamlFile(t, 'socket:\n  port: "7350"\n');
  assert.throws(() => loadConfig({ file }), {
    message: `${file}:2: socket.port must be a whole number from 0 to 65535, not "7350"`,
  });
  const environment = { NK_SESSION_SINGLE_SOCKET: 'maybe' };
  assert.throws(() => loadConfig({ environment }), {
    message: 'NK_SESSION_SINGLE_SOCKET: session.single_socket must be true or false, not "maybe"',
  });
  assert.throws(() => loadConfig({ flags: flagsOf({ 'logger.level': 'loud' }) }), {
    name: 'UsageError',
    message: '--logger.level: logger.level must be one of debug, info, warn, error, not "loud"',
  });
});

test('a wrong value of a secret is not repeated', async (t) => {
  const file = await yamlFile(t, 'session:\n  encryption_key: [hunter2]\n');
  assert.throws(
    () => loadConfig({ file }),
    (error: Error) => error instanceof UserError && !error.message.includes('hunter2'),
  );
});

test('text that is not YAML is refused with its line', async (t) => {
  const file = await yamlFile(t, 'name: x\nsocket: {port: 1\n');
  assert.throws(() => loadConfig({ file }), new RegExp(`^UserError: ${escaped(file)}:\\d+: [^:\\n]*$`));
});

test('a file that says nothing of what it names, or goes on in a second document, is refused with the line', async (t) => {
  const dangling = await yamlFile(t, 'name: x\nruntime:\n  env: *shared\n');
  assert.throws(() => loadConfig({ file: dangling }), {
    name: 'UserError',
    message: `${dangling}:3: there is nothing that *shared stands for`,
  });
  const twice = await yamlFile(t, 'name: x\n---\nname: y\n');
  assert.throws(() => loadConfig({ file: twice }), {
    name: 'UserError',
    message: `${twice}:2: the file must end where a second document begins`,
  });
});

test('a missing file says what to correct', () => {
  assert.throws(() => loadConfig({ file: '/nowhere/nk.yml' }), /there is no such file; correct --config/);
});

test('settings that contradict each other are refused', () => {
  const refused: [Partial<Record<Key, string>>, RegExp][] = [
    [{ 'session.single_match': 'true' }, /session\.single_match needs session\.single_socket/],
    [{ 'session.single_party': 'true' }, /session\.single_party needs session\.single_socket/],
    [{ 'socket.ping_period_ms': '25000' }, /must be less than socket\.pong_wait_ms \(25000\)/],
    [{ 'session.refresh_encryption_key': 'defaultencryptionkey' }, /must differ/],
    [{ 'session.encryption_key': '' }, /must not be empty/],
    [{ 'runtime.env': 'novalue' }, /KEY=VALUE/],
    [{ 'runtime.min_isolates': '9' }, /runtime\.max_isolates \(8\)/],
    [{ 'socket.ssl_certificate': 'cert.pem' }, /proxy/],
    [{ 'database.address': 'a,b' }, /must be one address/],
    [{ 'database.address': '' }, /must not be empty/],
    [{ 'social.apple.certs_url': 'appleid.apple.com/auth/keys' }, /must be a URL/],
    [{ 'social.gamecenter.key_origin': '*.apple.com' }, /must be an origin/],
  ];
  for (const [values, message] of refused) {
    assert.throws(
      () => loadConfig({ flags: flagsOf(values) }),
      (error: Error) => error instanceof UsageError && message.test(error.message),
      `${Object.keys(values)[0]} was not refused`,
    );
  }
});

test('settings without effect and misspelt variables are warned about', () => {
  const { warnings } = loadConfig({
    environment: { NK_SOCKET_PROT: '1', NK_TEST_POSTGRES: 'postgres://x' },
    flags: flagsOf({ 'console.port': '7351' }),
  });
  assert.equal(warnings.length, 2);
  assert.match(warnings[0]!, /^the variable NK_SOCKET_PROT sets nothing; did you mean NK_SOCKET_PORT\?$/);
  assert.match(warnings[1]!, /^--console\.port: console\.port is accepted but has no effect/);
});

function flagsOf(values: Partial<Record<Key, string | string[]>>): ReadonlyMap<Key, RawValue> {
  const entries = Object.entries(values) as [Key, string | string[]][];
  return new Map(entries.map(([key, value]) => [key, { value, origin: { source: 'flag', name: `--${key}` } }]));
}

async function yamlFile(t: TestContext, text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nk-config-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'nk.yml');
  await writeFile(file, text);
  return file;
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

test('settings of features to come are accepted, and a warning says so', () => {
  const { config, warnings } = loadConfig({ environment: { NK_SATORI_RETRY_COUNT: '3' } });
  assert.equal(config.satori.retry_count, 3);
  assert.deepEqual(warnings, ['NK_SATORI_RETRY_COUNT: satori.retry_count is accepted but not used yet']);
});
