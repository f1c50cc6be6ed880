import type { MessageInitShape } from '@bufbuild/protobuf';
import type { GroupSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { epochSeconds, wholeSeconds } from '../../protocol/times.ts';
import { type GroupRow, OPEN } from './queries.ts';

/** A group as clients see it; times are cut to whole seconds, as the protocol has them. */
export function groupMessage(row: GroupRow): MessageInitShape<typeof GroupSchema> {
  return {
    id: row.id,
    creatorId: row.creator_id,
    name: row.name,
    description: row.description ?? '',
    avatarUrl: row.avatar_url ?? '',
    langTag: row.lang_tag,
    metadata: row.metadata,
    open: row.state === OPEN,
    edgeCount: row.edge_count,
    maxCount: row.max_count,
    createTime: wholeSeconds(row.create_time),
    updateTime: wholeSeconds(row.update_time),
  };
}

/** A group as modules see it: empty text stays, times are epoch seconds. */
export function moduleGroup(row: GroupRow) {
  return {
    id: row.id,
    creatorId: row.creator_id,
    name: row.name,
    description: row.description ?? '',
    avatarUrl: row.avatar_url ?? '',
    langTag: row.lang_tag,
    metadata: JSON.parse(row.metadata) as unknown,
    open: row.state === OPEN,
    edgeCount: row.edge_count,
    maxCount: row.max_count,
    createTime: epochSeconds(row.create_time),
    updateTime: epochSeconds(row.update_time),
  };
}
