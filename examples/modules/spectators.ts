/**
 * Spectators: whoever watches a match is put into a stream of it, sees who else watches, and gets what is sent there.
 * The RPCs are called over a socket, since it is a connection that joins a stream. When it ends, it leaves by itself.
 */

/** Modes up to 7 are the server's own. */
const spectatorMode = 100;

export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  _nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  initializer.registerRpc('spectate', spectate);
  initializer.registerRpc('spectate_stop', stopSpectating);
  initializer.registerRpc('spectate_cheer', cheer);
}

/** `{ table }`: joins the spectators of a table and answers who else watches. */
function spectate(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): string {
  const { userId, sessionId } = connectionOf(ctx);
  const stream = streamOf(payload);
  nk.streamUserJoin(userId, sessionId, stream);
  const watching = nk.streamUserList(stream).map((presence) => presence.username);
  return JSON.stringify({ watching });
}

/** `{ table }`: leaves the spectators of a table. */
function stopSpectating(
  ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  payload: string,
): void {
  const { userId, sessionId } = connectionOf(ctx);
  nk.streamUserLeave(userId, sessionId, streamOf(payload));
}

/** `{ table, text }`: sends a text to all who watch a table. */
function cheer(ctx: nkruntime.Context, _logger: nkruntime.Logger, nk: nkruntime.Nakama, payload: string): void {
  const { text } = JSON.parse(payload) as { text: string };
  nk.streamSend(streamOf(payload), JSON.stringify({ from: ctx.username, text }));
}

function streamOf(payload: string): nkruntime.Stream {
  const { table } = JSON.parse(payload) as { table: string };
  return { mode: spectatorMode, label: table };
}

function connectionOf(ctx: nkruntime.Context): { userId: string; sessionId: string } {
  if (ctx.userId && ctx.sessionId) return { userId: ctx.userId, sessionId: ctx.sessionId };
  const refusal: nkruntime.Error = {
    message: 'call this over a socket',
    code: nkruntime.Codes.FAILED_PRECONDITION,
  };
  throw refusal;
}
