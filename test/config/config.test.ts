import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { createConfig, runtimeEnvironment } from '../../src/config/config.ts';
import { databaseUrl } from '../../src/config/database-url.ts';
import { defaultKeyWarnings } from '../../src/config/default-keys.ts';
import { variableOf } from '../../src/config/environment.ts';
import { configForModules } from '../../src/config/module-config.ts';
import { levenshtein, nearest } from '../../src/config/nearest.ts';
import { keys } from '../../src/config/schema.ts';
import { defaultLimits } from '../../src/runtime/limits.ts';

test('runtime.env is a map for ctx.env, the last of equal names counting', () => {
  const config = createConfig({ 'runtime.env': ['A=1', 'B=x=y', 'A=2'] });
  assert.deepEqual({ ...runtimeEnvironment(config) }, { A: '2', B: 'x=y' });
});

test('no two settings share an environment variable', () => {
  assert.equal(new Set(keys.map(variableOf)).size, keys.length);
  assert.equal(variableOf('session.token_expiry_sec'), 'NK_SESSION_TOKEN_EXPIRY_SEC');
});

test('keys left at their defaults are named', () => {
  assert.deepEqual(defaultKeyWarnings(createConfig({ 'socket.server_key': 'own', 'runtime.http_key': 'own' })), [
    'session.encryption_key',
    'session.refresh_encryption_key',
  ]);
});

test('modules see the sections that the reference shows them, and a change of theirs changes nothing', () => {
  const config = createConfig({ 'runtime.env': ['A=1'], 'social.apple.bundle_id': 'org.game' });
  const seen = configForModules(config);
  assert.deepEqual(Object.keys(seen), [
    'name',
    'shutdown_grace_sec',
    'logger',
    'session',
    'socket',
    'social',
    'runtime',
    'iap',
    'google_auth',
    'satori',
  ]);
  assert.deepEqual(seen.logger, { level: 'info' });
  assert.deepEqual(seen.socket, { server_key: 'defaultkey', port: 7350, address: '', protocol: 'tcp' });
  assert.deepEqual(seen.runtime, { env: ['A=1'], http_key: 'defaulthttpkey' });
  assert.equal(seen.social.apple.bundle_id, 'org.game');
  seen.runtime.env.push('B=2');
  assert.deepEqual(config.runtime.env, ['A=1']);
});

test("the schema's limits are the runtime's own defaults", () => {
  const { limits } = createConfig().runtime;
  for (const [key, value] of Object.entries({ ...limits, timers_per_isolate: limits.timers })) {
    if (key === 'timers') continue;
    const name = key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    assert.equal(value, (defaultLimits as unknown as Record<string, number>)[name], key);
  }
});

test('a database is named by address, and is embedded beside the modules when there is none', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'nk-modules-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const urlOf = (address: string) => databaseUrl(createConfig({ 'database.address': [address] }), folder);
  assert.equal(urlOf('memory'), 'memory');
  assert.equal(urlOf('postgres://u@h/db'), 'postgres://u@h/db');
  assert.equal(urlOf('u:p@h:5432/db'), 'postgres://u:p@h:5432/db');
  assert.equal(urlOf('pglite:/data'), 'pglite:/data');
  // Whoever opens it says which there are.
  assert.equal(urlOf('mysql://u@h/db'), 'mysql://u@h/db');
  assert.equal(databaseUrl(createConfig(), folder), `pglite:${join(dirname(folder), '.nk')}`);
  assert.equal(databaseUrl(createConfig({ data_dir: 'data' }), folder), `pglite:${resolve('data')}`);
  await writeFile(join(folder, 'package.json'), '{}');
  assert.equal(databaseUrl(createConfig(), folder), `pglite:${join(folder, '.nk')}`);
});

test('the nearest name is found within reason', () => {
  assert.equal(levenshtein('kitten', 'sitting'), 3);
  assert.equal(nearest('socket.prot', keys), 'socket.port');
  assert.equal(nearest('interval_sec', keys), 'matchmaker.interval_sec');
  assert.equal(nearest('completely_different_thing', keys), undefined);
});
