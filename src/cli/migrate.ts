import type { Command } from 'commander';
import { databaseUrl } from '../config/database-url.ts';
import type { OpenDatabase } from '../database/database.ts';
import { modulesFolder } from './modules-folder.ts';
import { addSettingFlags, configOf } from './setting-flags.ts';

/** `nk migrate up` and `nk migrate status`. */
export function registerMigrate(program: Command): void {
  const migrate = program.command('migrate').description('bring the tables of a database to this version’s');

  const up = migrate.command('up').description('apply what is missing');
  addSettingFlags(up);
  up.action(() =>
    withDatabase(up, async (database) => {
      const { migrate } = await import('../database/migrate.ts');
      const applied = await migrate(database.db, database.describe());
      print(applied.length > 0 ? applied.map((id) => `applied  ${id}`) : ['nothing to do']);
    }),
  );

  const status = migrate.command('status').description('show what has been applied; changes nothing');
  addSettingFlags(status);
  status.action(() =>
    withDatabase(status, async (database) => {
      const { migrationStates } = await import('../database/migrate.ts');
      const states = await migrationStates(database.db);
      print(states.map(({ id, appliedAt }) => `${appliedAt?.toISOString() ?? 'pending'.padEnd(24)}  ${id}`));
    }),
  );
}

async function withDatabase(command: Command, act: (database: OpenDatabase) => Promise<void>): Promise<void> {
  const { config } = configOf(command);
  const { openDatabase } = await import('../database/database.ts');
  const database = await openDatabase({
    url: databaseUrl(config, modulesFolder(config.runtime.path)),
    isMigrated: false,
  });
  try {
    await act(database);
  } finally {
    await database.stop();
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}
