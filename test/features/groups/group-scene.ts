import { randomUUID } from 'node:crypto';
import type { Db } from '../../../src/database/database.ts';
import { AccountsService } from '../../../src/features/accounts/index.ts';
import { type Chat, createChatFeature, StoredGroupMembership } from '../../../src/features/chat/index.ts';
import type { Feature } from '../../../src/features/feature.ts';
import { DEFAULT_LANG_TAG, type GroupDraft } from '../../../src/features/groups/group.ts';
import { createGroupsFeature, type Groups, type Memberships } from '../../../src/features/groups/index.ts';
import { createNotificationsFeature, type Notifications } from '../../../src/features/notifications/index.ts';
import type { FakeSession, FakeUser } from '../../support/fake-session.ts';
import { moduleCaller, RealtimeScene, storedUser } from '../../support/realtime-scene.ts';

const GROUP_CHANNEL = 3;

/** The groups of a server, with chat and notifications, on a database. */
export class GroupScene {
  readonly realtime = new RealtimeScene();
  readonly online = new Set<string>();
  readonly db: Db;
  readonly groups: Groups;
  readonly memberships: Memberships;
  readonly notifications: Notifications;
  readonly chat: Chat;
  readonly feature: Feature;
  readonly nk: ReturnType<typeof moduleCaller>;

  constructor(db: Db) {
    this.db = db;
    this.notifications = createNotificationsFeature({ ...this.realtime, db }).notifications;
    const { chat, groupEvents } = createChatFeature({
      ...this.realtime,
      db,
      notifications: this.notifications,
      groups: new StoredGroupMembership(db),
    });
    const created = createGroupsFeature({
      ...this.realtime,
      db,
      events: groupEvents,
      notifications: this.notifications,
      isOnline: (userId) => this.online.has(userId),
    });
    this.chat = chat;
    ({ groups: this.groups, memberships: this.memberships, feature: this.feature } = created);
    this.nk = moduleCaller(created.feature.functions);
  }

  /** Accounts whose end is told to groups alone. */
  accounts(): AccountsService {
    const sessions = { logoutEverywhere: async () => {}, disconnectUser: () => {}, disconnectBanned: () => {} };
    return new AccountsService({
      db: this.db,
      isOnline: () => false,
      sessions,
      userData: () => [this.feature.userData!],
    });
  }

  user(name = 'user'): Promise<FakeUser> {
    return storedUser(this.db, name);
  }

  users(count: number): Promise<FakeUser[]> {
    return Promise.all(Array.from({ length: count }, () => this.user()));
  }

  /** A group with this owner; open and with room unless said otherwise. */
  async group(owner: FakeUser, more: Partial<GroupDraft> = {}): Promise<string> {
    return (await this.groups.create(owner.id, draft({ creatorId: owner.id, open: true, ...more }))).id;
  }

  join(groupId: string, ...users: FakeUser[]): Promise<unknown> {
    return inTurn(users, (user) => this.memberships.join(groupId, user.id, user.username));
  }

  leave(groupId: string, user: FakeUser): Promise<void> {
    return this.memberships.leave(groupId, user.id, user.username);
  }

  async joinChannel(session: FakeSession, groupId: string): Promise<void> {
    await this.chat.join(session, { target: groupId, type: GROUP_CHANNEL, persistence: true, hidden: false });
    await this.realtime.told();
  }

  /** What each of these users is in the group; undefined for an outsider. */
  async states(groupId: string, ...users: FakeUser[]): Promise<(number | undefined)[]> {
    const rows = await this.db
      .selectFrom('group_edge')
      .select(['destination_id', 'state'])
      .where('source_id', '=', groupId)
      .execute();
    return users.map(({ id }) => rows.find((row) => row.destination_id === id)?.state);
  }

  /** The number of members that the group says it has; undefined when it is no more. */
  async edgeCount(groupId: string): Promise<number | undefined> {
    return (await this.groups.byIds([groupId]))[0]?.edge_count;
  }

  /** How many rows there are of memberships in a group, from both sides. */
  async edgeRows(groupId: string): Promise<number> {
    const rows = await this.db
      .selectFrom('group_edge')
      .select('state')
      .where((eb) => eb.or([eb('source_id', '=', groupId), eb('destination_id', '=', groupId)]))
      .execute();
    return rows.length;
  }

  /** `[code, username]` of the messages of the group's channel, in the order of their codes. */
  async history(groupId: string): Promise<[number, string][]> {
    const rows = await this.db
      .selectFrom('message')
      .select(['code', 'username'])
      .where('stream_subject', '=', groupId)
      .orderBy('code')
      .orderBy('username')
      .execute();
    return rows.map(({ code, username }) => [code, username]);
  }

  async notificationsOf(user: FakeUser) {
    const { notifications } = await this.notifications.list(user.id, 100, '');
    return notifications.map(({ code, subject, content, senderId }) => ({
      code,
      subject,
      content: JSON.parse(content) as unknown,
      senderId,
    }));
  }
}

/** A group as it is asked for, with a name of its own. */
export function draft(more: Partial<GroupDraft> = {}): GroupDraft {
  return {
    name: `group ${randomUUID()}`,
    creatorId: randomUUID(),
    langTag: DEFAULT_LANG_TAG,
    description: '',
    avatarUrl: '',
    open: false,
    metadata: '{}',
    maxCount: 100,
    ...more,
  };
}

async function inTurn<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  for (const item of items) await work(item);
}
