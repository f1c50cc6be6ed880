import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { type BannerFacts, banner } from '../../src/cli/banner.ts';

const workingFolder = resolve('/home/game');
const facts: BannerFacts = {
  version: '1.2.3',
  url: 'http://127.0.0.1:7350',
  serverKey: 'defaultkey',
  database: `pglite:${join(workingFolder, '.nk')}`,
  modulesFolder: join(workingFolder, 'modules'),
  chosenBy: '2 files of the folder',
  modules: ['duel', 'idle'],
  registrations: [
    { kind: 'rpc', name: 'duel_start', module: 'duel' },
    { kind: 'rpc', name: 'duel_end', module: 'duel' },
    { kind: 'rtBefore', name: 'ChannelJoin', module: 'duel' },
    { kind: 'callback', name: 'MatchmakerMatched', module: 'duel' },
    { kind: 'match', name: 'arena', module: 'duel' },
  ],
  isWatching: true,
  readyMs: 812,
  workingFolder,
};

test('the banner shows where the server is, on which data and with which modules', () => {
  assert.deepEqual(banner(facts, false).split('\n'), [
    '',
    '  nk 1.2.3  ready in 812 ms',
    '',
    '  clients   http://127.0.0.1:7350  server key defaultkey',
    '  sockets   ws://127.0.0.1:7350/ws',
    '  database  .nk  embedded: survives a killed process, not a power cut',
    '  modules   modules  2 files of the folder, reloaded on change',
    '  duel',
    '    rpc       duel_start, duel_end',
    '    rtBefore  ChannelJoin',
    '    callback  MatchmakerMatched',
    '    match     arena',
    '  idle',
    '    registers nothing',
    '',
    '',
  ]);
});

test('colours change nothing but the colour', () => {
  assert.notEqual(banner(facts, true), banner(facts, false));
  assert.equal(stripVTControlCharacters(banner(facts, true)), banner(facts, false));
});

test('a server key of one’s own is not shown', () => {
  assert.doesNotMatch(banner({ ...facts, serverKey: 'hunter2' }, false), /hunter2/);
});

test('where debuggers attach is shown, where they may', () => {
  const debuggerUrl = 'ws://127.0.0.1:9229/0a1b';
  assert.match(
    banner({ ...facts, debuggerUrl }, false),
    /\n {2}debugger {2}ws:\/\/127\.0\.0\.1:9229\/0a1b {2}attach with VS Code/,
  );
  assert.doesNotMatch(banner(facts, false), /debugger/);
});

test('each database has its remark', () => {
  assert.match(banner({ ...facts, database: 'memory' }, false), /database {2}memory {2}gone when the server ends/);
  assert.match(banner({ ...facts, database: 'postgres://u@h/db' }, false), /database {2}postgres:\/\/u@h\/db\n/);
});
