import type { MessageInitShape } from '@bufbuild/protobuf';
import type { StreamSchema, UserPresenceSchema } from '../protocol/gen/nakama/realtime/realtime_pb.js';
import type { Presence, Stream } from './stream.ts';

/** A presence on the wire, without its status: only those of status streams carry one. */
export function presenceOnWire(presence: Presence): MessageInitShape<typeof UserPresenceSchema> {
  const { userId, sessionId, username, persistence } = presence;
  return { userId, sessionId, username, persistence };
}

/** A presence on the wire with its status, the empty one included, and without persistence. */
export function statusOnWire(presence: Presence): MessageInitShape<typeof UserPresenceSchema> {
  const { userId, sessionId, username, status } = presence;
  return { userId, sessionId, username, status };
}

/** A stream on the wire. */
export function streamOnWire(stream: Stream): MessageInitShape<typeof StreamSchema> {
  const { mode, subject, subcontext, label } = stream;
  return { mode, subject, subcontext, label };
}
