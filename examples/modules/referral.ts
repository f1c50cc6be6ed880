/**
 * A referral reward: whoever brings a new player gets gems, and is told. The new player's client names the one who
 * brought them by a session variable (`referrer`, a username) when it signs in. The sign-in is never refused for it: a
 * referrer who does not exist gets nothing.
 *
 * An operation has one after hook, so welcome.ts, where everything is that new players cause, calls this.
 */

const gems = 25;
const referralCode = 120;

/** After a sign-in: rewards the referrer when the account was made by it. */
export function rewardReferrer(
  ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  session: nkruntime.Session,
): void {
  const name = ctx.vars?.referrer;
  if (!session.created || !ctx.userId || !name) return;
  const [referrer] = nk.usersGetUsername([name]);
  if (!referrer || referrer.userId === ctx.userId) {
    logger.info('%s was not brought by "%s"', ctx.username, name);
    return;
  }
  const withLedger = true;
  nk.walletUpdate(referrer.userId, { gems }, { reason: 'referral', player: ctx.userId }, withLedger);
  const isPersistent = true;
  nk.notificationSend(referrer.userId, 'A friend has joined', { gems }, referralCode, ctx.userId, isPersistent);
}
