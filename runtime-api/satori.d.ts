/** Satori: Heroic Labs' service for analytics, experiments and live events, where it is configured. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * The Satori client of the server's configuration. Its methods throw a `GoError` when Satori is not configured or
     * does not answer.
     */
    getSatori(): Satori;
  }

  /** Calls Satori in the name of an identity, usually the user's id. */
  interface Satori {
    /** Makes or updates an identity, and returns its properties. */
    authenticate(id: string, properties?: AuthPropertiesUpdate, ipAddress?: string): Properties;
    /** An identity's properties. */
    propertiesGet(id: string): Properties;
    /** Changes an identity's properties. */
    propertiesUpdate(id: string, properties: PropertiesUpdate): void;
    /** Sends events of an identity. */
    eventsPublish(id: string, events: SatoriEvent[], ipAddress?: string): void;
    /** Sends events of the server, or of several identities. */
    serverEventsPublish(events: SatoriEvent[], ipAddress?: string): void;
    /** The experiments that an identity takes part in. */
    experimentsList(id: string, names?: string[], labels?: string[]): { experiments: Experiment[] };
    /** Feature flags as an identity sees them; the default values without one. */
    flagsList(id?: string, names?: string[], labels?: string[]): { flags: Flag[] };
    /** Feature flags with what overrides them. */
    flagsOverridesList(id?: string, names?: string[], labels?: string[]): { flags: FlagOverrides[] };
    /** Live events that concern an identity. */
    liveEventsList(
      id: string,
      names?: string[],
      labels?: string[],
      pastRunCount?: number,
      futureRunCount?: number,
      startTimeSec?: number,
      endTimeSec?: number,
    ): { liveEvents: LiveEvent[]; explicitJoinLiveEvents: LiveEvent[] };
    /** Takes an identity into a live event that must be joined. */
    liveEventJoin(id: string, liveEventId: string): void;
    /** An identity's messages. */
    messagesList(id: string, limit?: number, forward?: boolean, cursor?: string): { messages: MessagesList[] };
    /** Marks a message as read or consumed, in seconds since 1970. */
    messageUpdate(id: string, messageId: string, readTime: number, consumeTime?: number): void;
    /** Deletes a message. */
    messageDelete(id: string, messageId: string): void;
  }

  /** What is known of an identity. */
  interface Properties {
    /** Properties that Satori knows by itself. */
    default: { [key: string]: string };
    /** Properties of the game's own. */
    custom: { [key: string]: string };
    /** Properties that Satori derives from events. */
    computed: { [key: string]: string };
  }

  /** Changes to an identity's properties. */
  interface PropertiesUpdate {
    default?: { [key: string]: string };
    custom?: { [key: string]: string };
    /** Places the identity in its audiences anew, at once. */
    recompute?: boolean;
  }

  /** Properties to set when an identity is made or updated. */
  interface AuthPropertiesUpdate {
    default?: { [key: string]: string };
    custom?: { [key: string]: string };
  }

  /** An event to send. */
  interface SatoriEvent {
    name: string;
    /** Makes repeated sending harmless. */
    id?: string;
    /** Text by name. */
    metadata?: { [key: string]: string };
    value?: string;
    /** Seconds since 1970. */
    timestamp: number;
    /** Whose event, when the server sends for others. */
    identityId?: string;
    /** The session it belongs to. */
    sessionId?: string;
    /** Seconds since 1970. */
    sessionIssuedAt?: number;
    /** Seconds since 1970. */
    sessionExpiresAt?: number;
  }

  /** An experiment, with the variant of this identity. */
  interface Experiment {
    name: string;
    /** The variant's value. */
    value: string;
  }

  /** A feature flag. */
  interface Flag {
    name: string;
    value: string;
    /** Whether its value differs from the default for this identity. */
    conditionChanged: boolean;
    /** What changed it. */
    changeReason?: { name: string; variant_name: string; type: number };
  }

  /** A feature flag with what overrides it. */
  interface FlagOverrides {
    flagName: string;
    overrides: FlagOverride[];
  }

  /** Something that overrides a feature flag. */
  interface FlagOverride {
    name: string;
    type: string;
    variantName: string;
    value: string;
    /** Seconds since 1970. */
    createTimeSec: number;
  }

  /** A live event, with its present run. Times are seconds since 1970. */
  interface LiveEvent {
    name: string;
    description: string;
    /** The event's configuration. */
    value: string;
    /** Start of this run. */
    activeStartTime: number;
    /** End of this run. */
    activeEndTime: number;
    id: string;
    startTime: number;
    endTime: number;
    /** Length of a run, in seconds. */
    duration: number;
    /** When runs begin anew. */
    resetCron: string;
    status: string;
  }

  /** A page of messages. */
  interface MessagesList {
    messages: Message[];
    nextCursor: string;
    prevCursor: string;
    cacheableCursor: string;
  }

  /** A message to an identity. Times are seconds since 1970. */
  interface Message {
    /** The campaign it came from. */
    scheduleId: string;
    sendTime: number;
    metadata: { [key: string]: string };
    createTime: number;
    updateTime: number;
    readTime: number;
    /** 0 when not consumed. */
    consumeTime: number;
    text: string;
    id: string;
    title: string;
    imageUrl: string;
  }
}
