enum OpCode {
  Start = 1,
  Move = 2,
  Rejected = 3,
  Over = 4,
}

interface GameState extends nkruntime.MatchState {
  board: (string | null)[];
  presences: { [userId: string]: nkruntime.Presence };
  turn: string | null;
  idleTicks: number;
}

const matchInit: nkruntime.MatchInitFunction<GameState> = (ctx, logger, nk, params) => ({
  state: { board: new Array(9).fill(null), presences: {}, turn: null, idleTicks: 0 },
  tickRate: 5,
  label: JSON.stringify({ mode: params['mode'] ?? 'casual', open: true }),
});

const matchJoinAttempt: nkruntime.MatchJoinAttemptFunction<GameState> = (
  ctx,
  logger,
  nk,
  dispatcher,
  tick,
  state,
  presence,
  metadata,
) => {
  if (Object.keys(state.presences).length >= 2) return { state, accept: false, rejectMessage: 'the game is full' };
  return { state, accept: true };
};

const matchJoin: nkruntime.MatchJoinFunction<GameState> = function (
  ctx,
  logger,
  nk,
  dispatcher,
  tick,
  state,
  presences,
) {
  for (const presence of presences) {
    state.presences[presence.userId] = presence;
    state.turn ??= presence.userId;
  }
  if (Object.keys(state.presences).length === 2) {
    dispatcher.matchLabelUpdate(JSON.stringify({ open: false }));
    dispatcher.broadcastMessage(OpCode.Start, JSON.stringify({ turn: state.turn }));
  }
  return { state };
};

const matchLeave: nkruntime.MatchLeaveFunction<GameState> = function (
  ctx,
  logger,
  nk,
  dispatcher,
  tick,
  state,
  presences,
) {
  for (const presence of presences) {
    if (presence.reason === nkruntime.PresenceReason.PresenceReasonDisconnect)
      logger.debug('lost %s', presence.username);
    delete state.presences[presence.userId];
  }
  return { state };
};

const matchLoop: nkruntime.MatchLoopFunction<GameState> = function (
  ctx,
  logger,
  nk,
  dispatcher,
  tick,
  state,
  messages,
) {
  if (messages.length === 0 && ++state.idleTicks > 300) return null;
  for (const message of messages) {
    state.idleTicks = 0;
    if (message.opCode !== OpCode.Move || message.sender.userId !== state.turn) {
      dispatcher.broadcastMessage(OpCode.Rejected, null, [message.sender]);
      continue;
    }
    const { at } = JSON.parse(nk.binaryToString(message.data)) as { at: number };
    state.board[at] = message.sender.userId;
    if (!state.board.includes(null)) {
      nk.leaderboardRecordWrite(winsBoard, message.sender.userId, message.sender.username, 1);
      dispatcher.broadcastMessageDeferred(OpCode.Over, nk.stringToBinary('{}'), null, null, true);
    }
  }
  return { state };
};

const matchTerminate: nkruntime.MatchTerminateFunction<GameState> = (
  ctx,
  logger,
  nk,
  dispatcher,
  tick,
  state,
  graceSeconds,
) => {
  dispatcher.broadcastMessage(OpCode.Over, JSON.stringify({ graceSeconds }));
  return { state };
};

const matchSignal: nkruntime.MatchSignalFunction<GameState> = function (
  ctx,
  logger,
  nk,
  dispatcher,
  tick,
  state,
  data,
) {
  if (data === 'kick') dispatcher.matchKick(Object.keys(state.presences).map((id) => state.presences[id]));
  return { state, data: ctx.matchId };
};
