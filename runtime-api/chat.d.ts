/** Chat: rooms, group chats and direct chats, with their history. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * The id of a channel, for use with the other chat functions.
     * @param sender Who will write; must be a member of the group, or not blocked by the other user. Undefined for
     *   the server.
     * @param target A room's name (1 to 64 bytes), a group's id or the other user's id.
     * @throws TypeError also for an unknown target, or one that the sender may not write to.
     */
    channelIdBuild(sender: string | null | void, target: string, chanType: ChanType): string;

    /**
     * Writes to a channel, as anybody: nobody need have joined it. Everyone who joined gets it.
     * @param content The message; `{}` by default.
     * @param senderId Who it is from; the server (nil UUID) by default.
     * @param senderUsername The name to show; `''` by default.
     * @param persist Keeps it in the history; true by default.
     */
    channelMessageSend(
      channelId: string,
      content?: { [key: string]: any },
      senderId?: string,
      senderUsername?: string,
      persist?: boolean,
    ): ChannelMessageSendAck;

    /**
     * Replaces a message's content; the others in the channel get it with code 1.
     * @throws GoError when there is no such message of this sender.
     */
    channelMessageUpdate(
      channelId: string,
      messageId: string,
      content?: { [key: string]: any },
      senderId?: string,
      senderUsername?: string,
      persist?: boolean,
    ): ChannelMessageSendAck;

    /**
     * Takes a message out of the history; the others in the channel are told with code 2.
     * @throws GoError when there is no such message of this sender.
     */
    channelMessageRemove(
      channelId: string,
      messageId: string,
      senderId?: string,
      senderUsername?: string,
      persist?: boolean,
    ): ChannelMessageSendAck;

    /**
     * A channel's history, open to the server whoever may read it.
     * @param limit 1 to 100; 100 by default.
     * @param forward Oldest first; true by default.
     * @throws GoError for a cursor of the other direction.
     */
    channelMessagesList(channelId: string, limit?: number, forward?: boolean, cursor?: string): ChannelMessageList;
  }

  interface Initializer {
    /**
     * Runs before a client reads a channel's history, whether or not that will be allowed (`ListChannelMessages`).
     */
    registerBeforeListChannelMessages(fn: BeforeHookFunction<ListChannelMessagesRequest>): void;

    /** Runs after a client reads a channel's history, once it has succeeded (`ListChannelMessages`). */
    registerAfterListChannelMessages(fn: AfterHookFunction<ChannelMessageList, ListChannelMessagesRequest>): void;
  }

  /** What a channel belongs to. */
  const enum ChanType {
    /** A room that anyone may join by its name. */
    Room = 1,
    /** Two users. */
    DirectMessage = 2,
    /** A group's members. */
    Group = 3,
  }

  /** A message in a channel; fields of other kinds of channel are `''`. */
  interface ChannelMessage {
    channelId?: string;
    messageId?: string;
    /**
     * 0 message, 1 update, 2 removal; 3 to 9 are the server's, about group members: joined, added, left, kicked,
     * promoted, banned, demoted.
     */
    code?: number;
    /** The nil UUID for the server. */
    senderId?: string;
    username?: string;
    /** The text of a JSON object: parse it. */
    content?: string;
    /** Seconds since 1970. */
    createTime?: number;
    /** Seconds since 1970. */
    updateTime?: number;
    /** Whether it is kept in the history. */
    persistent?: boolean;
    roomName?: string;
    groupId?: string;
    /** The smaller user id of a direct channel. */
    userIdOne?: string;
    /** The greater user id of a direct channel. */
    userIdTwo?: string;
  }

  /** A page of a channel's history. */
  interface ChannelMessageList {
    messages?: ChannelMessage[];
    /** `''` when there are no more. */
    nextCursor?: string;
    /** `''` when there are none before. */
    prevCursor?: string;
    /** After the last message of the page; only in the data of hooks. */
    cacheableCursor?: string;
  }

  /** What became of a message. */
  interface ChannelMessageSendAck {
    channelId: string;
    messageId: string;
    /** 0 sent, 1 updated, 2 removed. */
    code: number;
    username: string;
    /** Seconds since 1970. */
    createTime: number;
    /** Seconds since 1970. */
    updateTime: number;
    /** Whether it is kept in the history. */
    persistent: boolean;
  }

  /** Which messages to list. */
  interface ListChannelMessagesRequest {
    channelId?: string;
    /** 1 to 100; null for 1. */
    limit?: number;
    /** Oldest first; null for true. */
    forward?: boolean;
    cursor?: string;
  }

  /** A channel that was joined. */
  interface Channel {
    id?: string;
    /** Who else is in, hidden ones left out. */
    presences?: Presence[];
    /** The joiner's own presence. */
    self?: Presence;
    roomName?: string;
    groupId?: string;
    userIdOne?: string;
    userIdTwo?: string;
  }

  /** The reply to a `channelJoin`. */
  interface EnvelopeChannel extends RtEnvelope {
    channel: Channel;
  }

  /** Joining a channel. */
  interface ChannelJoin {
    /** A room's name, a group's id or a user's id. */
    target?: string;
    /** One of {@link ChanType}; 0 counts as a room. */
    type?: number;
    /** Whether messages are kept; null for true. */
    persistence?: boolean;
    /** Not shown to others; null for false. */
    hidden?: boolean;
  }

  /** A `channelJoin` socket message. */
  interface EnvelopeChannelJoin extends RtEnvelope {
    channelJoin: ChannelJoin;
  }

  /** Leaving a channel. */
  interface ChannelLeave {
    channelId: string;
  }

  /** A `channelLeave` socket message. */
  interface EnvelopeChannelLeave extends RtEnvelope {
    channelLeave: ChannelLeave;
  }

  /** Writing to a channel. */
  interface ChannelMessageSend {
    channelId: string;
    /** The text of a JSON object. */
    content: string;
  }

  /** A `channelMessageSend` socket message. */
  interface EnvelopeChannelMessageSend extends RtEnvelope {
    channelMessageSend: ChannelMessageSend;
  }

  /** Changing one's own message. */
  interface ChannelMessageUpdate {
    channelId: string;
    messageId: string;
    /** The text of a JSON object. */
    content: string;
  }

  /** A `channelMessageUpdate` socket message. */
  interface EnvelopeChannelMessageUpdate extends RtEnvelope {
    channelMessageUpdate: ChannelMessageUpdate;
  }

  /** Taking back one's own message. */
  interface ChannelMessageRemove {
    channelId: string;
    messageId: string;
  }

  /** A `channelMessageRemove` socket message. */
  interface EnvelopeChannelMessageRemove extends RtEnvelope {
    channelMessageRemove: ChannelMessageRemove;
  }
}
