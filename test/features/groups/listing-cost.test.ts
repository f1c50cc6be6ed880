import assert from 'node:assert/strict';
import { it } from 'node:test';
import { type KyselyPlugin, type RootOperationNode, sql } from 'kysely';
import { type Db, rawQuery } from '../../../src/database/database.ts';
import { listGroups } from '../../../src/features/groups/listing.ts';
import { forEachDatabase } from '../../support/databases.ts';

const GROUPS = 5000;
/** One group in so many is open. */
const RARITY = 500;
const PAGE = 5;

interface PlanNode {
  readonly Plans?: readonly PlanNode[];
  readonly 'Rows Removed by Filter'?: number;
}

forEachDatabase((name, open) => {
  it(`${name}: a page of the groups that are open reads no others, however rare they are`, async () => {
    const { db } = await open();
    await sql`
      insert into groups (id, creator_id, name, lang_tag, state, edge_count, max_count)
      select gen_random_uuid(), gen_random_uuid(), 'g' || n, 'en', case when n % ${RARITY}::int = 0 then 0 else 1 end, 5, 10
      from generate_series(1, ${GROUPS}::int) n`.execute(db);
    await sql`analyze groups`.execute(db);
    const common = { name: '', langTag: '', open: true, members: undefined };
    for (const filter of [
      common,
      { ...common, langTag: 'en' },
      { ...common, members: 10 },
      { ...common, members: 10, langTag: 'en' },
    ]) {
      const first = await rowsDropped(db, (at) => listGroups(at, filter, PAGE, ''));
      assert.equal(first.result.groups.length, PAGE);
      const second = await rowsDropped(db, (at) => listGroups(at, filter, PAGE, first.result.cursor!));
      assert.equal(second.result.groups.length, PAGE);
      assert.deepEqual([first.dropped, second.dropped], [0, 0], JSON.stringify(filter));
    }
  });
});

/** How many rows the query that `list` sends reads and then drops. */
async function rowsDropped<T>(db: Db, list: (db: Db) => Promise<T>): Promise<{ result: T; dropped: number }> {
  let sent: RootOperationNode | undefined;
  const recorder: KyselyPlugin = {
    transformQuery({ node }) {
      sent = node;
      return node;
    },
    transformResult: async ({ result }) => result,
  };
  const result = await list(db.withPlugin(recorder));
  const query = db.getExecutor().compileQuery(sent!, { queryId: 'explained' });
  const { rows } = await rawQuery(db, `explain (analyze, format json) ${query.sql}`, query.parameters);
  const [{ Plan: plan }] = JSON.parse(String(rows[0]!['QUERY PLAN'])) as [{ Plan: PlanNode }];
  return { result, dropped: droppedBy(plan) };
}

function droppedBy({ Plans: below = [], 'Rows Removed by Filter': own = 0 }: PlanNode): number {
  return below.reduce((sum, plan) => sum + droppedBy(plan), own);
}
