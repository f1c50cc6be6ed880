import type { Db } from '../../../src/database/database.ts';
import type { Feature } from '../../../src/features/feature.ts';
import { createFriendsFeature, type FriendSources, type Friends } from '../../../src/features/friends/index.ts';
import { createNotificationsFeature } from '../../../src/features/notifications/index.ts';
import type { FakeUser } from '../../support/fake-session.ts';
import { moduleCaller, RealtimeScene, storedUser } from '../../support/realtime-scene.ts';

/** The friends feature on a database, with notifications and connections. */
export class FriendsScene {
  readonly realtime = new RealtimeScene();
  readonly friends: Friends;
  readonly feature: Feature;
  readonly nk: ReturnType<typeof moduleCaller>;
  readonly online = new Set<string>();
  readonly #db: Db;

  constructor(db: Db, sources: FriendSources = {}) {
    this.#db = db;
    const { notifications } = createNotificationsFeature({ ...this.realtime, db });
    const { tracker, clock, log } = this.realtime;
    const isOnline = (userId: string) => this.online.has(userId);
    const created = createFriendsFeature({ db, notifications, tracker, clock, log, sources, isOnline });
    this.friends = created.friends;
    this.feature = created.feature;
    this.nk = moduleCaller(created.feature.functions);
  }

  user(name = 'user'): Promise<FakeUser> {
    return storedUser(this.#db, name);
  }

  users(count: number): Promise<FakeUser[]> {
    return Promise.all(Array.from({ length: count }, () => this.user()));
  }

  add(actor: FakeUser, ...others: readonly FakeUser[]): Promise<void> {
    return this.friends.add(actorOf(actor), namesOf(others), '{}');
  }

  delete(actor: FakeUser, ...others: readonly FakeUser[]): Promise<void> {
    return this.friends.delete(actorOf(actor), namesOf(others));
  }

  block(actor: FakeUser, ...others: readonly FakeUser[]): Promise<void> {
    return this.friends.block(actorOf(actor), namesOf(others));
  }

  async befriend(one: FakeUser, ...others: readonly FakeUser[]): Promise<void> {
    await this.add(one, ...others);
    for (const other of others) await this.add(other, one);
  }

  /** The states of two users' entries about each other; null for none. */
  async between(one: FakeUser, other: FakeUser): Promise<(number | null)[]> {
    const stateOf = async (source: FakeUser, destination: FakeUser) => {
      const [friend] = await this.nk('usersGetFriendStatus', source.id, [destination.id]);
      return friend ? friend.state : null;
    };
    return [await stateOf(one, other), await stateOf(other, one)];
  }

  async edgeCounts(...users: readonly FakeUser[]): Promise<number[]> {
    const rows = await this.#db.selectFrom('users').select(['id', 'edge_count']).execute();
    return users.map(({ id }) => rows.find((row) => row.id === id)!.edge_count);
  }

  /** Codes and senders' names of the notifications that a user has. */
  async told(user: FakeUser): Promise<[number, string][]> {
    const rows = await this.#db
      .selectFrom('notification')
      .select(['code', 'content'])
      .where('user_id', '=', user.id)
      .orderBy('create_time')
      .execute();
    return rows.map(({ code, content }) => [code, (JSON.parse(content) as { username: string }).username]);
  }
}

export function actorOf({ id, username }: FakeUser) {
  return { userId: id, username };
}

export function namesOf(users: readonly FakeUser[]) {
  return { ids: users.map(({ id }) => id), usernames: [] };
}
