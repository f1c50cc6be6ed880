import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { databaseUrl } from '../config/database-url.ts';
import { UsageError, UserError } from '../config/user-error.ts';
import type { OpenDatabase } from '../database/database.ts';
import { modulesFolder } from './modules-folder.ts';
import { addSettingFlags, configOf } from './setting-flags.ts';

/** `nk db promote`, `nk db dump` and `nk db load`. */
export function registerDb(program: Command): void {
  const db = program.command('db').description('move, save and restore what a database holds');

  const promote = db.command('promote').argument('<url>', 'postgres://… of an empty database');
  promote.description('copy the embedded database to a PostgreSQL server; may be interrupted and started again');
  addSettingFlags(promote);
  promote.action(async (url: string) => {
    if (!/^postgres(ql)?:\/\//.test(url)) throw new UsageError(`the target must be postgres://…, not "${url}"`);
    await withDatabase(existingDatabase(promote), true, (source) =>
      withDatabase(url, false, async (target) => {
        const { promote: copy } = await import('../database/transfer/promote.ts');
        const { otherTables } = await import('../database/transfer/transfer-table.ts');
        await copy(source, target, print);
        const others = await otherTables(source.db);
        if (others.length > 0) print(`not copied, for they are none of nk's: ${others.join(', ')}`);
        print(`done; from now on start the server with --database ${target.describe()}`);
      }),
    );
  });

  const dump = db.command('dump').argument('<file>', 'the file to write, such as backup.nk.gz');
  dump.description('save all that a database holds to a file; a PostgreSQL database may be in use');
  addSettingFlags(dump);
  dump.action(async (file: string) => {
    if (existsSync(file)) throw new UserError(`${file} is there already: name another file`);
    const folder = dirname(resolve(file));
    if (!existsSync(folder)) throw new UserError(`there is no folder ${folder}: name a file in one that is there`);
    await withDatabase(existingDatabase(dump), false, async (source) => {
      const { dump: write } = await import('../database/transfer/dump.ts');
      await write(source, file, print);
      print(`done; "nk db load ${file}" fills an empty database from it`);
    });
  });

  const load = db.command('load').argument('<file>', 'a file that "nk db dump" has written');
  load.description('fill an empty database from a file; all of it or nothing');
  addSettingFlags(load);
  load.action(async (file: string) => {
    if (!statSync(file, { throwIfNoEntry: false })?.isFile()) throw new UserError(`there is no file ${file}`);
    await withDatabase(databaseOf(load), false, async (target) => {
      const { load: read } = await import('../database/transfer/load.ts');
      await read(target, file, print);
      print(`done; ${target.describe()} holds what ${file} has`);
    });
  });
}

function databaseOf(command: Command): string {
  const { config } = configOf(command);
  return databaseUrl(config, modulesFolder(config.runtime.path));
}

/** As {@link databaseOf}; an embedded database is not made here, and always named by its whole path. */
function existingDatabase(command: Command): string {
  const url = databaseOf(command);
  if (!url.startsWith('pglite:')) return url;
  const folder = resolve(url.slice('pglite:'.length));
  if (!existsSync(folder)) {
    throw new UserError(`there is no database in ${folder}: name it with --database, or its modules with --modules`);
  }
  return `pglite:${folder}`;
}

async function withDatabase(
  url: string,
  isMigrated: boolean,
  act: (database: OpenDatabase) => Promise<void>,
): Promise<void> {
  const { asForbidden, openDatabase } = await import('../database/database.ts');
  const database = await openDatabase({ url, isMigrated });
  try {
    await act(database);
  } catch (error) {
    throw asForbidden(error, database);
  } finally {
    await database.stop();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
