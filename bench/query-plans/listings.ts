import type { Db } from '../../src/database/database.ts';
import { encodeCursor as encodeChatCursor } from '../../src/features/chat/cursor.ts';
import { listHistory } from '../../src/features/chat/history.ts';
import { encodeFriendOfFriendPlace, encodeFriendPlace } from '../../src/features/friends/cursor.ts';
import { FriendLists } from '../../src/features/friends/lists.ts';
import { encodeEdgeCursor, encodeGroupCursor, type PlaceValue } from '../../src/features/groups/cursor.ts';
import type { GroupFilter } from '../../src/features/groups/listing.ts';
import { Groups } from '../../src/features/groups/service.ts';
import { Board, Operator } from '../../src/features/leaderboards/board.ts';
import { encodeCursor as encodeBoardCursor } from '../../src/features/leaderboards/board-cursor.ts';
import { boardFunctions } from '../../src/features/leaderboards/board-functions.ts';
import { Boards } from '../../src/features/leaderboards/boards.ts';
import { type Direction, findRecordsFrom } from '../../src/features/leaderboards/record-queries.ts';
import { encodeCursor as encodeNotificationCursor } from '../../src/features/notifications/cursor.ts';
import { Notifications } from '../../src/features/notifications/service.ts';
import { encodePosition } from '../../src/features/storage/cursor.ts';
import { StorageService } from '../../src/features/storage/service.ts';
import { findPage } from '../../src/features/storage-index/queries.ts';
import { encodeCursor as encodeLedgerCursor } from '../../src/features/wallets/cursor.ts';
import { WalletsService } from '../../src/features/wallets/service.ts';
import { silentLog } from '../../src/observability/log.ts';
import { MessageRouter } from '../../src/realtime/message-router.ts';
import { MicrosecondClock } from '../../src/realtime/microsecond-clock.ts';
import { PresenceTracker } from '../../src/realtime/presence-tracker.ts';
import { SessionRegistry } from '../../src/realtime/session-registry.ts';
import { type Stream, StreamMode } from '../../src/realtime/stream.ts';
import { BOARD, FIRST_SECOND, GROUP, idOf, NEWCOMER, SUBJECT } from './rows.ts';

/** A listing that a client or a module can ask for. */
export interface Listing {
  readonly name: string;
  /** Asks for a page: the first one, or one from a cursor on. */
  page(cursor: string): Promise<unknown>;
  /** The cursor of a place far from both ends, when there are so many rows. */
  middle(rows: number): string;
}

const LIMIT = 100;
const STRANGER = idOf('stranger');
/** A place in the middle of ids, and of keys and names that are hashes. */
const MIDDLE_ID = '80000000-0000-4000-8000-000000000000';

/** Every listing that reads a table which grows with the game, through the function that serves it. */
export function listings(db: Db): Listing[] {
  return [
    ...storageListings(db),
    ...friendListings(db),
    ...timelines(db),
    ...groupListings(db),
    {
      name: 'leaderboards',
      page: (cursor) => callModuleFunction(db, cursor),
      middle: (rows) => encodeBoardCursor(momentOf(Math.floor(rows / 2), 'board')),
    },
    ...recordListings(db),
  ];
}

function storageListings(db: Db): Listing[] {
  const storage = new StorageService(db);
  const subject = { userId: SUBJECT };
  const oneOwner = (read: number) => () => encodePosition({ read, key: 'key-8', user_id: SUBJECT });
  const manyOwners = () => encodePosition({ read: 2, key: 'slot-5', user_id: MIDDLE_ID });
  return [
    {
      name: 'storage: own',
      page: (cursor) => storage.list('one-owner', SUBJECT, subject, LIMIT, cursor),
      middle: oneOwner(1),
    },
    {
      name: "storage: another's",
      page: (cursor) => storage.list('one-owner', SUBJECT, { userId: STRANGER }, LIMIT, cursor),
      middle: oneOwner(2),
    },
    {
      name: "storage: everybody's",
      page: (cursor) => storage.list('many-owners', undefined, subject, LIMIT, cursor),
      middle: manyOwners,
    },
    {
      name: "storage: a module's, one owner",
      page: (cursor) => storage.list('one-owner', SUBJECT, 'server', LIMIT, cursor),
      middle: oneOwner(1),
    },
    {
      name: "storage: a module's, all owners",
      page: (cursor) => storage.list('many-owners', undefined, 'server', LIMIT, cursor),
      middle: manyOwners,
    },
    {
      name: 'storage index: loading, a page',
      page: (cursor) => indexPage(db, '', cursor),
      middle: () => 'slot-5',
    },
    {
      name: 'storage index: loading, one key',
      page: (cursor) => indexPage(db, 'slot-5', cursor),
      middle: () => 'slot-5',
    },
  ];
}

/** What a storage index reads when it is loaded; the row that it goes on after is known by these two of its columns. */
function indexPage(db: Db, key: string, after: string): Promise<unknown> {
  const place = { key: after, user_id: MIDDLE_ID } as Parameters<typeof findPage>[2];
  return findPage(db, { collection: 'many-owners', key, since: undefined }, after === '' ? undefined : place, LIMIT);
}

function friendListings(db: Db): Listing[] {
  const lists = new FriendLists(db);
  const inMiddle = (rows: number) => encodeFriendPlace({ state: 0, position: BigInt(rows) * 500n });
  return [
    { name: 'friends', page: (cursor) => lists.friends(SUBJECT, undefined, LIMIT, cursor), middle: inMiddle },
    { name: 'friends: of a state', page: (cursor) => lists.friends(SUBJECT, 0, LIMIT, cursor), middle: inMiddle },
    {
      name: 'friends of friends: of many friends',
      page: (cursor) => lists.friendsOfFriends(SUBJECT, LIMIT, cursor),
      middle: () => encodeFriendOfFriendPlace({ referrerId: MIDDLE_ID, userId: MIDDLE_ID }),
    },
    {
      name: 'friends of friends: of one with many',
      page: (cursor) => lists.friendsOfFriends(NEWCOMER, LIMIT, cursor),
      middle: () => encodeFriendOfFriendPlace({ referrerId: SUBJECT, userId: MIDDLE_ID }),
    },
  ];
}

/** What is ordered by time. */
function timelines(db: Db): Listing[] {
  const wallets = new WalletsService(db);
  const notifications = notificationsOn(db);
  const lobby: Stream = { mode: StreamMode.CHANNEL, subject: '', subcontext: '', label: 'lobby' };
  const history = (forward: boolean): Listing => ({
    name: `channel history: ${forward ? 'forward' : 'backward'}`,
    page: (cursor) => listHistory(db, lobby, LIMIT, forward, cursor),
    middle: (rows) => {
      const { createMicros, id } = momentOf(Math.floor(rows / 2), 'message');
      return encodeChatCursor(lobby, { createTimeMicros: createMicros, id, forward, isNext: true });
    },
  });
  return [
    {
      name: 'wallet ledger',
      page: (cursor) => wallets.ledger(SUBJECT, LIMIT, cursor),
      middle: (rows) => encodeLedgerCursor(SUBJECT, momentOf(Math.floor(rows / 2), 'entry')),
    },
    history(true),
    history(false),
    {
      name: 'notifications',
      page: (cursor) => notifications.list(SUBJECT, LIMIT, cursor, { game: 'chess' }),
      middle: (rows) => {
        const { createMicros, id } = momentOf(Math.floor(rows / 2), 'notice');
        return encodeNotificationCursor({ createTimeMicros: createMicros, id });
      },
    },
  ];
}

function notificationsOn(db: Db): Notifications {
  const sessions = new SessionRegistry();
  const router = new MessageRouter(sessions, new PresenceTracker('bench'));
  return new Notifications({ db, sessions, router, clock: new MicrosecondClock(), log: silentLog });
}

function groupListings(db: Db): Listing[] {
  const groups = new Groups({ db, clock: new MicrosecondClock(), events: { close() {} } });
  const everything: GroupFilter = { name: '', langTag: '', open: undefined, members: undefined };
  const filtered = (
    name: string,
    filter: Partial<GroupFilter>,
    order: string,
    place: readonly PlaceValue[],
  ): Listing => ({
    name: `groups: ${name}`,
    page: (cursor) => groups.find({ ...everything, ...filter }, LIMIT, cursor),
    middle: () => encodeGroupCursor(order, place),
  });
  const updated = String((FIRST_SECOND + 500_000) * 1_000_000);
  const open = true;
  const langTag = 'en';
  const members = 80;
  const inMiddle = (rows: number) => encodeEdgeCursor({ state: 2, position: BigInt(rows) * 500n });
  return [
    filtered('all', {}, 'update', [updated, 50, MIDDLE_ID]),
    filtered('by name', { name: 'guild 8%' }, 'name', ['Guild 88', 'Guild 88']),
    filtered('by language', { langTag }, 'smallest', [50, MIDDLE_ID]),
    filtered('open', { open }, 'update', [updated, 50, MIDDLE_ID]),
    filtered('by members', { members }, 'largestUpdated', [50, updated, MIDDLE_ID]),
    filtered('by language, open', { langTag, open }, 'largest', [50, MIDDLE_ID]),
    filtered('by language, members', { langTag, members }, 'largest', [50, MIDDLE_ID]),
    filtered('by members, open', { members, open }, 'largestUpdated', [50, updated, MIDDLE_ID]),
    filtered('by language, members, open', { langTag, members, open }, 'largest', [50, MIDDLE_ID]),
    { name: 'group users', page: (cursor) => groups.members(GROUP, undefined, LIMIT, cursor), middle: inMiddle },
    { name: 'group users: of a state', page: (cursor) => groups.members(GROUP, 2, LIMIT, cursor), middle: inMiddle },
    { name: 'user groups', page: (cursor) => groups.ofUser(SUBJECT, undefined, LIMIT, cursor), middle: inMiddle },
    { name: 'user groups: of a state', page: (cursor) => groups.ofUser(SUBJECT, 2, LIMIT, cursor), middle: inMiddle },
  ];
}

/** The services read the board beforehand, so that here it is the statements themselves. */
function recordListings(db: Db): Listing[] {
  const board = new Board({
    id: BOARD,
    authoritative: false,
    isDescending: true,
    operator: Operator.BEST,
    resetSchedule: null,
    metadata: '{}',
    hasRanks: false,
    createMicros: 0n,
  });
  // Scores are spread over what lies below the number that they are taken by.
  const middle = { score: 500_000n, subscore: 5n, ownerId: MIDDLE_ID };
  const read = (direction: Direction) => (cursor: string) =>
    findRecordsFrom(db, { board, endSec: 0 }, cursor === '' ? undefined : middle, direction, LIMIT + 1);
  return [
    { name: 'leaderboard records', page: read('onwards'), middle: () => 'middle' },
    { name: 'leaderboard records: those before', page: read('backwards'), middle: () => 'middle' },
  ];
}

/** When row number i of this kind was made, and its id; of boards the id has a form of its own. */
function momentOf(i: number, kind: string): { createMicros: bigint; id: string } {
  return { createMicros: BigInt(FIRST_SECOND + i) * 1_000_000n, id: idOf(`${kind} ${i}`) };
}

async function callModuleFunction(db: Db, cursor: string): Promise<unknown> {
  const list = boardFunctions(new Boards(db)).find(({ name }) => name === 'leaderboardList')!;
  return list.run({ module: 'bench', label: 'bench', deadlineMs: Number.POSITIVE_INFINITY }, [LIMIT, cursor]);
}
