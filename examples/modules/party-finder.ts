/**
 * A party finder. Parties are found by their labels, so it is the server that writes them: with the level of whoever
 * makes or changes a party, which no client can claim otherwise. The RPC lists open parties near the caller's level.
 */

const reachInLevels = 5;
const longestList = 20;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRtBefore('PartyCreate', (ctx, _logger, nk, envelope) => {
    label(envelope.partyCreate, ctx, nk);
    return envelope;
  });
  initializer.registerRtBefore('PartyUpdate', (ctx, _logger, nk, envelope) => {
    label(envelope.partyUpdate, ctx, nk);
    return envelope;
  });
  initializer.registerRpc('party_find', findParties);
}

/** A hidden party is found by nobody, and has no label. */
function label(party: { label?: string; hidden?: boolean }, ctx: nkruntime.Context, nk: nkruntime.Nakama): void {
  party.label = party.hidden ? '' : JSON.stringify({ level: levelOf(nk, ctx.userId!) });
}

/** Answers `{ parties: [{ partyId, level, maxSize }, …] }`. */
function findParties(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama): string {
  const level = levelOf(nk, ctx.userId!);
  const near = `+label.level:>=${level - reachInLevels} +label.level:<=${level + reachInLevels}`;
  const { parties } = nk.partyList(longestList, true, near);
  return JSON.stringify({
    parties: parties.map(({ partyId, maxSize, label }) => ({ partyId, maxSize, ...JSON.parse(label) })),
  });
}

/** The level is in the player's storage, where the game's server code writes it and clients cannot. */
function levelOf(nk: nkruntime.Nakama, userId: string): number {
  const [progress] = nk.storageRead([{ collection: 'progress', key: 'level', userId }]);
  return Number(progress?.value.level ?? 1);
}
