/**
 * Clans: groups with a motto and an emblem. These are the group's metadata, which clients see wherever they see the
 * group, and which only the server can write: so founding and changing a clan are RPCs. Joining, leaving and the chat
 * are those of every group, without a line here.
 */

/** What a clan has beside a name. */
interface ClanMetadata {
  motto: string;
  emblem: string;
}

const emblems = ['lion', 'raven', 'oak'];
const longestMotto = 80;
const largestClan = 30;
/** The state of a superadmin among the members: who founded the group, or was promoted to it. */
const superadmin = 0;
/** More superadmins than this a clan has not. */
const superadminsRead = 100;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRpc('clan_create', create);
  initializer.registerRpc('clan_update', update);
}

/** `{ name, motto, emblem }`: founds a clan, with the player as its superadmin, and answers `{ clanId }`. */
function create(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): string {
  const userId = playerOf(ctx);
  const { name, motto, emblem } = JSON.parse(payload) as { name: string } & ClanMetadata;
  const isOpen = true;
  const metadata = checked({ motto, emblem });
  const clan = nk.groupCreate(userId, name, userId, null, null, null, isOpen, metadata, largestClan);
  return JSON.stringify({ clanId: clan.id });
}

/** `{ clanId, motto?, emblem? }`: changes what is given, for a superadmin of the clan; answers the motto and emblem. */
function update(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): string {
  const userId = playerOf(ctx);
  const { clanId, ...changes } = JSON.parse(payload) as { clanId: string } & Partial<ClanMetadata>;
  const [clan] = nk.groupsGetId([clanId]);
  if (!clan) throw refusal('there is no such clan', nkruntime.Codes.NOT_FOUND);
  // The server itself would let every admin change a group.
  const superadmins = nk.groupUsersList(clanId, superadminsRead, superadmin).groupUsers ?? [];
  if (!superadmins.some(({ user }) => user?.userId === userId)) {
    throw refusal('only a superadmin may change the clan', nkruntime.Codes.PERMISSION_DENIED);
  }
  const metadata = checked({ ...(clan.metadata as ClanMetadata), ...changes });
  nk.groupUpdate(clanId, userId, null, null, null, null, null, null, metadata);
  return JSON.stringify(metadata);
}

/** Nothing but a good motto and emblem gets into the metadata. */
function checked({ motto, emblem }: ClanMetadata): ClanMetadata {
  if (typeof motto !== 'string' || motto.length > longestMotto) {
    throw refusal(`a motto has at most ${longestMotto} characters`, nkruntime.Codes.INVALID_ARGUMENT);
  }
  if (!emblems.includes(emblem)) {
    throw refusal(`an emblem is one of ${emblems.join(', ')}`, nkruntime.Codes.INVALID_ARGUMENT);
  }
  return { motto, emblem };
}

function playerOf(ctx: nkruntime.Context): string {
  if (!ctx.userId) throw refusal('for players only', nkruntime.Codes.PERMISSION_DENIED);
  return ctx.userId;
}

function refusal(message: string, code: nkruntime.Codes): nkruntime.Error {
  return { message, code };
}
