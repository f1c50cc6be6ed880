/**
 * A guarded operation: only players who have reached a level may found a group. A before hook runs ahead of the
 * server's own work and sees the request; what it throws is the client's answer, what it returns is what is served.
 */

const foundersLevel = 10;
const largestGroup = 50;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerBeforeCreateGroup(guardCreateGroup);
}

function guardCreateGroup(
  ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  request: nkruntime.CreateGroupRequest,
): nkruntime.CreateGroupRequest {
  const level = levelOf(nk, ctx.userId!);
  if (level < foundersLevel) {
    const refusal: nkruntime.Error = {
      message: `founding a group takes level ${foundersLevel}, you have ${level}`,
      code: nkruntime.Codes.PERMISSION_DENIED,
    };
    throw refusal;
  }
  return { ...request, maxCount: Math.min(request.maxCount || largestGroup, largestGroup) };
}

/** The level is in the player's storage, where the game's server code writes it and clients cannot. */
function levelOf(nk: nkruntime.Nakama, userId: string): number {
  const [progress] = nk.storageRead([{ collection: 'progress', key: 'level', userId }]);
  return Number(progress?.value.level ?? 1);
}
