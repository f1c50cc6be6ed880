import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { type OperationBinding, operation } from '../feature.ts';
import type { MatchmakerStats } from './stats.ts';

/** `GET /v2/matchmaker/stats`. */
export function matchmakerOperations(stats: MatchmakerStats): readonly OperationBinding[] {
  return [operation(Nakama.method.getMatchmakerStats, () => stats.latest)];
}
