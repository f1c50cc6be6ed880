/** Parties: small groups of connections with a leader. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Finds parties that are not hidden.
     * @param limit 1 to 100; 10 by default.
     * @param open Only open or only closed ones; both by default.
     * @param query Terms over the label, as in {@link Nakama.matchList}.
     * @throws GoError for a query or cursor that cannot be read.
     */
    partyList(limit?: number, open?: boolean | null | void, query?: string | null, cursor?: string | null): PartyList;
  }

  interface Initializer {
    /** Runs before a client lists parties, whether or not that will be allowed (`ListParties`). */
    registerBeforeListParties(fn: BeforeHookFunction<ListPartiesRequest>): void;

    /** Runs after a client lists parties, once it has succeeded (`ListParties`). */
    registerAfterListParties(fn: AfterHookFunction<PartyList, ListPartiesRequest>): void;
  }

  /** A party in a list. */
  interface Party {
    partyId: string;
    /** Most members, up to 256. */
    maxSize: number;
    /** The text of a JSON object; `{}` when none was set. */
    label: string;
    /** Whether anyone may join without asking. */
    open: boolean;
  }

  /** A page of parties. */
  interface PartyList {
    parties: Party[];
    /** For the next page; absent on the last. */
    cursor?: string;
  }

  /** A party to make. */
  interface PartyCreateMessage {
    /** Whether anyone may join without asking. */
    open: boolean;
    /** Most members, 1 to 256. */
    maxSize: number;
    /** The text of a JSON object, at most 2048 bytes. Not in Nakama's types. */
    label?: string;
    /** Never listed. Not in Nakama's types. */
    hidden?: boolean;
  }

  /** A `partyCreate` socket message. */
  interface EnvelopePartyCreate extends RtEnvelope {
    partyCreate: PartyCreateMessage;
  }

  /** Joining a party, or asking to. */
  interface PartyJoinMessage {
    partyId: string;
  }

  /** A `partyJoin` socket message. */
  interface EnvelopePartyJoin extends RtEnvelope {
    partyJoin: PartyJoinMessage;
  }

  /** Leaving a party. */
  interface PartyLeaveMessage {
    partyId: string;
  }

  /** A `partyLeave` socket message. */
  interface EnvelopePartyLeave extends RtEnvelope {
    partyLeave: PartyLeaveMessage;
  }

  /** Making another member the leader. */
  interface PartyPromoteMessage {
    partyId: string;
    presence: Presence;
  }

  /** A `partyPromote` socket message. */
  interface EnvelopePartyPromote extends RtEnvelope {
    partyPromote: PartyPromoteMessage;
  }

  /** Accepting a request to join. */
  interface PartyAcceptMessage {
    partyId: string;
    presence: Presence;
  }

  /** A `partyAccept` socket message. */
  interface EnvelopePartyAccept extends RtEnvelope {
    partyAccept: PartyAcceptMessage;
  }

  /** Taking a member out, or declining a request to join. */
  interface PartyRemoveMessage {
    partyId: string;
    presence: Presence;
  }

  /** A `partyRemove` socket message. */
  interface EnvelopePartyRemove extends RtEnvelope {
    partyRemove: PartyRemoveMessage;
  }

  /** Ending a party. */
  interface PartyCloseMessage {
    partyId: string;
  }

  /** A `partyClose` socket message. */
  interface EnvelopePartyClose extends RtEnvelope {
    partyClose: PartyCloseMessage;
  }

  /** Listing the requests to join. */
  interface PartyJoinRequestListMessage {
    partyId: string;
  }

  /** A `partyJoinRequestList` socket message. */
  interface EnvelopePartyJoinRequestList extends RtEnvelope {
    partyJoinRequestList: PartyJoinRequestListMessage;
  }

  /** A matchmaker ticket for the whole party; see {@link MatchmakerAddMessage}. */
  interface PartyMatchmakerAddMessage {
    partyId: string;
    minCount: number;
    maxCount: number;
    query: string;
    stringProperties: { [key: string]: string };
    numericProperties: { [key: string]: number };
    countMultiple: number;
  }

  /** A `partyMatchmakerAdd` socket message. */
  interface EnvelopePartyMatchmakerAdd extends RtEnvelope {
    partyMatchmakerAdd: PartyMatchmakerAddMessage;
  }

  /** A party's ticket to take back. */
  interface PartyMatchmakerRemoveMessage {
    partyId: string;
    ticket: string;
  }

  /** A `partyMatchmakerRemove` socket message. */
  interface EnvelopePartyMatchmakerRemove extends RtEnvelope {
    partyMatchmakerRemove: PartyMatchmakerRemoveMessage;
  }

  /** Data for the other members. */
  interface PartyDataSendMessage {
    partyId: string;
    /** A whole number; in a hook as text (a 64-bit integer). */
    opCode: any;
    /** Base64. */
    data?: string;
  }

  /** A `partyDataSend` socket message. */
  interface EnvelopePartyDataSend extends RtEnvelope {
    partyDataSend: PartyDataSendMessage;
  }

  /** Changes of a party's label and visibility; what is left out becomes empty or false. Not in Nakama's types. */
  interface PartyUpdateMessage {
    partyId: string;
    /** The text of a JSON object, at most 2048 bytes. */
    label?: string;
    open?: boolean;
    hidden?: boolean;
  }

  /** A `partyUpdate` socket message. Not in Nakama's types. */
  interface EnvelopePartyUpdate extends RtEnvelope {
    partyUpdate: PartyUpdateMessage;
  }

  /** Which parties to list. */
  interface ListPartiesRequest {
    /** 1 to 100; null for 10. */
    limit?: number;
    open?: boolean;
    query?: string;
    cursor?: string;
  }
}
