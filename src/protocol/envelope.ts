import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Envelope, EnvelopeSchema } from './gen/nakama/realtime/realtime_pb.js';

/** The name of a socket message: `channelJoin`. */
export type MessageCase = NonNullable<Envelope['message']['case']>;

/** The value of a socket message. */
export type MessageValue<C extends MessageCase> = Extract<Envelope['message'], { case: C }>['value'];

/** A message to send: `{ case: 'channel', value: {…} }`. */
export type OutgoingMessage = Extract<
  NonNullable<MessageInitShape<typeof EnvelopeSchema>['message']>,
  { case: MessageCase }
>;

/** Messages that only servers send: a client that sends one has lost its way. */
export const serverMessages: ReadonlySet<string> = new Set<MessageCase>([
  'channel',
  'channelMessage',
  'channelMessageAck',
  'channelPresenceEvent',
  'error',
  'match',
  'matchData',
  'matchPresenceEvent',
  'matchmakerMatched',
  'matchmakerTicket',
  'notifications',
  'party',
  'partyData',
  'partyJoinRequest',
  'partyLeader',
  'partyMatchmakerTicket',
  'partyPresenceEvent',
  'status',
  'statusPresenceEvent',
  'streamData',
  'streamPresenceEvent',
]);

/** What clients send, as hooks name it: `ChannelJoin`. */
export const clientMessageNames: readonly string[] = EnvelopeSchema.fields
  .filter(({ oneof, localName }) => oneof !== undefined && !serverMessages.has(localName))
  .map(({ localName }) => localName.charAt(0).toUpperCase() + localName.slice(1));
