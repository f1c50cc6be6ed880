import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDatabase } from '../../../src/database/database.ts';
import { promote } from '../../../src/database/transfer/promote.ts';
import { query } from '../../../src/database/transfer/row-text.ts';
import { startNk } from '../../cli/run-nk.ts';
import { moduleFolder } from '../../support/module-folder.ts';
import { contents, emptyDatabase, emptyFolder, emptyServerDatabase, fill, kinds } from './scene.ts';

const quiet = (): void => {};

for (const kind of kinds) {
  describe(`promoting to an empty database (${kind})`, () => {
    it('copies every row of every table as it is', async () => {
      const [source, target] = [await emptyDatabase('memory', true), await emptyDatabase(kind)];
      await fill(source);
      const lines: string[] = [];
      await promote(source, target, (line) => lines.push(line));
      assert.deepEqual(await contents(target), await contents(source));
      const [anna] = await query(
        target.db,
        `select metadata ->> 'big' as big, extract(microseconds from create_time)::text as microseconds, password
          from users where username = 'anna'`,
      );
      assert.deepEqual(anna, {
        big: '12345678901234567890123.000100',
        microseconds: '59123456',
        password: Buffer.from('00ff0a22', 'hex'),
      });
      assert.match(lines.join('\n'), /^copied {4}users: 3 rows$/m);
      assert.match(lines.at(-1)!, /^verified /);
    });

    it('refuses one that has rows, and names the table', async () => {
      const [source, target] = [await emptyDatabase('memory', true), await emptyDatabase(kind, true)];
      await query(target.db, `insert into leaderboard (id) values ('x')`);
      await assert.rejects(promote(source, target, quiet), /is not empty: its table leaderboard has rows/);
      await query(target.db, 'delete from leaderboard');
      await promote(source, target, quiet);
      await fill(target, 1);
      await assert.rejects(promote(source, target, quiet), /is not empty: its table users has rows/);
    });

    it('goes on where it was interrupted, again and again', async () => {
      const [source, target] = [await emptyDatabase('memory', true), await emptyDatabase(kind)];
      await fill(source, 50_000);
      let interruptions = 0;
      for (let isDone = false; !isDone; ) {
        const interrupt = (line: string): void => {
          if (!line.startsWith('copying')) return;
          interruptions++;
          throw new Error('interrupted');
        };
        isDone = await promote(source, target, interrupt).then(
          () => true,
          (error: Error) => {
            assert.equal(error.message, 'interrupted');
            return false;
          },
        );
      }
      assert.equal(interruptions, 10);
      assert.deepEqual(await contents(target), await contents(source));
    });

    it('notices when either side was changed meanwhile', async () => {
      const [source, target] = [await emptyDatabase('memory', true), await emptyDatabase(kind)];
      await fill(source);
      const stopBeforeTheEnd = (line: string): void => {
        if (line.startsWith('copied    console_user')) throw new Error('interrupted');
      };
      await assert.rejects(promote(source, target, stopBeforeTheEnd), /interrupted/);
      await query(source.db, `update users set display_name = 'Bert' where username = 'bert'`);
      await assert.rejects(promote(source, target, quiet), /the table users differs: 3 rows with checksum/);
      await query(target.db, `update users set display_name = 'Bert' where username = 'bert'`);
      await promote(source, target, quiet);
    });
  });
}

const options = { skip: !process.env.NK_TEST_POSTGRES };

it('nk db promote that is killed in the middle is finished by the next one', options, async (t) => {
  const folder = await moduleFolder(t, { 'modules/main.js': '' });
  const from = `pglite:${folder}/data`;
  const source = await openDatabase({ url: from });
  await fill(source, 50_000);
  const before = await contents(source);
  await source.stop();
  const to = await emptyServerDatabase();
  const command = ['db', 'promote', to, '--database', from, '--modules', `${folder}/modules`];
  const first = startNk({}, ...command);
  await first.untilStdout(/copying {3}message/);
  first.process.kill('SIGKILL');
  await first.ended();

  const other = await openDatabase({ url: 'memory' });
  t.after(() => other.stop());
  const half = await openDatabase({ url: to, isMigrated: false });
  await assert.rejects(promote(other, half, quiet), /is half-filled from pglite:/);
  await half.stop();
  const served = await startNk({}, 'serve', '--modules', `${folder}/modules`, '--database', to).ended();
  assert.equal(served.code, 1);
  assert.match(served.stderr, /^nk: database postgres:[^\n]* is half-filled: [^\n]*"nk db promote postgres:[^\n]*\n$/);

  const second = await startNk({}, ...command).ended();
  assert.deepEqual([second.code, second.stderr], [0, '']);
  assert.match(second.stdout, /^going on with a promotion/);
  assert.match(second.stdout, /start the server with --database postgres:\/\/.*\n$/);
  const target = await openDatabase({ url: to });
  t.after(() => target.stop());
  assert.deepEqual(await contents(target), before);
});

it('nk db promote makes no database where there is none to copy', async () => {
  const folder = await emptyFolder();
  const command = ['db', 'promote', 'postgres://127.0.0.1:1/x', '--modules', folder];
  const { code, stderr } = await startNk({}, ...command).ended();
  assert.equal(code, 1);
  assert.match(stderr, /^nk: there is no database in [^\n]*\n$/);
});
