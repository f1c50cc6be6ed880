/**
 * Welcomes new players: after the sign-in that makes an account, a notification waits in its list. Who brought them is
 * rewarded by a file of its own: one that registers nothing is no module, and may be imported.
 */
import { rewardReferrer } from './referral';

const welcomeCode = 100;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerAfterAuthenticateDevice(welcome);
  initializer.registerAfterAuthenticateCustom(welcome);
  initializer.registerAfterAuthenticateEmail(welcome);
}

/** `created` is true only the first time: whoever comes back is not welcomed again. */
function welcome(
  ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  session: nkruntime.Session,
): void {
  if (!session.created || !ctx.userId) return;
  const isPersistent = true;
  nk.notificationSend(ctx.userId, 'Welcome!', { gift: 'a wooden sword' }, welcomeCode, null, isPersistent);
  logger.info('welcomed %s', ctx.username);
  rewardReferrer(ctx, logger, nk, session);
}
