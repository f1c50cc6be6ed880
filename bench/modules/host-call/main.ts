/** An echo with one synchronous nk call that needs no database: what such a call costs beside an echo without. */
export function InitModule(
  _ctx: nkruntime.Context,
  _logger: nkruntime.Logger,
  nk: nkruntime.Nakama,
  initializer: nkruntime.Initializer,
): void {
  const stream: nkruntime.Stream = { mode: 100, label: 'bench' };
  nk.streamClose(stream);
  initializer.registerRpc('echo', (_ctx, _logger, nk, payload) => {
    nk.streamCount(stream);
    return payload;
  });
}
