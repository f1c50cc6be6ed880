import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { Db } from '../../database/database.ts';
import type { Row } from '../../database/schema.ts';
import type { AccountSchema, UserSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { Status, StatusError } from '../../protocol/status.ts';
import { findAccount } from './queries.ts';

/** Tells whether a user is seen as online. */
export type OnlineCheck = (userId: string) => boolean;

/** Accounts as their owners see them. */
export class AccountsService {
  readonly #db: Db;
  readonly #isOnline: OnlineCheck;

  constructor(db: Db, isOnline: OnlineCheck) {
    this.#db = db;
    this.#isOnline = isOnline;
  }

  /** @throws StatusError NOT_FOUND */
  async get(userId: string): Promise<MessageInitShape<typeof AccountSchema>> {
    const row = await findAccount(this.#db, userId);
    if (!row) throw new StatusError(Status.NOT_FOUND, 'there is no such account');
    return {
      user: userMessage(row, this.#isOnline(userId)),
      wallet: row.wallet,
      email: row.email ?? '',
      devices: row.device_ids.map((id) => ({ id })),
      customId: row.custom_id ?? '',
      ...timeUnlessUnset('verifyTime', row.verify_time),
      ...timeUnlessUnset('disableTime', row.disable_time),
    };
  }
}

/** A user as everybody sees them; times are cut to whole seconds, as the protocol has them. */
export function userMessage(row: Row<'users'>, online: boolean): MessageInitShape<typeof UserSchema> {
  return {
    id: row.id,
    username: row.username,
    displayName: row.display_name ?? '',
    avatarUrl: row.avatar_url ?? '',
    langTag: row.lang_tag,
    location: row.location ?? '',
    timezone: row.timezone ?? '',
    metadata: row.metadata,
    appleId: row.apple_id ?? '',
    facebookId: row.facebook_id ?? '',
    facebookInstantGameId: row.facebook_instant_game_id ?? '',
    googleId: row.google_id ?? '',
    gamecenterId: row.gamecenter_id ?? '',
    steamId: row.steam_id ?? '',
    online,
    edgeCount: row.edge_count,
    createTime: wholeSeconds(row.create_time),
    updateTime: wholeSeconds(row.update_time),
  };
}

function wholeSeconds(time: Date) {
  return timestampFromMs(Math.floor(time.getTime() / 1000) * 1000);
}

/** Times of things that have not happened are stored as 1970. */
function timeUnlessUnset<K extends string>(key: K, time: Date) {
  return time.getTime() === 0 ? {} : ({ [key]: wholeSeconds(time) } as Record<K, ReturnType<typeof wholeSeconds>>);
}
