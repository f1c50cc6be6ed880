import { isId } from '../../protocol/ids.ts';
import { type Stream, StreamMode } from '../../realtime/stream.ts';

/** The `type` of a `channel_join`. Source: the protocol's ChannelJoin.Type. */
export const ChannelType = { UNSPECIFIED: 0, ROOM: 1, DIRECT: 2, GROUP: 3 } as const;

/** The codes of messages. Source: the protocol's channel message types. */
export const MessageCode = {
  CHAT: 0,
  UPDATE: 1,
  REMOVE: 2,
  GROUP_JOIN: 3,
  GROUP_ADD: 4,
  GROUP_LEAVE: 5,
  GROUP_KICK: 6,
  GROUP_PROMOTE: 7,
  GROUP_BAN: 8,
  GROUP_DEMOTE: 9,
} as const;

/** The fields that every channel object, message and event has for its kind of channel. */
export interface ChannelFields {
  readonly roomName?: string;
  readonly groupId?: string;
  readonly userIdOne?: string;
  readonly userIdTwo?: string;
}

export const MAX_ROOM_NAME_BYTES = 64;

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/;
const idForm = /^([^.]*)\.([^.]*)\.([^.]*)\.(.*)$/s;

/** What is wrong with a room's name, or null when it is a good one. */
export function roomNameFault(name: string): string | null {
  const bytes = Buffer.byteLength(name);
  if (bytes < 1 || bytes > MAX_ROOM_NAME_BYTES) return `a room name has 1 to ${MAX_ROOM_NAME_BYTES} bytes`;
  if (controlCharacter.test(name)) return 'a room name has no control characters';
  return name.isWellFormed() ? null : 'a room name is valid Unicode';
}

export function roomStream(name: string): Stream {
  return { mode: StreamMode.CHANNEL, subject: '', subcontext: '', label: name };
}

export function groupStream(groupId: string): Stream {
  return { mode: StreamMode.GROUP, subject: groupId.toLowerCase(), subcontext: '', label: '' };
}

/** The channel of two users, the same from both sides. */
export function directStream(one: string, other: string): Stream {
  const [subject, subcontext] = [one.toLowerCase(), other.toLowerCase()].sort() as [string, string];
  return { mode: StreamMode.DIRECT, subject, subcontext, label: '' };
}

/** `2...<name>`, `3.<group id>..` or `4.<lower user id>.<higher user id>.` */
export function channelIdOf({ mode, subject, subcontext, label }: Stream): string {
  return `${mode}.${subject}.${subcontext}.${label}`;
}

/** The stream of a channel id; null when it is none. It is cut at the first three dots: a room's name may hold more. */
export function parseChannelId(id: string): Stream | null {
  const parts = idForm.exec(id);
  if (!parts) return null;
  const [, mode, subject, subcontext, label] = parts as unknown as [string, string, string, string, string];
  switch (mode) {
    case '2': {
      const bytes = Buffer.byteLength(label);
      if (subject !== '' || subcontext !== '' || bytes < 1 || bytes > MAX_ROOM_NAME_BYTES) return null;
      return roomStream(label);
    }
    case '3':
      return isId(subject) && subcontext === '' && label === '' ? groupStream(subject) : null;
    case '4':
      if (!isId(subject) || !isId(subcontext) || label !== '') return null;
      return {
        mode: StreamMode.DIRECT,
        subject: subject.toLowerCase(),
        subcontext: subcontext.toLowerCase(),
        label: '',
      };
    default:
      return null;
  }
}

export function channelFieldsOf(stream: Stream): ChannelFields {
  switch (stream.mode) {
    case StreamMode.CHANNEL:
      return { roomName: stream.label };
    case StreamMode.GROUP:
      return { groupId: stream.subject };
    default:
      return { userIdOne: stream.subject, userIdTwo: stream.subcontext };
  }
}
