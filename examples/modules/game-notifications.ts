/**
 * Notifications to some of a player's connections. One account may be signed in from several games, or screens of a
 * game; each client says which by a session variable (`game`) when it signs in. What concerns chess then goes to the
 * connections in which chess is played, and to no other.
 */

const challengeCode = 110;
const maintenanceCode = 111;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRpc('chess_challenge', challenge);
  initializer.registerRpc('maintenance', maintenance);
}

/** `{ userId }`: challenges a player, in every connection of theirs that plays chess. */
function challenge(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): void {
  const { userId } = JSON.parse(payload) as { userId: string };
  const content = { from: ctx.username, clockMinutes: 10 };
  nk.notificationSend(userId, 'A game of chess?', content, challengeCode, ctx.userId, false, {
    vars: { game: 'chess' },
  });
}

/** `{ game, minutes }`: tells everybody who plays a game, but for those on a console, who have seen it already. */
function maintenance(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): void {
  if (ctx.userId) {
    const refusal: nkruntime.Error = { message: 'for servers only', code: nkruntime.Codes.PERMISSION_DENIED };
    throw refusal;
  }
  const { game, minutes } = JSON.parse(payload) as { game: string; minutes: number };
  nk.notificationSendAll('Maintenance', { inMinutes: minutes }, maintenanceCode, false, {
    where: (connection) => connection.vars.game === game && connection.vars.device !== 'console',
  });
}
