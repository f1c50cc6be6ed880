import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import type { EventLog } from './service.ts';

/** `POST /v2/event`. */
export function eventOperations(events: EventLog): readonly OperationBinding[] {
  return [
    operation(Nakama.method.event, (event, call) => {
      const { userId } = callerOf(call);
      // The after hook is given the same message, and there an event of a client is external whatever was sent.
      event.external = true;
      const { name, properties, timestamp } = event;
      const timestampSec = timestamp && Number(timestamp.seconds);
      events.note({ name, properties, external: true, userId, ...(timestampSec !== undefined && { timestampSec }) });
      return {};
    }),
  ];
}
