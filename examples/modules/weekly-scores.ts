/**
 * A score board of the week, with prizes: scores come in by an RPC that checks them, since clients cannot write to an
 * authoritative board; the board starts anew on Mondays (UTC), and the best three of the week that ended are paid. The
 * payment and a mark that it was made are one transaction: whoever runs it again pays nobody twice.
 */

const board = 'weekly_scores';
const mondays = '0 0 * * 1';
/** Coins for the first, second and third. */
const prizes = [300, 200, 100];
const highestScore = 10_000;
const prizeNotice = 110;

const writtenByServer = 0;
const readByNobody = 0;

/** `SCORES_RESET` in `runtime.env` is another schedule than Mondays, for a board that there is not yet. */
export function InitModule(
  ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  const authoritative = true;
  const withRanks = true;
  const order = nkruntime.SortOrder.DESCENDING;
  const schedule = ctx.env.SCORES_RESET ?? mondays;
  nk.leaderboardCreate(board, authoritative, order, nkruntime.Operator.BEST, schedule, null, withRanks);
  initializer.registerRpc('score_submit', submit);
  initializer.registerLeaderboardReset(payPrizes);
}

/** `{ score }`: answers `{ best, rank }` of the player's week. */
function submit(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): string {
  if (!ctx.userId) throw refusal('for players only', nkruntime.Codes.PERMISSION_DENIED);
  const { score } = JSON.parse(payload || '{}') as { score?: unknown };
  if (!Number.isInteger(score) || Number(score) < 0 || Number(score) > highestScore) {
    throw refusal(`a score is a whole number up to ${highestScore}`, nkruntime.Codes.INVALID_ARGUMENT);
  }
  const record = nk.leaderboardRecordWrite(board, ctx.userId, ctx.username, Number(score));
  return JSON.stringify({ best: record.score, rank: record.rank });
}

/** Runs shortly after each reset of any board; `reset` is when the week ended, by which its records are found. */
function payPrizes(
  _ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  leaderboard: nkruntime.Leaderboard,
  reset: number,
): void {
  if (leaderboard.id !== board) return;
  const { records } = nk.leaderboardRecordsList(board, null, prizes.length, undefined, reset);
  const winners = (records ?? []).map(({ ownerId }, i) => ({ userId: ownerId, place: i + 1, coins: prizes[i]! }));
  if (winners.length === 0) return;

  const mark: nkruntime.StorageWriteRequest = {
    collection: 'weekly_prizes',
    key: String(reset),
    userId: nkruntime.SystemUserId,
    value: { winners },
    // Only when there is none yet.
    version: '*',
    permissionRead: readByNobody,
    permissionWrite: writtenByServer,
  };
  const payments = winners.map(({ userId, place, coins }) => ({
    userId,
    changeset: { coins },
    metadata: { reason: 'weekly scores', place, week: reset },
  }));
  const withLedger = true;
  nk.multiUpdate(null, [mark], null, payments, withLedger);
  nk.notificationsSend(
    winners.map(({ userId, place, coins }) => ({
      userId,
      subject: `Place ${place} of the week`,
      content: { place, coins },
      code: prizeNotice,
      persistent: true,
    })),
  );
  logger.info('the prizes of the week are paid: %d', winners.length);
}

function refusal(message: string, code: nkruntime.Codes): nkruntime.Error {
  return { message, code };
}
