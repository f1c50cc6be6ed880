import { parseArgs } from 'node:util';
import { type CompiledQuery, Kysely } from 'kysely';
import pg from 'pg';
import { openDatabase, type Schema } from '../src/database/database.ts';
import { openPostgres } from '../src/database/postgres/open-postgres.ts';
import { type Listing, listings } from './query-plans/listings.ts';
import { type Plan, plansOf } from './query-plans/plan.ts';
import { addRows } from './query-plans/rows.ts';
import { freshDatabase } from './servers.ts';

// Shows that a page of a large table costs what a page of a small one does, by the plans of the statements that the
// features send. Prints Markdown:
//   node bench/query-plans.ts > bench/query-plans.md
// Needs PostgreSQL (NK_BENCH_POSTGRES, or one on this machine), 5 GB of disk there, and some minutes. Exit code 1 when
// a listing does not keep to it, 2 when it cannot run.

const SMALL = 1000;
const LARGE = 1_000_000;
/** A listing may read this many times as many rows of the large table: what a filter drops is a matter of luck. */
const MAX_ROW_GROWTH = 2;
/** And look at this many times as many pages: the way to one row leads through an index of two levels more. */
const MAX_PAGE_GROWTH = 2.5;

const { values: options } = parseArgs({ options: { rows: { type: 'string', default: String(LARGE) } } });
const large = Number(options.rows);

/** The worst of the plans of a listing at one size: at both places, at its first run and once it is settled. */
interface Cost {
  readonly rows: number;
  readonly buffers: number;
  readonly faults: readonly string[];
  /** The settled plan from the middle on. */
  readonly plan: Plan;
}

const server = await freshDatabase();
if (!server) {
  console.error('query-plans: there is no PostgreSQL: set NK_BENCH_POSTGRES');
  process.exit(2);
}
try {
  await (await openDatabase({ url: server.url })).stop();
  const client = new pg.Client({ connectionString: server.url });
  await client.connect();
  try {
    await addRows(client, 0, SMALL);
    const small = await costs(client, server.url, SMALL);
    await addRows(client, SMALL, large);
    print(await versionOf(client), small, await costs(client, server.url, large));
  } finally {
    await client.end();
  }
} finally {
  await server.drop();
}

async function versionOf(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  return rows[0]!.server_version.split(' ')[0]!;
}

async function costs(client: pg.Client, url: string, rows: number): Promise<Map<string, Cost>> {
  const sent: CompiledQuery[] = [];
  const { dialect } = await openPostgres(url, { poolSize: 1 });
  const db = new Kysely<Schema>({ dialect, log: ({ query }) => void sent.push(query) });
  const found = new Map<string, Cost>();
  try {
    for (const listing of listings(db)) {
      process.stderr.write(` ${listing.name};`);
      found.set(listing.name, await costOf(client, listing, rows, sent));
    }
  } finally {
    await db.destroy();
  }
  return found;
}

async function costOf(client: pg.Client, listing: Listing, rows: number, sent: CompiledQuery[]): Promise<Cost> {
  const plans: Plan[] = [];
  for (const cursor of ['', listing.middle(rows)]) {
    sent.length = 0;
    await listing.page(cursor);
    const [query, ...others] = sent;
    if (!query || others.length > 0) throw new Error(`${listing.name} took ${sent.length} statements`);
    plans.push(...(await plansOf(client, query)));
  }
  return {
    rows: Math.max(...plans.map((plan) => plan.rows)),
    buffers: Math.max(...plans.map((plan) => plan.buffers)),
    faults: [...new Set(plans.flatMap((plan) => plan.faults))],
    plan: plans.at(-1)!,
  };
}

function print(version: string, small: ReadonlyMap<string, Cost>, large: ReadonlyMap<string, Cost>): void {
  const listed = [...large].map(([name, cost]) => ({ name, before: small.get(name)!, cost }));
  const lines = listed.map(({ name, before, cost }) => {
    const faults = faultsOf(before, cost);
    if (faults.length > 0) process.exitCode = 1;
    const indexes = cost.plan.indexes.map((index) => `\`${index}\``).join(', ');
    const verdict = faults.length === 0 ? 'ok' : `**${faults.join('; ')}**`;
    return `| ${[name, before.rows, cost.rows, before.buffers, cost.buffers, indexes, verdict].join(' | ')} |`;
  });
  console.log(`# What a page of a listing costs

Written by \`node bench/query-plans.ts > bench/query-plans.md\` on ${new Date().toISOString().slice(0, 10)}, with
PostgreSQL ${version}. Each listing is asked for 100 entries through the function that serves it, from the start and
from a cursor in the middle; the statements that it sends are run prepared, as the server does. The numbers are those of
the worst of these plans: rows that were read, those that a filter then dropped included, and pages of 8 KB that were
looked at, with ${SMALL.toLocaleString('en')} and with ${Number(options.rows).toLocaleString('en')} entries to list.

| listing | rows | at ${shortNumber(options.rows)} | pages | at ${shortNumber(options.rows)} | indexes | |
|---|--:|--:|--:|--:|---|---|
${lines.join('\n')}

Half of the groups are open. Friends of friends are walked to from friend to friend: those who have no others cost
a look each.

## The plans

Of a page from the middle of ${Number(options.rows).toLocaleString('en')} on, once the prepared statement has settled on a plan.
`);
  for (const { name, cost } of listed) console.log(`### ${name}\n\n\`\`\`\n${cost.plan.text}\n\`\`\`\n`);
}

function faultsOf(small: Cost, large: Cost): string[] {
  const faults = [...large.faults];
  if (large.rows > MAX_ROW_GROWTH * small.rows) faults.push('reads more rows');
  if (large.buffers > MAX_PAGE_GROWTH * small.buffers) faults.push('looks at more pages');
  return faults;
}

function shortNumber(rows: string): string {
  return Number(rows).toLocaleString('en', { notation: 'compact' });
}
