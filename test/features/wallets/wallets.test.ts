import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, beforeEach, describe, it } from 'node:test';
import { Status } from '../../../src/protocol/status.ts';
import { ArgumentError } from '../../../src/runtime/argument-check.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { PlayerScene } from '../../support/player-scene.ts';

const UPDATES_AT_ONCE = 200;
const poor = { code: Status.FAILED_PRECONDITION };

forEachDatabase((_name, open) => {
  let scene: PlayerScene;
  let nk: PlayerScene['nk'];
  let alice: FakeUser;
  let bob: FakeUser;

  before(async () => {
    scene = new PlayerScene((await open()).db);
    nk = scene.nk;
  });
  beforeEach(async () => {
    [alice, bob] = await Promise.all([scene.user('alice'), scene.user('bob')]);
  });

  const wallet = async (user: FakeUser) => (await nk('accountGetId', user.id)).wallet;
  const ledger = async (user: FakeUser, ...rest: unknown[]) => nk('walletLedgerList', user.id, ...rest);

  describe('a wallet', () => {
    it('changes by what is added and taken, and keeps a currency of which nothing is left', async () => {
      assert.deepEqual(await nk('walletUpdate', alice.id, { gold: 5, gems: 2 }), {
        userId: alice.id,
        previous: {},
        updated: { gold: 5, gems: 2 },
      });
      const { previous, updated } = await nk('walletUpdate', alice.id, { gold: -5 });
      assert.deepEqual(
        [previous, updated],
        [
          { gold: 5, gems: 2 },
          { gold: 0, gems: 2 },
        ],
      );
      assert.deepEqual(await wallet(alice), { gold: 0, gems: 2 });
    });

    it('does not fall below zero: the whole change fails', async () => {
      await nk('walletUpdate', alice.id, { gold: 5 });
      await assert.rejects(nk('walletUpdate', alice.id, { gems: 1, gold: -6 }, {}, true), poor);
      assert.deepEqual(await wallet(alice), { gold: 5 });
      assert.deepEqual((await ledger(alice)).items, []);
    });

    it('takes whole numbers, exactly, as far as they are exact', async () => {
      for (const amount of [1.5, '1', null, 2 ** 53]) {
        await assert.rejects(nk('walletUpdate', alice.id, { gold: amount }), ArgumentError);
      }
      await nk('walletUpdate', alice.id, { gold: Number.MAX_SAFE_INTEGER });
      await assert.rejects(nk('walletUpdate', alice.id, { gold: 1 }), { code: Status.OUT_OF_RANGE });
      assert.deepEqual(await wallet(alice), { gold: Number.MAX_SAFE_INTEGER });
    });

    it('keeps to the last digit what another server put in and this change does not touch', async () => {
      const stored = () =>
        scene.db.selectFrom('users').select('wallet').where('id', '=', alice.id).executeTakeFirstOrThrow();
      await scene.db
        .updateTable('users')
        .set({ wallet: '{"old": 9223372036854775807}' })
        .where('id', '=', alice.id)
        .execute();
      await nk('walletUpdate', alice.id, { gold: 1 });
      assert.equal((await stored()).wallet, '{"old": 9223372036854775807, "gold": 1}');
      await assert.rejects(nk('walletUpdate', alice.id, { old: -1 }), { code: Status.OUT_OF_RANGE });
    });

    it('may have currencies of any name', async () => {
      await nk('walletUpdate', alice.id, JSON.parse('{"__proto__": 1, "constructor": 2, "a \\"b": 3}'));
      assert.equal(JSON.stringify(await wallet(alice)), '{"a \\"b":3,"__proto__":1,"constructor":2}');
    });

    it('of nobody is an argument error', async () => {
      await assert.rejects(nk('walletUpdate', randomUUID(), { gold: 1 }), ArgumentError);
      await assert.rejects(nk('walletUpdate', alice.id, { gold: 1 }, {}, null), ArgumentError);
    });
  });

  describe('at once', () => {
    it('two hundred changes of one wallet lose nothing', async () => {
      const updates = Array.from({ length: UPDATES_AT_ONCE }, () =>
        nk('walletUpdate', alice.id, { gold: 1 }, {}, true),
      );
      const results = await Promise.all(updates);
      assert.equal(new Set(results.map(({ updated }) => updated.gold)).size, UPDATES_AT_ONCE);
      assert.deepEqual(await wallet(alice), { gold: UPDATES_AT_ONCE });
      const { total } = await scene.db
        .selectFrom('wallet_ledger')
        .select((eb) => eb.fn.countAll<bigint>().as('total'))
        .where('user_id', '=', alice.id)
        .executeTakeFirstOrThrow();
      assert.equal(Number(total), UPDATES_AT_ONCE);
    });

    it('what there is is spent once', async () => {
      await nk('walletUpdate', alice.id, { gold: 3 });
      const outcomes = await Promise.allSettled(
        Array.from({ length: 10 }, () => nk('walletUpdate', alice.id, { gold: -1 })),
      );
      assert.equal(outcomes.filter(({ status }) => status === 'fulfilled').length, 3);
      assert.deepEqual(await wallet(alice), { gold: 0 });
    });

    it('two who pay each other do not wait for each other for ever', async () => {
      await nk(
        'walletsUpdate',
        [alice, bob].map(({ id }) => ({ userId: id, changeset: { gold: 50 } })),
      );
      const pay = (from: FakeUser, to: FakeUser) =>
        nk('walletsUpdate', [
          { userId: from.id, changeset: { gold: -1 } },
          { userId: to.id, changeset: { gold: 1 } },
        ]);
      await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? pay(alice, bob) : pay(bob, alice))));
      assert.deepEqual([await wallet(alice), await wallet(bob)], [{ gold: 50 }, { gold: 50 }]);
    });
  });

  describe('several wallets', () => {
    it('change together, answered in the order asked, without those that there are not', async () => {
      const changes = [bob, { id: randomUUID() }, alice].map(({ id }) => ({ userId: id, changeset: { gold: 1 } }));
      const results = await nk('walletsUpdate', [...changes, { userId: bob.id, changeset: { gold: 2 } }]);
      assert.deepEqual(
        results.map(({ userId, updated }: { userId: string; updated: object }) => [userId, updated]),
        [
          [bob.id, { gold: 1 }],
          [alice.id, { gold: 1 }],
          [bob.id, { gold: 3 }],
        ],
      );
      assert.deepEqual(await nk('walletsUpdate', []), []);
    });

    it('do not change at all when one cannot', async () => {
      const changes = [
        { userId: alice.id, changeset: { gold: 1 } },
        { userId: bob.id, changeset: { gold: -1 } },
      ];
      await assert.rejects(nk('walletsUpdate', changes, true), poor);
      assert.deepEqual([await wallet(alice), (await ledger(alice)).items], [{}, []]);
    });
  });

  describe('the ledger', () => {
    it('lists changes in the order in which they were made, also those of one call', async () => {
      const changes = Array.from({ length: 60 }, (_, i) => ({
        userId: alice.id,
        changeset: { gold: 1 },
        metadata: { number: i },
      }));
      await nk('walletsUpdate', changes, true);
      const numbers: number[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: { items: { metadata: { number: number } }[]; cursor: string | null } = await ledger(
          alice,
          7,
          cursor,
        );
        numbers.push(...page.items.map(({ metadata }) => metadata.number));
        cursor = page.cursor;
      }
      assert.deepEqual(numbers.reverse(), [...changes.keys()]);
    });

    it('takes more changes at once than a statement can have parameters', async () => {
      const changes = Array.from({ length: 12_000 }, () => ({ userId: alice.id, changeset: { gold: 1 } }));
      await nk('walletsUpdate', changes, true);
      assert.deepEqual(await wallet(alice), { gold: changes.length });
    });

    it('is kept when asked for, newest first, a page at a time', async () => {
      await nk('walletUpdate', alice.id, { gold: 100 });
      for (let i = 1; i <= 5; i++) await nk('walletUpdate', alice.id, { gold: i }, i === 1 ? null : { i }, true);
      const first = await ledger(alice, 2);
      const second = await ledger(alice, 2, first.cursor);
      const third = await ledger(alice, 2, second.cursor);
      const items = [...first.items, ...second.items, ...third.items];
      assert.deepEqual(
        items.map(({ changeset, metadata }) => [changeset.gold, metadata]),
        [
          [5, { i: 5 }],
          [4, { i: 4 }],
          [3, { i: 3 }],
          [2, { i: 2 }],
          [1, {}],
        ],
      );
      assert.deepEqual(Object.keys(items[0]).sort(), [
        'changeset',
        'createTime',
        'id',
        'metadata',
        'updateTime',
        'userId',
      ]);
      assert.equal(third.cursor, null);
      await assert.rejects(ledger(bob, 2, first.cursor), { code: Status.INVALID_ARGUMENT });
    });

    it('takes only cursors that it gave', async () => {
      const forged = [
        [alice.id, '9'.repeat(30), alice.id],
        [alice.id, '1', '-'.repeat(36)],
        [alice.id, 'x', alice.id],
        null,
      ];
      for (const parts of forged) {
        const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url');
        await assert.rejects(ledger(alice, 2, cursor), { code: Status.INVALID_ARGUMENT }, JSON.stringify(parts));
      }
      for (const limit of [0, 101, null]) await assert.rejects(ledger(alice, limit), ArgumentError);
    });

    it('lets metadata be added to, of an entry that there is', async () => {
      await nk('walletUpdate', alice.id, { gold: 1 }, { a: 1, b: 1 }, true);
      const [{ id }] = (await ledger(alice)).items;
      const { changeset, metadata } = await nk('walletLedgerUpdate', id, { b: 2, c: 3 });
      assert.deepEqual([changeset, metadata], [{ gold: 1 }, { a: 1, b: 2, c: 3 }]);
      await assert.rejects(nk('walletLedgerUpdate', randomUUID(), {}), { code: Status.NOT_FOUND });
    });
  });
});
