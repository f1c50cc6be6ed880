import type { CompiledQuery } from 'kysely';
import pg from 'pg';

/** A node of a plan as PostgreSQL gives it in JSON. */
interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Scan Direction'?: string;
  readonly 'Index Name'?: string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly 'Sort Key'?: readonly string[];
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Join Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** What a statement did. */
export interface Plan {
  /** Rows that scans read, those that a filter then threw away included. */
  readonly rows: number;
  /** Pages that were looked at, in memory or not. */
  readonly buffers: number;
  /** In the order of the plan, each once. */
  readonly indexes: readonly string[];
  /** Why the plan is no good over a large table. */
  readonly faults: readonly string[];
  /** The nodes, a line each. */
  readonly text: string;
}

/** After so many runs PostgreSQL has decided whether a prepared statement keeps one plan for all parameters. */
const RUNS_UNTIL_SETTLED = 7;
/** Sorting or reading in full no more rows than this is not held against a plan: it is the page itself. */
const FEW_ROWS = 1000;
const MAX_CONDITION_CHARACTERS = 160;

/** Runs a statement as the server does, prepared: its plan at the first run, and the one that it comes to keep. */
export async function plansOf(client: pg.Client, { sql, parameters }: CompiledQuery): Promise<Plan[]> {
  await client.query(`prepare listing as ${sql}`);
  try {
    const values = parameters.map(literal).join(', ');
    const plans: Plan[] = [];
    for (let run = 1; run <= RUNS_UNTIL_SETTLED; run++) {
      const { rows } = await client.query(
        `explain (analyze, buffers, timing off, format json) execute listing${values && ` (${values})`}`,
      );
      plans.push(planOf((rows[0] as { 'QUERY PLAN': { Plan: PlanNode }[] })['QUERY PLAN'][0]!.Plan));
    }
    return [plans[0]!, plans.at(-1)!];
  } finally {
    await client.query('deallocate listing');
  }
}

function literal(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return pg.escapeLiteral(`{${value.join(',')}}`);
  return pg.escapeLiteral(value instanceof Date ? value.toISOString() : String(value));
}

function planOf(root: PlanNode): Plan {
  const nodes = [...walk(root)];
  return {
    rows: nodes.reduce((sum, { node }) => sum + rowsTouched(node), 0),
    buffers: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
    indexes: [...new Set(nodes.flatMap(({ node }) => node['Index Name'] ?? []))],
    faults: nodes.flatMap(({ node }) => faultsOf(node)),
    text: nodes.map(({ node, depth }) => `${'  '.repeat(depth)}${lineOf(node)}`).join('\n'),
  };
}

function* walk(node: PlanNode, depth = 0): Generator<{ node: PlanNode; depth: number }> {
  yield { node, depth };
  for (const child of node.Plans ?? []) yield* walk(child, depth + 1);
}

function isScan(node: PlanNode): boolean {
  return node['Relation Name'] !== undefined || node['Node Type'] === 'Bitmap Index Scan';
}

function rowsTouched(node: PlanNode): number {
  const dropped = (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0);
  return isScan(node) ? Math.round((node['Actual Rows'] + dropped) * node['Actual Loops']) : 0;
}

function faultsOf(node: PlanNode): string[] {
  if (node['Node Type'] === 'Seq Scan' && rowsTouched(node) > FEW_ROWS) {
    return [`reads the whole table ${node['Relation Name']}`];
  }
  if (!node['Node Type'].includes('Sort')) return [];
  const [input] = node.Plans!;
  const sorted = input!['Actual Rows'] * input!['Actual Loops'];
  return sorted > FEW_ROWS ? [`sorts ${sorted} rows`] : [];
}

function lineOf(node: PlanNode): string {
  const { 'Node Type': type, 'Index Name': index, 'Relation Name': table, 'Index Cond': condition } = node;
  const loops = node['Actual Loops'] > 1 ? ` × ${node['Actual Loops']}` : '';
  const dropped = node['Rows Removed by Filter'] ? `, ${node['Rows Removed by Filter']} dropped` : '';
  return [
    node['Scan Direction'] === 'Backward' ? `${type} Backward` : type,
    index && `using ${index}`,
    table && `on ${table}`,
    `(${node['Actual Rows']} rows${loops}${dropped})`,
    condition && `where ${shortened(condition)}`,
    node.Filter && `filter ${shortened(node.Filter)}`,
    node['Sort Key'] && `by ${shortened(node['Sort Key'].join(', '))}`,
  ]
    .filter(Boolean)
    .join(' ');
}

function shortened(text: string): string {
  return text.length > MAX_CONDITION_CHARACTERS ? `${text.slice(0, MAX_CONDITION_CHARACTERS)}…` : text;
}
