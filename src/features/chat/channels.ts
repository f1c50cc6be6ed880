import type { Db } from '../../database/database.ts';
import { isId, NIL_ID } from '../../protocol/ids.ts';
import { badInput } from '../../protocol/status.ts';
import { type Stream, StreamMode } from '../../realtime/stream.ts';
import { ChannelType, directStream, groupStream, roomNameFault, roomStream } from './channel.ts';
import type { GroupMembership } from './group-membership.ts';
import { mayBeWrittenTo } from './queries.ts';

/** Which channels there are for whom. */
export class Channels {
  readonly #db: Db;
  readonly #groups: GroupMembership;

  constructor(db: Db, groups: GroupMembership) {
    this.#db = db;
    this.#groups = groups;
  }

  /**
   * The channel that a target and a type name for a user. Without a user it is the server that asks: it may use every
   * room and group, and has no direct channels. A room needs no look-up and is found at once, without a promise.
   * @throws RealtimeError BAD_INPUT when there is no such channel for the user
   */
  find(userId: string | undefined, target: string, type: number): Stream | Promise<Stream> {
    switch (type) {
      case ChannelType.UNSPECIFIED:
      case ChannelType.ROOM: {
        const fault = roomNameFault(target);
        if (fault) throw badInput(fault);
        return roomStream(target);
      }
      case ChannelType.DIRECT:
        return this.#direct(userId, target);
      case ChannelType.GROUP:
        return this.#group(userId, target);
      default:
        throw badInput('a channel is of type 1 (room), 2 (direct) or 3 (group)');
    }
  }

  /** True when the user may read the channel's history: rooms are open to all. */
  async mayRead(userId: string, stream: Stream): Promise<boolean> {
    switch (stream.mode) {
      case StreamMode.DIRECT:
        return stream.subject === userId || stream.subcontext === userId;
      case StreamMode.GROUP:
        return this.#groups.isMember(stream.subject, userId);
      default:
        return true;
    }
  }

  async #group(userId: string | undefined, target: string): Promise<Stream> {
    const groupId = target.toLowerCase();
    if (!isId(groupId)) throw badInput('the target of a group channel is a group id');
    if (userId !== undefined && !(await this.#groups.isMember(groupId, userId))) {
      throw badInput('there is no such group with the user as a member');
    }
    return groupStream(groupId);
  }

  async #direct(userId: string | undefined, target: string): Promise<Stream> {
    const other = target.toLowerCase();
    if (userId === undefined) throw badInput('a direct channel is between two users');
    if (!isId(other) || other === NIL_ID) throw badInput('the target of a direct channel is a user id');
    if (other === userId) throw badInput('a direct channel is with somebody else');
    if (!(await mayBeWrittenTo(this.#db, other, userId))) throw badInput('there is no such user to chat with');
    return directStream(userId, other);
  }
}
