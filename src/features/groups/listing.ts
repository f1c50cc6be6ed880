import { type Expression, sql } from 'kysely';
import type { Db } from '../../database/database.ts';
import { timestampOf } from '../../database/microseconds.ts';
import { invalidArgument } from '../../protocol/status.ts';
import { decodeGroupCursor, encodeGroupCursor, type PlaceValue, valueForm } from './cursor.ts';
import { checkText } from './group.ts';
import { CLOSED, type ListedGroup, OPEN, selectListedGroups } from './queries.ts';

/** Which groups are wanted; a name stands alone, the others may be combined. */
export interface GroupFilter {
  /** The whole name in any case; `%` stands for anything, but not at the beginning. Empty for any. */
  readonly name: string;
  /** Empty for any. */
  readonly langTag: string;
  readonly open: boolean | undefined;
  /** At most so many members; below zero for any number. */
  readonly members: number | undefined;
}

export interface GroupPage {
  readonly groups: readonly ListedGroup[];
  /** Null when nothing follows. */
  readonly cursor: string | null;
}

/** Characters of a filter: more than any name has. */
const MAX_FILTER_CHARACTERS = 1024;

/**
 * A page of the groups that pass a filter. What they are ordered by depends on the filter, so that an index gives the
 * order.
 * @throws StatusError INVALID_ARGUMENT for filters that cannot be combined, or a cursor that is none of this listing
 */
export async function listGroups(db: Db, filter: GroupFilter, limit: number, cursor: string): Promise<GroupPage> {
  const { langTag, open, members = -1 } = filter;
  checkText('name', filter.name, MAX_FILTER_CHARACTERS);
  checkText('the language tag', langTag, MAX_FILTER_CHARACTERS);
  if (filter.name !== '' && (langTag !== '' || open !== undefined || members >= 0)) {
    throw invalidArgument('a name cannot be combined with other filters');
  }
  const name = likePattern(filter.name);
  const order = orderOf({ ...filter, name });

  let query = selectListedGroups(db);
  if (name !== '') query = query.where(matches(name));
  if (langTag !== '') query = query.where('lang_tag', '=', langTag);
  if (open !== undefined) query = query.where('state', '=', open ? OPEN : CLOSED);
  if (members >= 0) query = query.where('edge_count', '<=', members);
  if (cursor !== '') {
    const place = decodeGroupCursor(
      cursor,
      order.name,
      order.columns.map((column) => columns[column].form),
    );
    if (!place) throw invalidArgument('the cursor is not one of this listing');
    query = query.where(isBeyond(order, place));
  }
  for (const column of order.columns) query = query.orderBy(columns[column].expression, order.direction);

  const rows = await query.limit(limit + 1).execute();
  const groups = rows.slice(0, limit);
  const last = groups.at(-1);
  return { groups, cursor: last && rows.length > limit ? encodeGroupCursor(order.name, placeOf(order, last)) : null };
}

interface Order {
  /** Stands in cursors. */
  readonly name: string;
  readonly columns: readonly (keyof typeof columns)[];
  readonly direction: 'asc' | 'desc';
}

const orders = {
  byName: { name: 'name', columns: ['lower_name', 'name'], direction: 'asc' },
  byUpdate: { name: 'update', columns: ['update_time', 'edge_count', 'id'], direction: 'asc' },
  smallestFirst: { name: 'smallest', columns: ['edge_count', 'id'], direction: 'asc' },
  largestFirst: { name: 'largest', columns: ['edge_count', 'id'], direction: 'desc' },
  largestUpdatedFirst: {
    name: 'largestUpdated',
    columns: ['edge_count', 'update_time', 'id'],
    direction: 'desc',
  },
} satisfies Record<string, Order>;

/** How the columns of an order stand in a cursor and in SQL. */
const columns = {
  lower_name: {
    expression: lowered(sql.ref('name')),
    form: valueForm.name,
    of: (row: ListedGroup) => row.name,
    sql: (value: PlaceValue) => lowered(sql`${value}::text`),
  },
  name: {
    expression: sql.ref('name'),
    form: valueForm.name,
    of: (row: ListedGroup) => row.name,
    sql: (value: PlaceValue) => sql`${value}::text`,
  },
  update_time: {
    expression: sql.ref('update_time'),
    form: valueForm.micros,
    of: (row: ListedGroup) => String(row.update_micros),
    sql: (value: PlaceValue) => timestampOf(BigInt(value)),
  },
  edge_count: {
    expression: sql.ref('edge_count'),
    form: valueForm.count,
    of: (row: ListedGroup) => row.edge_count,
    sql: (value: PlaceValue) => sql`${value}::int`,
  },
  id: {
    expression: sql.ref('id'),
    form: valueForm.id,
    of: (row: ListedGroup) => row.id,
    sql: (value: PlaceValue) => sql`${value}::uuid`,
  },
};

function orderOf({ name, langTag, open, members = -1 }: GroupFilter): Order {
  if (name !== '') return orders.byName;
  if (members >= 0) return langTag === '' ? orders.largestUpdatedFirst : orders.largestFirst;
  if (langTag === '') return orders.byUpdate;
  return open === undefined ? orders.smallestFirst : orders.largestFirst;
}

function isBeyond({ columns: names, direction }: Order, place: readonly PlaceValue[]) {
  const row = sql.join(names.map((name) => columns[name].expression));
  const values = sql.join(names.map((name, i) => columns[name].sql(place[i]!)));
  return direction === 'asc' ? sql<boolean>`(${row}) > (${values})` : sql<boolean>`(${row}) < (${values})`;
}

function placeOf({ columns: names }: Order, row: ListedGroup): PlaceValue[] {
  return names.map((name) => columns[name].of(row));
}

/** Without what would make the search begin anywhere; a lone backslash at the end stands for itself. */
function likePattern(name: string): string {
  const pattern = name.replace(/^[% ]+/, '');
  const backslashes = /\\*$/.exec(pattern)![0].length;
  return backslashes % 2 === 1 ? `${pattern}\\` : pattern;
}

/** After every name that begins with what it follows. */
const LAST_CHARACTER = '\u{10FFFF}';

/**
 * True of the names that match a pattern. An index finds them by what stands before the first wildcard; `coalesce` keeps
 * the planner from counting that a second time as so rare that it may as well sort all that there are.
 */
function matches(pattern: string) {
  const prefix = /^(?:[^%_\\]|\\.)*/su.exec(pattern)![0].replace(/\\(.)/gsu, '$1');
  const [from, until] = [prefix, prefix + LAST_CHARACTER].map((bound) => lowered(sql`${bound}::text`));
  const name = lowered(sql.ref('name'));
  return sql<boolean>`${name} >= ${from} and ${name} < ${until} and coalesce(name ilike ${pattern}, false)`;
}

/** As an index has names, whatever collation the database compares by. */
function lowered(text: Expression<unknown>) {
  return sql`lower(${text}) collate "C"`;
}
