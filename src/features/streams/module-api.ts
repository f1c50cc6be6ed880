import type { OutgoingMessage } from '../../protocol/envelope.ts';
import { parseEnvelope } from '../../protocol/envelope-codec.ts';
import { type Presence, streamKey } from '../../realtime/stream.ts';
import { streamOf, streamParameter } from '../../realtime/stream-parameter.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import {
  type ArgumentOf,
  audience,
  boolean,
  list,
  object,
  optional,
  record,
  text,
  uuid,
} from '../../runtime/parameters.ts';
import type { Streams } from './service.ts';

const presences = () => optional(list(record({ sessionId: optional(uuid()) })), { orNull: true });

const joining = [
  ['userId', uuid()],
  ['sessionId', uuid()],
  ['stream', streamParameter()],
  ['hidden', optional(boolean())],
  ['persistence', optional(boolean())],
  ['status', optional(text())],
] as const;

const leaving = { deferredWhen: 'always', changes: ['streamCount'] } as const;

/** The `nk.stream*` functions. The parameter named `to` is ours. */
export function streamFunctions(streams: Streams): readonly ModuleFunction[] {
  return [
    moduleFunction('streamUserJoin', joining, (_call, userId, sessionId, stream, hidden, persistence = true, status) =>
      streams.join(userId, sessionId, streamOf(stream), { hidden: hidden ?? false, persistence, status: status ?? '' }),
    ),

    moduleFunction(
      'streamUserUpdate',
      joining,
      (_call, userId, sessionId, stream, hidden, persistence = true, status) =>
        streams.update(userId, sessionId, streamOf(stream), {
          hidden: hidden ?? false,
          persistence,
          status: status ?? '',
        }),
    ),

    moduleFunction(
      'streamUserLeave',
      [
        ['userId', uuid()],
        ['sessionId', uuid()],
        ['stream', streamParameter()],
      ],
      (_call, userId, sessionId, stream) => streams.leave(userId, sessionId, streamOf(stream)),
      leaving,
    ),

    moduleFunction(
      'streamUserKick',
      [
        ['presence', record({ userId: uuid(), sessionId: uuid() })],
        ['stream', streamParameter()],
      ],
      (_call, { userId, sessionId }, stream) => streams.leave(userId, sessionId, streamOf(stream)),
      leaving,
    ),

    moduleFunction(
      'streamUserGet',
      [
        ['userId', uuid()],
        ['sessionId', uuid()],
        ['stream', streamParameter()],
      ],
      (_call, userId, sessionId, stream) => {
        const presence = streams.get(userId, sessionId, streamOf(stream));
        return presence && metaOf(presence);
      },
    ),

    moduleFunction(
      'streamUserList',
      [
        ['stream', streamParameter()],
        ['includeHidden', optional(boolean())],
        ['includeNotHidden', optional(boolean())],
      ],
      (_call, stream, hidden = true, visible = true) => streams.list(streamOf(stream), { hidden, visible }).map(listed),
    ),

    moduleFunction('streamCount', [['stream', streamParameter()]], (_call, stream) => streams.count(streamOf(stream)), {
      keep: {
        factOf: (stream) => streamKey(streamOf(stream)),
        onChange: (listener) => streams.onCount((stream) => listener(streamKey(stream))),
      },
    }),

    moduleFunction(
      'streamClose',
      [['stream', streamParameter()]],
      (_call, stream) => streams.close(streamOf(stream)),
      leaving,
    ),

    moduleFunction(
      'streamSend',
      [
        ['stream', streamParameter()],
        ['data', text()],
        ['presences', presences()],
        ['reliable', optional(boolean())],
        ['to', optional(audience())],
      ],
      (_call, stream, data, presences, reliable = true, to) =>
        streams.sendData(streamOf(stream), data, reliable, { sessionIds: sessionIdsOf(presences), to }),
      { deferredWhen: 'always' },
    ),

    moduleFunction(
      'streamSendRaw',
      [
        ['stream', streamParameter()],
        ['envelope', object()],
        ['presences', presences()],
        ['reliable', optional(boolean())],
      ],
      (_call, stream, envelope, presences) =>
        streams.send(streamOf(stream), messageOf(envelope), { sessionIds: sessionIdsOf(presences) }),
    ),
  ];
}

function metaOf({ username, status, hidden, persistence, reason }: Presence) {
  return { username, status, hidden, persistence, reason };
}

function listed(presence: Presence) {
  const { userId, sessionId, nodeId } = presence;
  return { userId, sessionId, nodeId, ...metaOf(presence) };
}

/** A presence without a session id is nobody, but does not make the list one that means everybody. */
function sessionIdsOf(named: ArgumentOf<ReturnType<typeof presences>>): string[] | undefined {
  return named?.map(({ sessionId }) => sessionId ?? '');
}

/** @throws MalformedError or Error for what is no envelope with a message */
function messageOf(envelope: object): OutgoingMessage {
  const { message } = parseEnvelope(JSON.stringify(envelope));
  if (message.case === undefined) throw new Error('the envelope has no message');
  return message;
}
