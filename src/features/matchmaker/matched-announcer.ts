import type { MessageInitShape } from '@bufbuild/protobuf';
import type { Log } from '../../observability/log.ts';
import type { MatchmakerMatched_MatchmakerUserSchema } from '../../protocol/gen/nakama/realtime/realtime_pb.js';
import { canonicalId } from '../../protocol/ids.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import type { CallOrigin } from '../../runtime/module-function.ts';
import type { Hook, ModuleHost } from '../../runtime/module-host.ts';
import type { Group } from './matching/group-search.ts';
import type { Ticket, TicketMember } from './ticket.ts';
import type { WorkSlices } from './work-slices.ts';

export interface AnnouncerDependencies {
  readonly sessions: SessionRegistry;
  readonly modules: ModuleHost;
  readonly matches: {
    /** A token by which those who have it meet in a new match. */
    issueToken(): string;
  };
  /** The `node` of presences in the hook. */
  readonly nodeId: string;
  readonly log: Log;
}

/** Where a group meets: in a match that a module has made, or in one of its own. */
type Meeting = { readonly case: 'matchId' | 'token'; readonly value: string };

const serverItself: CallOrigin = { contextText: '{"executionMode":"matchmaker"}' };

/** Tells the players of a group that they were matched, and where they meet: modules may decide it. */
export class MatchedAnnouncer {
  readonly #sessions: SessionRegistry;
  readonly #modules: ModuleHost;
  readonly #matches: AnnouncerDependencies['matches'];
  readonly #nodeId: string;
  readonly #log: Log;

  constructor({ sessions, modules, matches, nodeId, log }: AnnouncerDependencies) {
    this.#sessions = sessions;
    this.#modules = modules;
    this.#matches = matches;
    this.#nodeId = nodeId;
    this.#log = log;
  }

  /** Resolves when all are told. Never rejects: players hear nothing of what goes wrong in a module. */
  async announce(group: Group, slices: WorkSlices): Promise<void> {
    const hook = this.#modules.hook('callback', 'MatchmakerMatched');
    await this.#tell(group, hook ? await this.#decide(hook, group) : this.#ownMeeting(), slices);
  }

  async #decide(hook: Hook, group: Group): Promise<Meeting> {
    let result: string | null;
    try {
      result = await hook.call(serverItself, hookArgument(group, this.#nodeId));
    } catch {
      // The host has told the failure, with its place in the module.
      return this.#ownMeeting();
    }
    const matchId: unknown = result === null ? null : JSON.parse(result);
    if (isMatchId(matchId)) return { case: 'matchId', value: matchId };
    if (matchId !== null) this.#log.error('a matchmaker matched function must return the id of a match, or nothing');
    return this.#ownMeeting();
  }

  #ownMeeting(): Meeting {
    return { case: 'token', value: this.#matches.issueToken() };
  }

  async #tell(group: Group, id: Meeting, slices: WorkSlices): Promise<void> {
    const users: MatchedUser[] = [];
    const recipients = group.flatMap((ticket) =>
      ticket.members.map((member) => {
        const self = userOnWire(member, ticket);
        users.push(self);
        return { self, ticket: ticket.id, sessionId: member.sessionId };
      }),
    );
    for (const { self, ticket, sessionId } of recipients) {
      if (slices.isOver) await slices.giveWay();
      this.#sessions.get(sessionId)?.send({ case: 'matchmakerMatched', value: { ticket, id, users, self } });
    }
  }
}

type MatchedUser = MessageInitShape<typeof MatchmakerMatched_MatchmakerUserSchema>;

function userOnWire({ userId, sessionId, username }: TicketMember, ticket: Ticket): MatchedUser {
  const { partyId, stringProperties, numericProperties } = ticket;
  return { presence: { userId, sessionId, username }, partyId, stringProperties, numericProperties };
}

/** The group as modules see it, as JSON. A number wins over text of the same name. */
function hookArgument(group: Group, node: string): string {
  return JSON.stringify(
    group.flatMap(({ members, partyId, stringProperties, numericProperties }) =>
      members.map(({ userId, sessionId, username }) => ({
        presence: { userId, sessionId, username, node },
        properties: { ...stringProperties, ...numericProperties },
        ...(partyId !== '' && { partyId }),
      })),
    ),
  );
}

function isMatchId(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const dot = value.indexOf('.');
  return dot > 0 && canonicalId(value.slice(0, dot)) !== undefined;
}
