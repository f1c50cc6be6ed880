/**
 * A daily reward: coins, once a day in UTC. The claim and the coins are one transaction, and the claim is written only
 * over the version that was read: of several claims that arrive together one pays, and the others change nothing. The
 * ledger says where the coins came from.
 */

const coins = 100;
const collection = 'rewards';
const key = 'daily';

const readByOwner = 1;
const writtenByServer = 0;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRpc('daily_reward', claim);
}

/** Without a payload: claims today's reward and answers `{ coins, day }`, with all the coins that the player has. */
function claim(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama): string {
  const userId = ctx.userId;
  if (!userId) throw refusal('for players only', nkruntime.Codes.PERMISSION_DENIED);
  const today = new Date().toISOString().slice(0, 10);
  const last = lastClaim(nk, userId);
  if (last?.value.day === today) throw claimed(today);

  const write: nkruntime.StorageWriteRequest = {
    collection,
    key,
    userId,
    value: { day: today },
    // `*`: only when there is none yet.
    version: last?.version ?? '*',
    permissionRead: readByOwner,
    permissionWrite: writtenByServer,
  };
  const payment = { userId, changeset: { coins }, metadata: { reason: 'daily reward', day: today } };
  const withLedger = true;
  try {
    const { walletUpdateAcks } = nk.multiUpdate(null, [write], null, [payment], withLedger);
    return JSON.stringify({ coins: walletUpdateAcks[0]!.updated.coins, day: today });
  } catch (error) {
    // Another claim may have been quicker; anything else that went wrong is the server's to know.
    if (lastClaim(nk, userId)?.value.day === today) throw claimed(today);
    throw error;
  }
}

function lastClaim(nk: nkruntime.Nakama, userId: string): nkruntime.StorageObject | undefined {
  return nk.storageRead([{ collection, key, userId }])[0];
}

function claimed(day: string): nkruntime.Error {
  return refusal(`the reward of ${day} is claimed`, nkruntime.Codes.FAILED_PRECONDITION);
}

function refusal(message: string, code: nkruntime.Codes): nkruntime.Error {
  return { message, code };
}
