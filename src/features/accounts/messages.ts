import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AccountSchema, UserSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { epochSeconds, wholeSeconds } from '../../protocol/times.ts';
import type { AccountRow, UserRow } from './queries.ts';

/** A user as everybody sees them; times are cut to whole seconds, as the protocol has them. */
export function userMessage(row: UserRow, online: boolean): MessageInitShape<typeof UserSchema> {
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

/** An account as its owner sees it. */
export function accountMessage(row: AccountRow, online: boolean): MessageInitShape<typeof AccountSchema> {
  return {
    user: userMessage(row, online),
    wallet: row.wallet,
    email: row.email ?? '',
    devices: row.device_ids.map((id) => ({ id })),
    customId: row.custom_id ?? '',
    ...(isSet(row.verify_time) && { verifyTime: wholeSeconds(row.verify_time) }),
    ...(isSet(row.disable_time) && { disableTime: wholeSeconds(row.disable_time) }),
  };
}

/** A user as modules see them: empty text stays, identities are there only when linked, times are epoch seconds. */
export function moduleUser(row: UserRow, online: boolean) {
  return {
    userId: row.id,
    username: row.username,
    displayName: row.display_name ?? '',
    avatarUrl: row.avatar_url ?? '',
    langTag: row.lang_tag,
    location: row.location ?? '',
    timezone: row.timezone ?? '',
    ...(row.apple_id !== null && { appleId: row.apple_id }),
    ...(row.facebook_id !== null && { facebookId: row.facebook_id }),
    ...(row.facebook_instant_game_id !== null && { facebookInstantGameId: row.facebook_instant_game_id }),
    ...(row.google_id !== null && { googleId: row.google_id }),
    ...(row.gamecenter_id !== null && { gamecenterId: row.gamecenter_id }),
    ...(row.steam_id !== null && { steamId: row.steam_id }),
    online,
    edgeCount: row.edge_count,
    createTime: epochSeconds(row.create_time),
    updateTime: epochSeconds(row.update_time),
    metadata: JSON.parse(row.metadata) as unknown,
  };
}

/** An account as modules see it. */
export function moduleAccount(row: AccountRow, online: boolean) {
  return {
    user: moduleUser(row, online),
    wallet: JSON.parse(row.wallet) as unknown,
    ...(row.email !== null && { email: row.email }),
    ...(row.device_ids.length > 0 && { devices: row.device_ids.map((id) => ({ id })) }),
    ...(row.custom_id !== null && { customId: row.custom_id }),
    ...(isSet(row.verify_time) && { verifyTime: epochSeconds(row.verify_time) }),
    ...(isSet(row.disable_time) && { disableTime: epochSeconds(row.disable_time) }),
  };
}

/** Times of things that have not happened are stored as 1970. */
function isSet(time: Date): boolean {
  return time.getTime() !== 0;
}
