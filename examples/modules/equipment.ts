/**
 * Equipment that only the server decides on. What a player owns and wears is in the player's storage, where clients may
 * read it; to wear something they ask by an RPC, which checks that it is theirs. A client may write objects of its own
 * in any collection, so a before hook keeps them out of those in which the server's word counts.
 */

/** What there is to wear, and where. */
const slots: Readonly<Record<string, string>> = {
  'wooden-sword': 'hand',
  'iron-sword': 'hand',
  'leather-cap': 'head',
};

const inventory = 'inventory';
const equipment = 'equipment';
/** The level of guarded-groups.ts is of this kind, too. An operation has one before hook, which knows them all. */
const serverCollections = [inventory, equipment, 'progress'];

const readByOwner = 1;
const readByAll = 2;
const writtenByServer = 0;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerBeforeWriteStorageObjects(guardWrites);
  initializer.registerRpc('item_grant', grant);
  initializer.registerRpc('item_equip', equip);
}

function guardWrites(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  request: nkruntime.WriteStorageObjectsRequest,
): nkruntime.WriteStorageObjectsRequest {
  const guarded = request.objects?.find((object) => serverCollections.includes(object.collection ?? ''));
  if (guarded) throw refusal(`${guarded.collection} is written by the server`, nkruntime.Codes.PERMISSION_DENIED);
  return request;
}

/** `{ userId, item }`: gives a player an item. For servers, which call with the HTTP key and so without a user. */
function grant(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): void {
  if (ctx.userId) throw refusal('for servers only', nkruntime.Codes.PERMISSION_DENIED);
  const { userId, item } = JSON.parse(payload) as { userId: string; item: string };
  slotOf(item);
  nk.storageWrite([
    {
      collection: inventory,
      key: item,
      userId,
      value: {},
      permissionRead: readByOwner,
      permissionWrite: writtenByServer,
    },
  ]);
}

/** `{ item }`: wears an item instead of what was in its slot, and answers `{ slot, item }`. Everybody can see it. */
function equip(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): string {
  const { item } = JSON.parse(payload) as { item: string };
  const slot = slotOf(item);
  const userId = ctx.userId!;
  const [owned] = nk.storageRead([{ collection: inventory, key: item, userId }]);
  if (!owned) throw refusal(`you have no ${item}`, nkruntime.Codes.FAILED_PRECONDITION);
  // One object for each slot: whoever equips two things at once wears one of them, and never both in one slot.
  nk.storageWrite([
    {
      collection: equipment,
      key: slot,
      userId,
      value: { item },
      permissionRead: readByAll,
      permissionWrite: writtenByServer,
    },
  ]);
  return JSON.stringify({ slot, item });
}

function slotOf(item: string): string {
  const slot = Object.hasOwn(slots, item) ? slots[item] : undefined;
  if (!slot) throw refusal(`there is no ${item}`, nkruntime.Codes.INVALID_ARGUMENT);
  return slot;
}

function refusal(message: string, code: nkruntime.Codes): nkruntime.Error {
  return { message, code };
}
