import { MatchmakerService } from '../../../src/features/matchmaker/index.ts';
import { WaitingTickets } from '../../../src/features/matchmaker/waiting-tickets.ts';
import { PartyDirectory } from '../../../src/features/parties/directory.ts';
import { Parties } from '../../../src/features/parties/service.ts';
import type { FakeSession } from '../../support/fake-session.ts';
import { fakeUser, RealtimeScene } from '../../support/realtime-scene.ts';

/** Parties as a server joins them, and players with connections. */
export class PartyScene {
  readonly realtime: RealtimeScene;
  readonly directory = new PartyDirectory();
  readonly matchmaker: MatchmakerService;
  readonly parties: Parties;

  constructor({ isSingleParty = false, maxParties = 100 } = {}) {
    const { directory } = this;
    const realtime = new RealtimeScene({ parties: maxParties });
    const { sessions } = realtime;
    const matchmaker = new MatchmakerService({ sessions, waiting: new WaitingTickets(), maxTickets: 3 });
    this.realtime = realtime;
    this.matchmaker = matchmaker;
    this.parties = new Parties({ ...realtime, matchmaker, directory, nodeId: 'node-1', isSingleParty });
  }

  player(name: string): FakeSession {
    return this.realtime.connect(fakeUser(name));
  }

  /** Makes a party, lets others join it, and forgets what they have heard of that. */
  async party(leader: FakeSession, { open = true, maxSize = 4, label = '' } = {}, ...others: FakeSession[]) {
    const { id } = this.parties.create(leader, { open, hidden: false, label, maxSize });
    for (const other of others) this.parties.join(other, id);
    await this.heard(leader, ...others);
    return id;
  }

  /** What each has been sent since the last call, in short: `party_leader bob`, `party_presence_event +bob -`. */
  async heard(...sessions: FakeSession[]): Promise<string[][]> {
    await this.realtime.told();
    return sessions.map((session) => session.taken().map(inShort));
  }
}

/** How a client names somebody in a party. */
export function presenceOf({ userId, id, username }: FakeSession) {
  return { userId, sessionId: id, username };
}

function inShort(message: Record<string, unknown>): string {
  const [kind, body] = Object.entries(message)[0] as [string, Record<string, unknown>];
  switch (kind) {
    case 'party':
      return `party of ${nameOf(body.leader)} with ${namesOf(body.presences)} for ${nameOf(body.self)}`;
    case 'party_presence_event':
      return `+${namesOf(body.joins)} -${namesOf(body.leaves)}`;
    case 'party_leader':
      return `led by ${nameOf(body.presence)}`;
    case 'party_join_request':
      return `asked by ${namesOf(body.presences)}`;
    case 'party_data':
      return `data ${body.op_code ?? 0} ${body.data ?? ''} from ${nameOf(body.presence)}`;
    case 'party_update':
      return `${body.open ? 'open' : 'closed'}${body.hidden ? ' hidden' : ''} ${body.label ?? ''}`;
    default:
      return kind;
  }
}

function namesOf(presences: unknown): string {
  return ((presences ?? []) as unknown[]).map(nameOf).join();
}

function nameOf(presence: unknown): string {
  return (presence as { username: string }).username;
}
