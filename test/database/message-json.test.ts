import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { sql } from 'kysely';
import type { Db } from '../../src/database/database.ts';
import { messageJsonSql } from '../../src/database/message-json.ts';
import { FriendSchema, UserSchema } from '../../src/protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../src/protocol/json-codec.ts';
import { forEachDatabase } from '../support/databases.ts';

const userJson = messageJsonSql(UserSchema, {
  id: 'id',
  displayName: 'display_name',
  edgeCount: 'edge_count',
  createTime: 'create_time',
  appleId: 'apple_id',
});

forEachDatabase((_name, open) => {
  let db: Db;

  before(async () => {
    ({ db } = await open());
  });

  interface Values {
    readonly displayName?: string;
    readonly edgeCount?: number;
    readonly createTime?: string;
    readonly appleId?: string;
  }

  /** The JSON that the database writes of a user with these columns; null where there is no value. */
  async function written({ displayName, edgeCount, createTime, appleId }: Values): Promise<string> {
    const { rows } = await sql<{ json: string }>`
      select ${sql.raw(userJson)} as json from (
        select 'u' as id, ${displayName ?? null}::varchar as display_name, ${edgeCount ?? null}::int4 as edge_count,
          ${createTime ?? null}::timestamptz as create_time, ${appleId ?? null}::varchar as apple_id
      ) as u`.execute(db);
    return rows[0]!.json;
  }
  const wire = (user: MessageInitShape<typeof UserSchema>) => toWireJson(UserSchema, { id: 'u', ...user });

  describe('the JSON of a message that the database writes', () => {
    it('has texts as the server would write them', async () => {
      const every = Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code))
        .join('')
        .slice(1);
      for (const displayName of ['plain', '"quotes" and \\', '\u2028\u2029', 'ünï 🎲', '</script>', every]) {
        assert.equal(await written({ displayName }), wire({ displayName }));
      }
    });

    it('leaves out what is null, empty or 0, and keeps the order of the fields', async () => {
      assert.equal(await written({}), '{"id":"u"}');
      assert.equal(await written({ displayName: '', edgeCount: 0, appleId: '' }), '{"id":"u"}');
      const values = { displayName: 'd', edgeCount: -7, appleId: 'a' };
      assert.equal(await written(values), wire(values));
    });

    it('has times in UTC, cut to whole seconds', async () => {
      for (const [createTime, iso] of [
        ['2026-01-31 10:00:00.999999+02', '2026-01-31T08:00:00Z'],
        ['1969-12-31 23:59:59.5+00', '1969-12-31T23:59:59Z'],
        ['0001-01-01 00:00:00+00', '0001-01-01T00:00:00Z'],
      ] as const) {
        assert.equal(await written({ createTime }), `{"id":"u","create_time":"${iso}"}`);
        assert.equal(wire({ createTime: { seconds: BigInt(Date.parse(iso) / 1000) } }), await written({ createTime }));
      }
    });

    it('holds messages within messages, and a nullable number that is 0', async () => {
      const json = messageJsonSql(FriendSchema, { user: userJson, state: 'state', metadata: 'metadata::text' });
      const { rows } = await sql<{ json: string }>`
        select ${sql.raw(json)} as json from (
          select 'u' as id, null as display_name, 0 as edge_count, null::timestamptz as create_time, null as apple_id,
            state, '{"a":"\\"b"}'::jsonb as metadata
          from (values (0), (null)) as states (state)
        ) as f`.execute(db);
      const friend = { user: { id: 'u' }, metadata: '{"a": "\\"b"}' };
      assert.deepEqual(
        rows.map((row) => row.json),
        [toWireJson(FriendSchema, { ...friend, state: 0 }), toWireJson(FriendSchema, friend)],
      );
    });

    it('is not to be had for fields that there are not, and kinds that it does not know', () => {
      assert.throws(() => messageJsonSql(UserSchema, { id: 'id', nickname: 'x' }), /no fields nickname/);
      assert.throws(() => messageJsonSql(UserSchema, { id: 'id', online: 'true' }), /not written in SQL/);
    });
  });
});
