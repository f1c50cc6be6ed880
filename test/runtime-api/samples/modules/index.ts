import type {
  Context,
  InitModule as Init,
  Logger,
  Error as ModuleError,
  Nakama,
  NotificationAudience,
  RpcFunction,
} from 'nk-server/runtime-api';
import { duel } from './duel.js';

export const InitModule: Init = async (_ctx, logger, nk, initializer) => {
  await nk.async.leaderboardCreate('duels', true, 'desc', 'best');
  initializer.registerRpc('profile', profile);
  initializer.registerRpc('offer', offer);
  initializer.registerMatch('duel', duel);
  initializer.registerBeforeAddFriends(async (_ctx, _logger, nk, data) => {
    const known = await nk.async.usersGetId(data.ids ?? []);
    return { ...data, ids: known.map((user) => user.userId) };
  });
  initializer.registerAfterGetAccount(async (ctx, logger, nk, account) => {
    logger.debug('%s has looked', account.user.id);
    await nk.async.localcachePut(`seen:${ctx.userId}`, true, 60);
  });
  initializer.registerRtBefore('MatchJoin', (_ctx, _logger, _nk, envelope) => {
    envelope.matchJoin.metadata.from = 'hook';
    return envelope.matchJoin.matchId ? envelope : null;
  });
  initializer.registerRtBefore('ChannelJoin', async (_ctx, _logger, _nk, { cid, channelJoin }) => {
    return { cid, channelJoin: { ...channelJoin, persistence: true } };
  });
  initializer.registerRtBefore('PartyUpdate', (_ctx, _logger, _nk, envelope) => ({
    ...envelope,
    partyUpdate: { ...envelope.partyUpdate, hidden: false },
  }));
  initializer.registerBeforeSessionRefresh((_ctx, _logger, _nk, request) => ({ ...request, vars: { fresh: 'yes' } }));
  initializer.registerBeforeSessionLogout(() => null);
  initializer.registerMatchmakerMatched(async (_ctx, _logger, nk) => nk.async.matchCreate('duel'));
  logger.info('ready');
};

const profile: RpcFunction = async (ctx, logger, nk) => {
  const [account, records] = await Promise.all([
    nk.async.accountGetId(ctx.userId!),
    nk.async.leaderboardRecordsList('duels', [ctx.userId!]),
  ]);
  const presence = nk.streamUserGet(ctx.userId!, ctx.sessionId!, { mode: 1, subject: ctx.userId! });
  if (!nk.streamUserJoin(ctx.userId!, ctx.sessionId!, { mode: 99 })) logger.debug('was there');
  return JSON.stringify({ name: account.user.displayName, records: records.ownerRecords, online: presence?.status });
};

async function offer(ctx: Context, _logger: Logger, nk: Nakama, payload: string): Promise<string> {
  const market: NotificationAudience = { vars: { screen: 'market' } };
  nk.notificationSend(ctx.userId!, 'Offer', { item: payload }, 100, null, true, market);
  nk.notificationsSend(
    [
      { userId: ctx.userId!, subject: 'Offer', content: {}, code: 100, to: { sessionIds: [ctx.sessionId!] } },
      { userId: ctx.userId!, subject: 'Offer', content: {}, code: 101 },
    ],
    market,
  );
  await nk.async.notificationSendAll('Market', { open: true }, 102, false, {
    where: (connection) => connection.lang.startsWith('en') && connection.vars['screen'] !== 'match',
  });
  if (payload === '') throw { message: 'nothing offered', code: 3 } satisfies ModuleError;
  const room = nk.channelIdBuild(null, 'market', 1);
  nk.channelMessageSend(room, { offered: payload });
  nk.streamSend({ mode: 99 }, payload, null, true, { where: ({ format }) => format === 'json' });
  return nk.base64Encode(nk.secureRandomBytes(8));
}
