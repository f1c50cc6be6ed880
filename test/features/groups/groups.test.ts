import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { GroupFilter } from '../../../src/features/groups/listing.ts';
import { Status } from '../../../src/protocol/status.ts';
import { forEachDatabase } from '../../support/databases.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { draft, GroupScene } from './group-scene.ts';

const NIL = '00000000-0000-0000-0000-000000000000';
const everything: GroupFilter = { name: '', langTag: '', open: undefined, members: undefined };

forEachDatabase((_name, open) => {
  let scene: GroupScene;
  let alice: FakeUser;

  before(async () => {
    scene = new GroupScene((await open()).db);
    alice = await scene.user('alice');
  });

  const refused = (work: Promise<unknown>, code: number) => assert.rejects(work, { name: 'StatusError', code });
  const refusedAsBad = (work: Promise<unknown>) => refused(work, Status.INVALID_ARGUMENT);

  describe('creating', () => {
    it('makes the owner its superadmin and only member', async () => {
      const group = await scene.groups.create(alice.id, draft({ creatorId: alice.id, description: 'A pack.' }));
      assert.deepEqual(
        [group.creator_id, group.description, group.avatar_url, group.edge_count],
        [alice.id, 'A pack.', null, 1],
      );
      assert.deepEqual(await scene.states(group.id, alice), [0]);
      assert.equal(await scene.edgeRows(group.id), 2);
    });

    it('refuses a name that is taken, in the same case', async () => {
      const name = `Wolves ${randomUUID()}`;
      await scene.group(alice, { name });
      await refused(scene.groups.create(alice.id, draft({ name })), Status.ALREADY_EXISTS);
      await scene.groups.create(alice.id, draft({ name: name.toUpperCase() }));
    });

    it('refuses an owner that there is not', async () => {
      await refused(scene.groups.create(randomUUID(), draft()), Status.NOT_FOUND);
    });

    for (const [what, fields] of Object.entries({
      'no name': { name: '' },
      'a name too long': { name: 'x'.repeat(256) },
      'a name with U+0000': { name: 'a\u0000b' },
      'a description too long': { description: 'x'.repeat(256) },
      'a picture too long': { avatarUrl: 'x'.repeat(513) },
      'a language too long': { langTag: 'x'.repeat(19) },
      'too much metadata': { metadata: JSON.stringify({ a: 'x'.repeat(20_000) }) },
      'metadata with U+0000': { metadata: JSON.stringify({ a: '\u0000' }) },
      'metadata with half a pair': { metadata: JSON.stringify({ a: '\ud800' }) },
      'fewer than one place': { maxCount: -1 },
    })) {
      it(`refuses ${what}`, () => refusedAsBad(scene.groups.create(alice.id, draft(fields))));
    }
  });

  describe('updating', () => {
    const view = async (groupId: string) => {
      const [group] = await scene.groups.byIds([groupId]);
      return [group?.name, group?.description, group?.lang_tag, group?.state, group?.max_count];
    };

    it('changes what is given, and clears an empty description', async () => {
      const name = `Wolves ${randomUUID()}`;
      const groupId = await scene.group(alice, { name, description: 'A pack.', open: false });
      await scene.groups.update(groupId, { langTag: 'fi', open: true }, { userId: alice.id });
      assert.deepEqual(await view(groupId), [name, 'A pack.', 'fi', 0, 100]);
      await scene.groups.update(groupId, { description: '', maxCount: 7 }, 'server');
      assert.deepEqual(await view(groupId), [name, null, 'fi', 0, 7]);
    });

    it('is for admins and above, and for the server', async () => {
      const [member, admin, stranger] = (await scene.users(3)) as [FakeUser, FakeUser, FakeUser];
      const groupId = await scene.group(alice);
      await scene.join(groupId, member, admin);
      await scene.nk('groupUsersPromote', groupId, [admin.id]);
      await scene.groups.update(groupId, { description: 'by an admin' }, { userId: admin.id });
      for (const { id: userId } of [member, stranger]) {
        await refused(scene.groups.update(groupId, { description: 'mine' }, { userId }), Status.NOT_FOUND);
        await refused(scene.groups.update(groupId, {}, { userId }), Status.NOT_FOUND);
      }
      assert.equal((await view(groupId))[1], 'by an admin');
    });

    it('refuses nothing, the name of another group, and fewer places than members', async () => {
      const taken = `Bears ${randomUUID()}`;
      await scene.group(alice, { name: taken });
      const groupId = await scene.group(alice);
      await scene.join(groupId, await scene.user());
      await refusedAsBad(scene.groups.update(groupId, {}, { userId: alice.id }));
      await refusedAsBad(scene.groups.update(groupId, { name: taken }, 'server'));
      await refusedAsBad(scene.groups.update(groupId, { name: '' }, 'server'));
      await refusedAsBad(scene.groups.update(groupId, { metadata: '{"a":"\\u0000"}' }, 'server'));
      await refusedAsBad(scene.groups.update(groupId, { maxCount: 1 }, 'server'));
      await refused(scene.groups.update(randomUUID(), { open: true }, 'server'), Status.NOT_FOUND);
    });
  });

  describe('deleting', () => {
    it('takes members, requests and bans along, and frees the name', async () => {
      const [member, waiting, banned] = (await scene.users(3)) as [FakeUser, FakeUser, FakeUser];
      const name = `Wolves ${randomUUID()}`;
      const groupId = await scene.group(alice, { name });
      await scene.join(groupId, member, banned);
      await scene.nk('groupUsersBan', groupId, [banned.id]);
      await scene.groups.update(groupId, { open: false }, 'server');
      await scene.join(groupId, waiting);
      await scene.groups.delete(groupId, { userId: alice.id });
      assert.equal(await scene.edgeRows(groupId), 0);
      assert.equal(await scene.edgeCount(groupId), undefined);
      await scene.group(alice, { name });
    });

    it('is for superadmins; for the server an unknown group is no error', async () => {
      const groupId = await scene.group(alice);
      const admin = await scene.user();
      await scene.join(groupId, admin);
      await scene.nk('groupUsersPromote', groupId, [admin.id]);
      await refusedAsBad(scene.groups.delete(groupId, { userId: admin.id }));
      await refusedAsBad(scene.groups.delete(randomUUID(), { userId: alice.id }));
      await scene.groups.delete(randomUUID(), 'server');
      assert.equal(await scene.edgeCount(groupId), 2);
    });

    it('closes the channel without a word', async () => {
      const groupId = await scene.group(alice);
      const session = scene.realtime.connect(alice);
      await scene.joinChannel(session, groupId);
      session.taken();
      await scene.groups.delete(groupId, 'server');
      await scene.realtime.told();
      assert.deepEqual(session.taken(), []);
      assert.deepEqual(scene.realtime.tracker.streamsOf(session.id), []);
    });
  });

  describe('finding', () => {
    const langTag = 'x-find';
    const names = async (filter: Partial<GroupFilter>, limit = 100, cursor = '') =>
      (await scene.groups.find({ ...everything, ...filter }, limit, cursor)).groups.map(({ name }) => name);
    /** All names, page by page. */
    const paged = async (filter: Partial<GroupFilter>, limit: number) => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Awaited<ReturnType<typeof scene.groups.find>> = await scene.groups.find(
          { ...everything, ...filter },
          limit,
          cursor,
        );
        found.push(...page.groups.map(({ name }) => name));
        cursor = page.cursor;
      }
      return found;
    };

    before(async () => {
      const others = await scene.users(3);
      for (const [i, open] of [true, false, true, true].entries()) {
        const groupId = await scene.group(alice, { name: `Find ${i}${open ? ' open' : ''}`, langTag, open });
        await scene.memberships.add(
          groupId,
          others.slice(0, i).map(({ id }) => id),
          'server',
        );
      }
    });

    it('by name: whole, in any case, with a wildcard that is not at the beginning', async () => {
      assert.deepEqual(await names({ name: 'find 0 OPEN' }), ['Find 0 open']);
      assert.deepEqual(await names({ name: 'find' }), []);
      assert.deepEqual(await names({ name: '% find%open' }), ['Find 0 open', 'Find 2 open', 'Find 3 open']);
      assert.deepEqual(await names({ name: '%open' }), []);
      assert.deepEqual(await names({ name: 'find 1\\' }), []);
    });

    it('by name: what stands behind a backslash is no wildcard, _ is any one character', async () => {
      for (const name of ['50% Off', '50 Cents Off', '50_Off', 'ÄRGER one', 'ärger two'])
        await scene.group(alice, { name });
      assert.deepEqual(await names({ name: '50\\%%' }), ['50% Off']);
      assert.deepEqual(await names({ name: '50\\_o%' }), ['50_Off']);
      assert.deepEqual(await names({ name: '50_off' }), ['50_Off']);
      assert.deepEqual(await names({ name: '50%off' }), ['50 Cents Off', '50% Off', '50_Off']);
      assert.deepEqual(await names({ name: 'ärger%' }), ['ÄRGER one', 'ärger two']);
    });

    it('by language, openness and the most members, each order from page to page', async () => {
      const [zero, one, two, three] = ['Find 0 open', 'Find 1', 'Find 2 open', 'Find 3 open'];
      for (const [filter, expected] of [
        [{ name: 'find%' }, [zero, one, two, three]],
        [{ langTag }, [zero, one, two, three]],
        [{ langTag, open: true }, [three, two, zero]],
        [{ langTag, members: 3 }, [two, one, zero]],
        [{ langTag, members: 3, open: true }, [two, zero]],
        [{ langTag, members: 0 }, []],
      ] as [Partial<GroupFilter>, string[]][]) {
        assert.deepEqual(await names(filter), expected);
        assert.deepEqual(await paged(filter, 1), expected);
        assert.deepEqual(await paged(filter, 2), expected);
      }
    });

    it('without a language too, each group on one page', async () => {
      for (const filter of [{}, { open: true }, { members: 2 }, { members: 2, open: true }] as Partial<GroupFilter>[]) {
        const all = await names(filter);
        assert.ok(all.length > 2);
        assert.deepEqual(await paged(filter, 3), all);
      }
    });

    it('refuses a name with other filters, and cursors that are none of the listing', async () => {
      for (const other of [{ langTag }, { open: false }, { members: 3 }]) {
        await refusedAsBad(scene.groups.find({ ...everything, name: 'find%', ...other }, 1, ''));
      }
      const { cursor } = await scene.groups.find({ ...everything, name: 'find%' }, 1, '');
      await refusedAsBad(scene.groups.find({ ...everything, langTag }, 1, cursor!));
      await refusedAsBad(scene.groups.find({ ...everything, langTag }, 1, 'nonsense'));
      for (const place of [
        [3e9, NIL],
        [1, 'id'],
        ['1', NIL],
        [1, NIL, 1],
      ]) {
        const forged = Buffer.from(JSON.stringify(['smallest', ...place])).toString('base64url');
        await refusedAsBad(scene.groups.find({ ...everything, langTag }, 1, forged));
      }
      await refusedAsBad(scene.groups.find({ ...everything, name: 'a\u0000' }, 1, ''));
    });

    it('some at random, each once', async () => {
      const found = await scene.groups.random(3);
      assert.equal(new Set(found.map(({ id }) => id)).size, 3);
      const all = await scene.groups.random(1000);
      assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
      assert.deepEqual(await scene.groups.random(0), []);
    });
  });

  describe('listing members, and the groups of a user', () => {
    it('by state, then by when they came, from page to page', async () => {
      const [bob, carol, dave, erin, frank] = (await scene.users(5)) as [
        FakeUser,
        FakeUser,
        FakeUser,
        FakeUser,
        FakeUser,
      ];
      const groupId = await scene.group(alice);
      await scene.join(groupId, bob, carol, dave, frank);
      await scene.nk('groupUsersPromote', groupId, [dave.id]);
      await scene.nk('groupUsersBan', groupId, [frank.id]);
      await scene.groups.update(groupId, { open: false }, 'server');
      await scene.join(groupId, erin);

      const expected = [alice, dave, bob, carol, erin].map(({ id }) => id);
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null; ) {
        const page: Awaited<ReturnType<typeof scene.groups.members>> = await scene.groups.members(
          groupId,
          undefined,
          2,
          cursor,
        );
        found.push(...page.rows.map(({ id }) => id));
        cursor = page.cursor;
      }
      assert.deepEqual(found, expected);
      const banned = await scene.groups.members(groupId, 4, 100, '');
      assert.deepEqual(
        banned.rows.map(({ id }) => id),
        [frank.id],
      );
      for (const state of [undefined, 4]) {
        assert.deepEqual((await scene.groups.ofUser(frank.id, state, 100, '')).rows, []);
      }
    });

    it('refuses a cursor of another state', async () => {
      const groupId = await scene.group(alice);
      await scene.join(groupId, ...(await scene.users(2)));
      const { cursor } = await scene.groups.members(groupId, 2, 1, '');
      assert.equal((await scene.groups.members(groupId, 2, 1, cursor!)).rows.length, 1);
      await refusedAsBad(scene.groups.members(groupId, 1, 1, cursor!));
      const cursorOf = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');
      for (const parts of [
        [2],
        [2, 5],
        [70_000, '5'],
        [2, '-5'],
        [2, '9'.repeat(19)],
        [2, '5', 5],
        { state: 2 },
        null,
      ]) {
        await refusedAsBad(scene.groups.members(groupId, undefined, 1, cursorOf(parts)));
      }
      await refusedAsBad(scene.groups.members(groupId, undefined, 1, 'nonsense'));
    });
  });
});
