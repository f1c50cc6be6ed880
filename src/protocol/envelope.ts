import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Envelope, EnvelopeSchema } from './gen/nakama/realtime/realtime_pb.js';

/** The name of a socket message: `channelJoin`. */
export type MessageCase = NonNullable<Envelope['message']['case']>;

/** The value of a socket message. */
export type MessageValue<C extends MessageCase> = Extract<Envelope['message'], { case: C }>['value'];

/** A message to send: `{ case: 'channel', value: {…} }`. */
export type OutgoingMessage = Extract<
  NonNullable<MessageInitShape<typeof EnvelopeSchema>['message']>,
  { case: MessageCase }
>;
