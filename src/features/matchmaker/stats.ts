import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { MatchmakerStatsSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import type { Group } from './matching/group-search.ts';

/** Completions that are kept. Source: the reference's statistics. */
const MAX_COMPLETIONS = 10;

interface Completion {
  readonly createTimeMs: number;
  readonly completeTimeMs: number;
}

/** How busy the matchmaker is, as of its last round. */
export class MatchmakerStats {
  readonly #completions: Completion[] = [];
  #latest: MessageInitShape<typeof MatchmakerStatsSchema> = {};

  /** What clients are told. */
  get latest(): MessageInitShape<typeof MatchmakerStatsSchema> {
    return this.#latest;
  }

  /** Notes each player of a group. */
  completed(group: Group, completeTimeMs: number): void {
    for (const { members, createTimeMs } of group) {
      for (let i = 0; i < members.length; i++) this.#completions.push({ createTimeMs, completeTimeMs });
    }
    if (this.#completions.length > MAX_COMPLETIONS)
      this.#completions.splice(0, this.#completions.length - MAX_COMPLETIONS);
  }

  /** A round has ended that began with so many tickets. */
  update(ticketCount: number, oldestTicketMs: number | undefined): void {
    this.#latest = {
      ticketCount,
      ...(oldestTicketMs !== undefined && { oldestTicketCreateTime: timestampFromMs(oldestTicketMs) }),
      completions: this.#completions.map(({ createTimeMs, completeTimeMs }) => ({
        createTime: timestampFromMs(createTimeMs),
        completeTime: timestampFromMs(completeTimeMs),
      })),
    };
  }
}
