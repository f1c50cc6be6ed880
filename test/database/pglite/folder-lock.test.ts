import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { lockFolder } from '../../../src/database/pglite/folder-lock.ts';

describe('the lock of a database folder', () => {
  let folder = '';
  let lockPath = '';

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'nk-lock-'));
    lockPath = join(folder, 'lock');
  });
  beforeEach(() => rm(lockPath, { force: true }));
  after(() => rm(folder, { recursive: true }));

  it('keeps a second opener out, and names the process', async () => {
    const unlock = await lockFolder(lockPath, folder);
    await assert.rejects(lockFolder(lockPath, folder), {
      name: 'DatabaseError',
      message: new RegExp(`is in use by process ${process.pid}\\.`),
    });
    await unlock();
    await (await lockFolder(lockPath, folder))();
  });

  it('of a process that lives is never taken, even when it does not answer', async () => {
    const child = spawn(process.execPath, ['-e', 'console.log(1); for (;;);'], { stdio: ['ignore', 'pipe', 'ignore'] });
    await once(child.stdout, 'data');
    await writeLock({ pid: child.pid });
    await assert.rejects(lockFolder(lockPath, folder), new RegExp(`process ${child.pid}\\.`));
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await lockFolder(lockPath, folder))();
  });

  it('of an earlier process that had our id is taken over', async () => {
    await writeLock({ pid: process.pid, token: 'of an earlier one' });
    await lockFolder(lockPath, folder);
    assert.notEqual(JSON.parse(await readFile(lockPath, 'utf8')).token, 'of an earlier one');
  });

  it('of a process whose id was given to another is taken over', { skip: process.platform !== 'linux' }, async () => {
    await writeLock({ pid: process.ppid, startIdentity: 'of another boot' });
    await (await lockFolder(lockPath, folder))();
  });

  it('of another machine is respected: its processes cannot be seen from here', async () => {
    await writeLock({ pid: 1, host: 'elsewhere' });
    await assert.rejects(lockFolder(lockPath, folder), /process 1 on elsewhere.*if it has ended, delete /);
  });

  it('that was never finished is taken over', async () => {
    await writeFile(lockPath, '');
    await (await lockFolder(lockPath, folder))();
  });

  it('of a dead process goes to one of several that want it', async () => {
    await writeLock({ pid: process.pid, token: 'of an earlier one' });
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => lockFolder(lockPath, folder)));
    assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  async function writeLock(holder: object): Promise<void> {
    await writeFile(lockPath, JSON.stringify({ host: hostname(), token: 'x', startIdentity: null, ...holder }));
  }
});
