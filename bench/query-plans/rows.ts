import { createHash } from 'node:crypto';
import type pg from 'pg';

// The rows that the plans are made over. Of everything that is listed there are as many as asked for, made by number,
// so that a table grows from one size to the next. Ids and names are hashes of the number: in the order of a listing
// they lie as scattered over the table as those of real players.

/** The owner of what is owned, the one who lists. */
export const SUBJECT = idOf('subject');
/** A user whose one friend is the subject. */
export const NEWCOMER = idOf('newcomer');
/** The group that everybody is in. */
export const GROUP = idOf('group');
/** A leaderboard on which everybody has a score. */
export const BOARD = 'everybody';
/** Users that every user is friends with some of, and that the subject is not. */
const POPULAR = 50;
const FRIENDS_EACH = 2;

/** Row number i of what is ordered by time is made so many seconds after this. */
export const FIRST_SECOND = 1_700_000_000;

/** The id of somebody by name, as `id('…')` has it in the statements below. */
export function idOf(name: string): string {
  const hex = createHash('md5').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

const preparation = `
  create function pg_temp.id(name text) returns uuid language sql immutable as 'select md5(name)::uuid';
  insert into users (id, username)
    select pg_temp.id(name), name from unnest(array['subject', 'newcomer']) as name
    union all select pg_temp.id('popular ' || i), 'popular ' || i from generate_series(0, ${POPULAR - 1}) i;
  insert into groups (id, creator_id, name, edge_count) values ('${GROUP}', '${SUBJECT}', 'everybody', 100);
  insert into user_edge (source_id, destination_id, state, position) values ('${NEWCOMER}', '${SUBJECT}', 0, 1);
  insert into leaderboard (id) values ('${BOARD}');`;

const at = (i: string) => `to_timestamp(${FIRST_SECOND} + ${i})`;

/** One statement for each table, over the numbers `i` that are new. */
const statements = [
  `insert into users (id, username) select pg_temp.id('user ' || i), 'user ' || i from numbers`,
  `insert into storage (collection, key, user_id, value, version, read, write)
    select 'one-owner', 'key-' || md5('key ' || i), '${SUBJECT}', '{"level": 3}', md5(i::text), i % 3, 1 from numbers`,
  `insert into storage (collection, key, user_id, value, version, read, write)
    select 'many-owners', 'slot-' || i % 10, pg_temp.id('user ' || i), '{"level": 3}', md5(i::text), i / 10 % 3, 1
    from numbers`,
  `insert into user_edge (source_id, destination_id, state, position)
    select '${SUBJECT}', pg_temp.id('user ' || i), (array[0, 0, 0, 0, 0, 0, 0, 1, 2, 3])[i % 10 + 1], i * 1000 from numbers`,
  `insert into user_edge (source_id, destination_id, state, position)
    select pg_temp.id('user ' || i), pg_temp.id('popular ' || (i + nth) % ${POPULAR}), 0, i * 1000 + nth
    from numbers, generate_series(1, ${FRIENDS_EACH}) nth`,
  `insert into wallet_ledger (id, user_id, changeset, metadata, create_time)
    select pg_temp.id('entry ' || i), '${SUBJECT}', '{"gold": 1}', '{}', ${at('i')} from numbers`,
  `insert into message (id, sender_id, username, stream_mode, stream_subject, stream_descriptor, stream_label, content,
      create_time)
    select pg_temp.id('message ' || i), pg_temp.id('user ' || i % 1000 + 1), 'user', 2,
      '00000000-0000-0000-0000-000000000000', '00000000-0000-0000-0000-000000000000', 'lobby', '{"text": "hello"}',
      ${at('i')} from numbers`,
  `insert into notification (id, user_id, subject, code, sender_id, create_time)
    select pg_temp.id('notice ' || i), '${SUBJECT}', 'a notice', 1, '${SUBJECT}', ${at('i')} from numbers`,
  `insert into groups (id, creator_id, name, lang_tag, state, edge_count, update_time)
    select pg_temp.id('group ' || i), '${SUBJECT}', 'Guild ' || md5('group ' || i),
      (array['en', 'de'])[i / 100 % 2 + 1], i / 200 % 2, i * 7919 % 100 + 1, ${at('i * 7907 % 1000003')} from numbers`,
  `insert into group_edge (source_id, destination_id, state, position)
    select '${GROUP}', pg_temp.id('user ' || i), (array[2, 2, 2, 2, 2, 2, 1, 3, 3, 4])[i % 10 + 1], i * 1000 from numbers`,
  `insert into group_edge (source_id, destination_id, state, position)
    select '${SUBJECT}', pg_temp.id('group ' || i), (array[2, 2, 2, 2, 2, 2, 1, 0, 3, 3])[i % 10 + 1], i * 1000
    from numbers`,
  `insert into leaderboard (id, create_time) select 'board-' || md5('board ' || i), ${at('i')} from numbers`,
  `insert into leaderboard_record (leaderboard_id, owner_id, username, score, subscore)
    select '${BOARD}', pg_temp.id('user ' || i), 'player', i * 7919 % 1000003, i % 10 from numbers`,
];

/** Makes the rows with the numbers after `from`, up to `to`, and lets the database count what it has. */
export async function addRows(client: pg.Client, from: number, to: number): Promise<void> {
  if (from === 0) await client.query(preparation);
  for (const statement of statements) {
    process.stderr.write('.');
    await client.query(`with numbers as (select generate_series(${from + 1}::int8, ${to}) as i) ${statement}`);
  }
  process.stderr.write('.');
  await client.query('vacuum (analyze)');
}
