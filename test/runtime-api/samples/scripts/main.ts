// The style of Nakama's own project template: scripts without import or export that share one global scope.

const winsBoard = 'wins';

let InitModule: nkruntime.InitModule = function (
  ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
) {
  nk.leaderboardCreate(winsBoard, true, nkruntime.SortOrder.DESCENDING, nkruntime.Operator.INCREMENTAL, '0 0 * * 1', {
    season: 1,
  });
  nk.tournamentCreate('cup', true, nkruntime.SortOrder.DESCENDING, nkruntime.Operator.BEST, 3600, null, null, 'Cup');

  initializer.registerRpc('find_game', rpcFindGame);
  initializer.registerRpc('reward', rpcReward);
  initializer.registerMatch<GameState>('tic-tac-toe', {
    matchInit,
    matchJoinAttempt,
    matchJoin,
    matchLeave,
    matchLoop,
    matchTerminate,
    matchSignal,
  });
  initializer.registerMatch('lobby', lobbyHandler);

  initializer.registerBeforeAuthenticateDevice(lowerUsername);
  initializer.registerAfterAuthenticateDevice(welcome);
  initializer.registerAfterDeleteAccount((ctx, logger) => logger.info('%s is gone', ctx.userId));
  initializer.registerRtBefore('ChannelMessageSend', cleanLanguage);
  initializer.registerRtAfter('MatchmakerAdd', countTickets);
  initializer.registerMatchmakerMatched((ctx, logger, nk, matched) => {
    const mode: string = matched[0].properties['mode'];
    return nk.matchCreate('tic-tac-toe', { mode, players: matched.map((one) => one.presence.userId) });
  });
  initializer.registerLeaderboardReset((ctx, logger, nk, board, reset) => {
    logger.withField('board', board.id).debug('reset at %d', reset);
  });
  initializer.registerTournamentEnd((ctx, logger, nk, tournament, end, reset) => {
    logger.info('%s ended at %d, resets at %d', tournament.title, end, reset);
  });
  initializer.registerStorageIndex('by_level', 'saves', 'slot', ['level', 'class'], ['level'], 1000, false);
  initializer.registerStorageIndexFilter('by_level', (ctx, logger, nk, write) => write.value.level > 10);
  initializer.registerShutdown((ctx, logger, nk) => nk.localcacheClear());

  logger.info('%s speaks %s', initializer.getConfig().name, ctx.env['greeting']);
};

function lowerUsername(
  ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  data: nkruntime.AuthenticateDeviceRequest,
): nkruntime.AuthenticateDeviceRequest {
  data.username = data.username?.toLowerCase();
  return data;
}

const welcome: nkruntime.AfterHookFunction<nkruntime.Session, nkruntime.AuthenticateDeviceRequest> = (
  ctx,
  logger,
  nk,
  session,
  request,
) => {
  if (!session.created) return;
  nk.walletUpdate(ctx.userId!, { coins: 100 }, { reason: 'welcome' }, true);
  nk.notificationSend(ctx.userId!, 'Welcome', { coins: 100, device: request.account?.id }, 1, null, true);
};

const cleanLanguage: nkruntime.RtBeforeHookFunction<nkruntime.EnvelopeChannelMessageSend> = (
  ctx,
  logger,
  nk,
  envelope,
) => {
  const message = JSON.parse(envelope.channelMessageSend.content);
  if (/darn/.test(message.text)) {
    throw { message: 'mind your language', code: nkruntime.Codes.INVALID_ARGUMENT } as nkruntime.Error;
  }
  return envelope;
};

function countTickets(
  ctx: nkruntime.Context,
  logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  output: nkruntime.Envelope | null,
  input: nkruntime.EnvelopeMatchmakerAdd,
): void {
  nk.metricsCounterAdd('tickets', { query: input.matchmakerAdd.query }, 1);
}

const lobbyHandler: nkruntime.MatchHandler = {
  matchInit: () => ({ state: { seen: {} }, tickRate: 1, label: '' }),
  matchJoinAttempt: (ctx, logger, nk, dispatcher, tick, state, presence, metadata) => {
    return { state, accept: metadata['code'] === 'sesame', rejectMessage: 'the door stays shut' };
  },
  matchJoin: (ctx, logger, nk, dispatcher, tick, state, presences) => {
    for (const presence of presences) state.seen[presence.userId] = true;
    return { state };
  },
  matchLeave: (ctx, logger, nk, dispatcher, tick, state) => ({ state }),
  matchLoop: (ctx, logger, nk, dispatcher, tick, state) => (tick > 600 ? null : { state }),
  matchTerminate: (ctx, logger, nk, dispatcher, tick, state) => ({ state }),
  matchSignal: (ctx, logger, nk, dispatcher, tick, state, data) => ({ state, data: JSON.stringify(state.seen) + data }),
};

// Keeps bundlers from taking InitModule away.
!InitModule && (InitModule as Function).bind(null);
