import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { nk, startNk } from './run-nk.ts';

test('wrong usage ends with 2 and one line that says what was meant', async () => {
  const cases: [string[], RegExp][] = [
    [['serve', '--socket.prot', '1'], /^nk: unknown option '--socket\.prot'; did you mean --socket\.port\?\n$/],
    [['serve', '--modlues', 'x'], /^nk: unknown option '--modlues'; did you mean --modules\?\n$/],
    [['serve', '--port', 'x'], /^nk: --port: socket\.port must be a whole number from 0 to 65535, not "x"\n$/],
    [['sevre'], /^nk: unknown command 'sevre'; see nk --help\n$/],
    [
      ['serve', 'game'],
      /^nk: too many arguments for 'serve'\. Expected 0 arguments but got 1: game; see nk serve --help\n$/,
    ],
    [['db', 'dump'], /^nk: missing required argument 'file'; see nk db dump --help\n$/],
    [['db', 'dmup'], /^nk: unknown command 'dmup'; see nk db --help\n$/],
    [['db', 'load', 'x', '--databse', 'memory'], /^nk: unknown option '--databse'; did you mean --database\?\n$/],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await nk(...args);
    assert.equal(code, 2, args.join(' '));
    assert.match(stderr, message);
  }
});

test('a folder that is not there ends with 1 and names the flag', async () => {
  const { code, stderr } = await nk('serve', '--modules', '/nowhere/game');
  assert.equal(code, 1);
  assert.match(stderr, /^nk: there is no folder .*game: name the folder of your modules with --modules\n$/);
});

test('what a command cannot work with ends with 1 and one line that says what to do', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'nk-cli-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'file');
  await writeFile(file, '');
  const embedded = ['--database', `pglite:${file}`, '--port', '0', '--modules', folder];
  await writeFile(join(folder, 'main.js'), 'function InitModule() {}');
  const cases: [string[], RegExp][] = [
    [['check', join(folder, 'none')], /there is no folder .*none: name that of your modules$/],
    [['init', folder], /is not empty \(file is there\): name a folder that is empty or not there$/],
    [['init', file], /is a file: name a folder that is empty or not there$/],
    [['init', ''], /the folder must have a name$/],
    [['db', 'dump', join(folder, 'none', 'x.gz'), '--database', 'memory'], /there is no folder .*none: name a file in/],
    [['db', 'load', folder, '--database', 'memory'], /^there is no file /],
    [['serve', ...embedded], /there can be no database folder .*file: it is a file; name another$/],
    [
      ['serve', '--database', 'mysql://u@h/db', '--modules', folder],
      /"mysql:.*is none of: memory, pglite:FOLDER, post/,
    ],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = await nk(...args);
    assert.equal(code, 1, args.join(' '));
    assert.match(stderr, /^nk: [^\n]*\n$/);
    assert.match(stderr.slice('nk: '.length, -1), message);
  }
});

test('an unknown key of the file ends with 1; --debug adds the stack', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'nk-cli-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'nk.yml');
  await writeFile(file, 'socket:\n  prot: 1\n');
  const plain = await nk('config', '--config', file);
  assert.deepEqual([plain.code, plain.stderr.split('\n').length], [1, 2]);
  assert.match(plain.stderr, /nk\.yml:2: there is no setting socket\.prot; did you mean socket\.port\?/);
  const debugged = await nk('config', '--config', file, '--debug');
  assert.match(debugged.stderr, /\n +at /);
});

test('--version and --help end with 0', async () => {
  const version = await nk('--version');
  assert.equal(version.code, 0);
  assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/);
  const help = await nk('serve', '--help');
  assert.equal(help.code, 0);
  assert.match(help.stdout, /--modules <folder>/);
  assert.doesNotMatch(help.stdout, /--leaderboard/, 'the many settings are not listed as flags');
});

test('nk config shows values with their origin, and no secret', async () => {
  const environment = { NK_SESSION_TOKEN_EXPIRY_SEC: '90', NK_SOCKET_SERVER_KEY: 'hunter2' };
  const { code, stdout } = await startNk(environment, 'config', '--session.single_socket', '--port', '1').ended();
  assert.equal(code, 0);
  assert.match(stdout, /^session\.token_expiry_sec +90 +env NK_SESSION_TOKEN_EXPIRY_SEC /m);
  assert.match(stdout, /^session\.single_socket +true +flag --session\.single_socket /m);
  assert.match(stdout, /^socket\.port +1 +flag --port /m);
  assert.match(stdout, /^socket\.server_key +"?\*+"? +env /m);
  assert.match(stdout, /^console\.port +7351 +default +\(no effect\)/m);
  assert.doesNotMatch(stdout, /hunter2|defaultencryptionkey/);
});

test('a boolean flag takes a value, too', async () => {
  const { stdout } = await startNk(
    { NK_SESSION_SINGLE_SOCKET: 'true' },
    'config',
    '--session.single_socket=false',
  ).ended();
  assert.match(stdout, /^session\.single_socket +false +flag/m);
});
