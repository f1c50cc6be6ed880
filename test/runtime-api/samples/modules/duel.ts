import type { MatchHandler } from 'nk-server/runtime-api';

export interface Duel {
  readonly hits: Record<string, number>;
}

export const duel: MatchHandler<Duel> = {
  matchInit: () => ({ state: { hits: {} }, tickRate: 10 }),
  matchJoinAttempt: (_ctx, _logger, _nk, _dispatcher, _tick, state) => ({ state, accept: true }),
  matchJoin: (_ctx, _logger, _nk, _dispatcher, _tick, state) => ({ state }),
  matchLeave: () => null,
  matchLoop: (_ctx, _logger, _nk, dispatcher, tick, state, messages) => {
    for (const { sender, data } of messages) {
      state.hits[sender.userId] = (state.hits[sender.userId] ?? 0) + new Uint8Array(data)[0]!;
      dispatcher.broadcastMessage(1, data, null, sender);
    }
    return tick < 600 ? { state } : null;
  },
  matchTerminate: (_ctx, _logger, _nk, _dispatcher, _tick, state) => ({ state }),
  matchSignal: (_ctx, _logger, _nk, _dispatcher, _tick, state, data) => ({ state, data }),
  matchMigrate: (old, fromVersion) => (fromVersion < 2 ? { hits: old.score ?? {} } : old),
};
