import type { OutgoingMessage } from '../../protocol/envelope.ts';
import type { PresenceChange } from '../../realtime/presence-tracker.ts';
import { presenceOnWire } from '../../realtime/presence-wire.ts';
import { channelFieldsOf, channelIdOf } from './channel.ts';

/** What the sessions in a channel are told of who comes and goes. */
export function channelEventOf({ stream, joins, leaves }: PresenceChange): OutgoingMessage {
  return {
    case: 'channelPresenceEvent',
    value: {
      channelId: channelIdOf(stream),
      joins: joins.map(presenceOnWire),
      leaves: leaves.map(presenceOnWire),
      ...channelFieldsOf(stream),
    },
  };
}
