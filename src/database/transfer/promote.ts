import type { OpenDatabase } from '../database.ts';
import { DatabaseError } from '../errors.ts';
import { migrate } from '../migrate.ts';
import { refuseUnlessEmpty, removeMigrationRows } from './empty-target.ts';
import { Progress, type Report } from './progress.ts';
import { insertRows, type Key, query, readBatch, summarize, withExactText } from './row-text.ts';
import { type TransferTable, transferTables } from './transfer-table.ts';

/** What a promotion notes in the target while it is under way; the table is dropped in the end. */
const promotionTable = `create table nk_promotion (
  source text not null, table_name text not null primary key, last_key text, copied int8 not null, is_done boolean not null
)`;

/**
 * Copies a database into an empty one, table by table in key order, and compares both in the end. Each batch is noted
 * with the rows that it brought, so that a promotion which was interrupted goes on where it stopped.
 *
 * @param source brought to this version's tables, and used by nobody else meanwhile
 * @param target its tables are made when they are missing
 * @throws DatabaseError when the target is not empty, was begun from another source, or differs in the end
 */
export async function promote(source: OpenDatabase, target: OpenDatabase, report: Report): Promise<void> {
  await prepare(source, target, report);
  const tables = await transferTables(source.db);
  await refuseOtherColumns(tables, target);
  for (const table of tables) await copyTable(source, target, table, new Progress(table.name, report));
  for (const table of tables) await compareTable(source, target, table);
  report(`verified  ${tables.length} tables: row counts and checksums are equal`);
  await query(target.db, 'drop table nk_promotion');
}

async function prepare(source: OpenDatabase, target: OpenDatabase, report: Report): Promise<void> {
  const begunFrom = await sourceOfPromotion(target);
  if (begunFrom === null) {
    await refuseUnlessEmpty(target.db, target.describe());
    await migrate(target.db, target.describe());
    await target.db.transaction().execute(async (transaction) => {
      await removeMigrationRows(transaction);
      await query(transaction, promotionTable);
      await query(transaction, `insert into nk_promotion values ($1, '', null, 0, true)`, [source.describe()]);
    });
  } else if (begunFrom === source.describe()) {
    report('going on with a promotion that was interrupted');
  } else {
    throw new DatabaseError(
      `database ${target.describe()} is half-filled from ${begunFrom}: promote that one again, or name an empty database`,
    );
  }
}

/** Where an unfinished promotion copies from; null when there is none. */
async function sourceOfPromotion(target: OpenDatabase): Promise<string | null> {
  const [found] = await query<{ is_there: boolean }>(
    target.db,
    `select to_regclass('nk_promotion') is not null as is_there`,
  );
  if (!found?.is_there) return null;
  const [row] = await query<{ source: string }>(target.db, `select source from nk_promotion where table_name = ''`);
  return row?.source ?? null;
}

async function refuseOtherColumns(tables: readonly TransferTable[], target: OpenDatabase): Promise<void> {
  const present = new Set((await transferTables(target.db)).flatMap(columnNames));
  const missing = tables.flatMap(columnNames).find((name) => !present.has(name));
  if (missing !== undefined) {
    throw new DatabaseError(`database ${target.describe()} lacks ${missing}: name an empty database`);
  }
}

function columnNames({ name, columns }: TransferTable): string[] {
  return columns.map((column) => `${name}.${column.name}`);
}

async function copyTable(
  source: OpenDatabase,
  target: OpenDatabase,
  table: TransferTable,
  progress: Progress,
): Promise<void> {
  const [noted] = await query<{ last_key: string | null; copied: bigint; is_done: boolean }>(
    target.db,
    'select last_key, copied, is_done from nk_promotion where table_name = $1',
    [table.name],
  );
  if (noted?.is_done) return progress.skip();
  let lastKey = noted?.last_key ? (JSON.parse(noted.last_key) as Key) : null;
  progress.start(Number(noted?.copied ?? 0n));
  for (;;) {
    const batch = await withExactText(source.db, (transaction) => readBatch(transaction, table, lastKey));
    const isDone = batch.lastKey === null;
    lastKey = batch.lastKey ?? lastKey;
    await withExactText(target.db, async (transaction) => {
      await insertRows(transaction, table, batch.rows);
      await query(
        transaction,
        `insert into nk_promotion values ($1, $2, $3, $4::int8, $5)
          on conflict (table_name) do update
          set last_key = excluded.last_key, copied = excluded.copied, is_done = excluded.is_done`,
        [source.describe(), table.name, lastKey && JSON.stringify(lastKey), progress.rows + batch.rows.length, isDone],
      );
    });
    if (isDone) return progress.finish();
    progress.add(batch.rows.length);
  }
}

async function compareTable(source: OpenDatabase, target: OpenDatabase, table: TransferTable): Promise<void> {
  const [ours, theirs] = [
    await withExactText(source.db, (transaction) => summarize(transaction, table)),
    await withExactText(target.db, (transaction) => summarize(transaction, table)),
  ];
  if (ours.rows === theirs.rows && ours.checksum === theirs.checksum) return;
  throw new DatabaseError(
    `the table ${table.name} differs: ${ours.rows} rows with checksum ${ours.checksum} in ${source.describe()}, ` +
      `${theirs.rows} with ${theirs.checksum} in ${target.describe()}; ` +
      'one of them was changed meanwhile: empty the target and promote again',
  );
}
