import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createModuleFilesFeature } from '../../../src/features/module-files/index.ts';
import { moduleCalls } from '../../support/module-calls.ts';

describe('nk.fileRead', () => {
  let base: string;
  let nk: ReturnType<typeof moduleCalls>;

  before(async () => {
    base = await mkdtemp(join(tmpdir(), 'nk-files-'));
    const folder = join(base, 'modules');
    await mkdir(join(folder, 'data'), { recursive: true });
    await mkdir(join(base, 'modules-beside'));
    await writeFile(join(folder, 'data', 'notice.txt'), 'first line\r\nsecond: après-midi ⚓\n');
    await writeFile(join(folder, 'data', '..dots.txt'), 'dots');
    await writeFile(join(folder, 'data', 'empty.txt'), '');
    await writeFile(join(folder, 'data', 'huge.txt'), '');
    await truncate(join(folder, 'data', 'huge.txt'), 64 * 1024 * 1024);
    await writeFile(join(base, 'secret.txt'), 'secret');
    await writeFile(join(base, 'modules-beside', 'secret.txt'), 'secret');
    await symlink(join(base, 'secret.txt'), join(folder, 'link.txt')).catch(() => undefined);
    await symlink(join(folder, 'data'), join(folder, 'inner')).catch(() => undefined);
    nk = moduleCalls(createModuleFilesFeature({ modulesFolder: folder }));
  });
  after(() => rm(base, { recursive: true }));

  test('gives the text as it is, line ends kept', async () => {
    assert.equal(await nk('fileRead', 'data/notice.txt'), 'first line\r\nsecond: après-midi ⚓\n');
    assert.equal(await nk('fileRead', './data/../data/empty.txt'), '');
    assert.equal(await nk('fileRead', 'data/..dots.txt'), 'dots');
  });
  test('a link that stays below the folder is followed', async () => {
    assert.equal(await nk('fileRead', 'inner/empty.txt'), '');
  });
  test('no such file, a folder, and what is too large fail', async () => {
    await assert.rejects(nk('fileRead', 'data/nothing.txt'), /ENOENT/);
    await assert.rejects(nk('fileRead', 'data'), /not a file/);
    await assert.rejects(nk('fileRead', 'data/huge.txt'), /larger than/);
  });
  test('nothing outside the folder, by whatever way', async () => {
    const ways = [
      '../secret.txt',
      'data/../../secret.txt',
      '../modules-beside/secret.txt',
      'link.txt',
      join(base, 'secret.txt'),
      'data/notice.txt\0',
      '..',
      '.',
    ];
    for (const way of ways) await assert.rejects(nk('fileRead', way), /not below the modules' folder/, way);
  });
  test("a failure does not tell the server's own paths", async () => {
    await assert.rejects(nk('fileRead', 'data/nothing.txt'), (error: Error) => !error.message.includes(base));
  });
  test('an empty path or none is a TypeError', async () => {
    for (const wrong of ['', 7, undefined]) await assert.rejects(nk('fileRead', wrong), TypeError);
  });
});
