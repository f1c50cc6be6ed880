/**
 * Tic-tac-toe: a match whose rules the server keeps. An RPC finds a match with a free seat, or makes one; players join
 * it over their sockets, send their moves, and are sent the board whenever it has changed.
 */

const EMPTY = '.........';
const LINES = ['012', '345', '678', '036', '147', '258', '048', '246'];
const LOOPS_A_SECOND = 5;
const WAIT_SECONDS = 60;

/** What clients send: `{ field }`, from 0 to 8. */
const MOVE = 1;
/** What they are sent: the board to all, or to one why a move was not taken. */
const BOARD = 2;
const REFUSED = 3;

interface Game {
  /** Nine fields of X, O and dots. */
  board: string;
  /** User ids: the first plays X, the second O. */
  seats: string[];
  /** Who is connected, by user id. */
  present: { [userId: string]: nkruntime.Presence };
  emptySince: number;
}

type Dispatcher = nkruntime.MatchDispatcher;
type Presences = nkruntime.Presence[];

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerMatch<Game>('tic-tac-toe', {
    matchInit: () => ({
      state: { board: EMPTY, seats: [], present: {}, emptySince: 0 },
      tickRate: LOOPS_A_SECOND,
      label: labelOf(0),
    }),

    matchJoinAttempt: (_ctx, _logger, _nk, _dispatcher, _tick, state, { userId }) => {
      const accept = state.seats.length < 2 || state.seats.includes(userId);
      return { state, accept, rejectMessage: 'both seats are taken' };
    },

    matchJoin: (_ctx, _logger, _nk, dispatcher, _tick, state, presences) => {
      for (const presence of presences) {
        state.present[presence.userId] = presence;
        if (!state.seats.includes(presence.userId)) state.seats.push(presence.userId);
      }
      dispatcher.matchLabelUpdate(labelOf(state.seats.length));
      return show(state, dispatcher);
    },

    matchLeave: (_ctx, _logger, _nk, dispatcher, tick, state, presences) => leave(state, dispatcher, tick, presences),

    matchLoop: (_ctx, _logger, nk, dispatcher, tick, state, messages) => {
      for (const { opCode, data, sender } of messages) {
        if (opCode === MOVE) move(state, dispatcher, sender, fieldOf(nk, data));
      }
      const isEmpty = Object.keys(state.present).length === 0;
      return isEmpty && tick - state.emptySince > WAIT_SECONDS * LOOPS_A_SECOND ? null : { state };
    },

    matchTerminate: () => null,

    matchSignal: (_ctx, _logger, _nk, _dispatcher, _tick, state) => ({ state, data: state.board }),
  });
  initializer.registerRpc('tic_tac_toe', findMatch);
}

/** Answers `{ matchId }`: a match that waits for a second player, or a new one. */
function findMatch(_ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama): string {
  const [waiting] = nk.matchList(1, true, labelOf(1));
  return JSON.stringify({ matchId: waiting?.matchId ?? nk.matchCreate('tic-tac-toe') });
}

function labelOf(seated: number): string {
  return JSON.stringify({ game: 'tic-tac-toe', seated });
}

function leave(state: Game, dispatcher: Dispatcher, tick: number, presences: Presences): { state: Game } {
  for (const { userId, sessionId } of presences) {
    // Another connection of the same player may have taken its place.
    if (state.present[userId]?.sessionId === sessionId) delete state.present[userId];
  }
  // Before the first move a seat is free again; after it, it waits for its player.
  if (state.board === EMPTY) state.seats = state.seats.filter((userId) => state.present[userId]);
  dispatcher.matchLabelUpdate(labelOf(state.seats.length));
  state.emptySince = tick;
  return { state };
}

/** What a client sends may be anything, and a throw would end the match: -1 for what is no move. */
function fieldOf(nk: nkruntime.Nakama, data: ArrayBuffer | null): number {
  try {
    const { field } = JSON.parse(data ? nk.binaryToString(data) : '') as { field: unknown };
    return typeof field === 'number' ? field : -1;
  } catch {
    return -1;
  }
}

function move(state: Game, dispatcher: Dispatcher, sender: nkruntime.Presence, field: number): void {
  const refusal = refusalOf(state, sender.userId, field);
  if (refusal) {
    dispatcher.broadcastMessage(REFUSED, refusal, [sender]);
    return;
  }
  state.board = state.board.slice(0, field) + turnOf(state.board) + state.board.slice(field + 1);
  show(state, dispatcher);
}

function refusalOf({ board, seats }: Game, userId: string, field: number): string | undefined {
  if (winnerOf(board)) return 'the game is over';
  if (seats[turnOf(board) === 'X' ? 0 : 1] !== userId) return 'it is not your turn';
  return board[field] === '.' ? undefined : 'that field is not free';
}

function show(state: Game, dispatcher: Dispatcher): { state: Game } {
  const { board, seats } = state;
  dispatcher.broadcastMessage(BOARD, JSON.stringify({ board, seats, turn: turnOf(board), winner: winnerOf(board) }));
  return { state };
}

function turnOf(board: string): 'X' | 'O' {
  return board.replaceAll('.', '').length % 2 === 0 ? 'X' : 'O';
}

/** `X`, `O`, `nobody` when the board is full, or null while the game goes on. */
function winnerOf(board: string): string | null {
  for (const [a, b, c] of LINES) {
    const mark = board[Number(a)];
    if (mark !== '.' && mark === board[Number(b)] && mark === board[Number(c)]) return mark ?? null;
  }
  return board.includes('.') ? null : 'nobody';
}
