import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { OpenDatabase } from '../../../src/database/database.ts';
import { dump } from '../../../src/database/transfer/dump.ts';
import { load } from '../../../src/database/transfer/load.ts';
import { query } from '../../../src/database/transfer/row-text.ts';
import { nk } from '../../cli/run-nk.ts';
import { contents, emptyDatabase, emptyFolder, fill, kinds } from './scene.ts';

const quiet = (): void => {};
/** Opened here, for what a test opens ends with it. */
const scenes = new Map<string, { source: OpenDatabase; target: OpenDatabase }>();
for (const kind of kinds) {
  scenes.set(kind, { source: await emptyDatabase(kind, true), target: await emptyDatabase(kind, true) });
  await fill(scenes.get(kind)!.source);
}

for (const from of kinds) {
  for (const to of kinds) {
    it(`a dump of ${from} fills ${to} with the rows of its beginning, 50,000 of one table among them`, async () => {
      const [source, target] = [await emptyDatabase(from, true), await emptyDatabase(to)];
      await fill(source, 50_000);
      const file = join(await emptyFolder(), 'backup.gz');
      const before = await contents(source);
      let meanwhile: Promise<unknown> | undefined;
      await dump(source, file, (line) => {
        if (line !== 'copying   message: 5000 rows so far') return;
        meanwhile = query(source.db, 'delete from message where true');
      });
      assert.ok(meanwhile, 'progress was told');
      await meanwhile;
      await load(target, file, quiet);
      assert.deepEqual(await contents(target), before);
    });
  }
}

for (const kind of kinds) {
  describe(`a dump that is damaged is refused, and nothing of it stays (${kind})`, () => {
    const cases: Record<string, [(text: string) => string | Buffer, RegExp]> = {
      'a changed value': [(text) => text.replace('"bert"', '"bart"'), /users do not have the checksum/],
      'a removed row': [(text) => text.replace(/\n\["22222222.*/, ''), /of users are missing|checksum/],
      'rows that are cut off': [(text) => text.slice(0, -500), /rows of \w+ are missing or damaged|does not end/],
      'a row that is no JSON': [
        (text) => text.replace('\n["11111111', '\n["11111111"'),
        /rows of users are missing or damaged/,
      ],
      'a value of another type': [
        (text) => text.replace('["22222222-', '["zzzzzzzz-'),
        /rows of users cannot be stored/,
      ],
      'more after the end': [(text) => `${text}[]\n`, /goes on after its end/],
      'no header': [(text) => text.slice(text.indexOf('\n') + 1), /is no dump of nk/],
      'a newer version': [(text) => text.replace('"version":1', '"version":2'), /was made by a newer nk/],
      'a newer migration': [
        (text) => text.replace('"migrations":[', '"migrations":["9999-x",'),
        /was made by a newer nk/,
      ],
      'an unknown column': [(text) => text.replace('"display_name"', '"show_name"'), /no such table as its users/],
      'an archive that is cut off': [(text) => gzipSync(text).subarray(0, -20), /is no gzip file, or is cut off/],
      'no archive': [(text) => Buffer.from(text), /is no gzip file, or is cut off/],
    };

    for (const [name, [change, message]] of Object.entries(cases)) {
      it(name, async () => {
        const { source, target } = scenes.get(kind)!;
        const file = join(await emptyFolder(), 'bad.gz');
        await dump(source, file, quiet);
        const changed = change(gunzipSync(await readFile(file)).toString());
        await writeFile(file, typeof changed === 'string' ? gzipSync(changed) : changed);
        const before = await contents(target);
        await assert.rejects(load(target, file, quiet), message);
        assert.deepEqual(await contents(target), before);
      });
    }
  });

  it(`a database with rows is not loaded into (${kind})`, async () => {
    const { source } = scenes.get(kind)!;
    const file = join(await emptyFolder(), 'backup.gz');
    await dump(source, file, quiet);
    const target = await emptyDatabase(kind, true);
    await query(target.db, `insert into setting (name) values ('x')`);
    await assert.rejects(load(target, file, quiet), /is not empty: its table setting has rows/);
  });
}

it('a dump that fails leaves no file', async () => {
  const folder = await emptyFolder();
  const source = await emptyDatabase('memory');
  await query(source.db, 'drop schema public cascade');
  await query(source.db, 'create schema public');
  await assert.rejects(dump(source, join(folder, 'backup.gz'), quiet), /has no tables of nk/);
  const { source: failing } = scenes.get('memory')!;
  const fail = (): void => {
    throw new Error('disk full');
  };
  await assert.rejects(dump(failing, join(folder, 'backup.gz'), fail), /disk full/);
  await assert.rejects(dump(failing, join(folder, 'none', 'backup.gz'), quiet), {
    name: 'DatabaseError',
    message: /^\S+backup\.gz cannot be written: ENOENT/,
  });
  assert.deepEqual(await readdir(folder), []);
});

it('nk db dump and nk db load save and restore an embedded database', async () => {
  const folder = await emptyFolder();
  const file = join(folder, 'backup.gz');
  const [one, two] = [`pglite:${folder}/one`, `pglite:${folder}/two`];
  assert.equal((await nk('migrate', 'up', '--database', one)).code, 0);
  const dumped = await nk('db', 'dump', file, '--database', one);
  assert.deepEqual([dumped.code, dumped.stderr], [0, '']);
  const loaded = await nk('db', 'load', file, '--database', two);
  assert.deepEqual([loaded.code, loaded.stderr], [0, '']);
  assert.match(loaded.stdout, /^verified {2}\d+ tables/m);
  const again = await nk('db', 'dump', file, '--database', two);
  assert.deepEqual([again.code, again.stderr], [1, `nk: ${file} is there already: name another file\n`]);
});
