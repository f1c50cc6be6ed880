import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../../src/database/database.ts';

const ENOUGH_WRITES = 200;

describe('the embedded database in a folder', () => {
  let parent = '';
  before(async () => {
    parent = await mkdtemp(join(tmpdir(), 'nk-pglite-'));
  });
  after(() => rm(parent, { recursive: true }));

  it('keeps what it held when it is stopped and opened again', async () => {
    const url = `pglite:${join(parent, 'kept')}`;
    const first = await openDatabase({ url });
    await first.db
      .insertInto('users')
      .values({ id: 'a4a1b7c2-8f0b-4c55-9a5e-0d6ef0e5b1f4', username: 'kept' })
      .execute();
    await first.stop();
    const second = await openDatabase({ url });
    assert.equal((await second.db.selectFrom('users').select('id').where('username', '=', 'kept').execute()).length, 1);
    await second.stop();
  });

  it('is not opened twice', async () => {
    const url = `pglite:${join(parent, 'twice')}`;
    const first = await openDatabase({ url });
    await assert.rejects(openDatabase({ url }), new RegExp(`in use by process ${process.pid}`));
    await first.stop();
    await (await openDatabase({ url })).stop();
  });

  it('loses no acknowledged write when its process is killed', async () => {
    const folder = join(parent, 'killed');
    const writer = spawn(process.execPath, [fileURLToPath(new URL('./writer.ts', import.meta.url)), folder], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let acknowledged = -1;
    for await (const line of createInterface(writer.stdout)) {
      acknowledged = Number(line);
      if (acknowledged === ENOUGH_WRITES) writer.kill('SIGKILL');
    }
    if (writer.exitCode === null && writer.signalCode === null) await once(writer, 'exit');
    assert.equal(writer.signalCode, 'SIGKILL');

    const { db, stop } = await openDatabase({ url: `pglite:${folder}` });
    const rows = await db.selectFrom('users').select('username').where('username', 'like', 'w%').execute();
    const kept = new Set(rows.map(({ username }) => username));
    for (let number = 0; number <= acknowledged; number++) assert.ok(kept.has(`w${number}`), `w${number} is lost`);
    await stop();
  });

  it('starts over in a folder that was never filled to the end', async () => {
    const folder = join(parent, 'unfinished');
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'unfinished'), '');
    await writeFile(join(folder, 'data', 'PG_VERSION'), '18\n');
    const { db, stop } = await openDatabase({ url: `pglite:${folder}` });
    assert.equal((await db.selectFrom('users').select('id').execute()).length, 1);
    assert.equal(existsSync(join(folder, 'unfinished')), false);
    await stop();
  });

  it('that cannot be opened says so, and the folder is free again', async () => {
    const folder = join(parent, 'broken');
    await mkdir(join(folder, 'data'), { recursive: true });
    await writeFile(join(folder, 'data', 'PG_VERSION'), '18\n');
    await assert.rejects(
      openDatabase({ url: `pglite:${folder}` }),
      /^DatabaseError: the database in .* cannot be opened/,
    );
    assert.equal(existsSync(join(folder, 'lock')), false);
  });
});
