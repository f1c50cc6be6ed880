import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  MatchmakerMatched,
  Party,
  PartyData,
  PartyJoinRequest,
  PartyLeader,
  PartyMatchmakerTicket,
  PartyPresenceEvent,
  Socket,
} from '@heroiclabs/nakama-js';
import { moduleFolder } from '../support/module-folder.ts';
import { Inbox, openSocket, type Player, type SocketKind, signIn } from '../support/players.ts';
import { startTestServer, suiteServer } from '../support/server.ts';

/** A player with a socket, and what the stock client's listeners for parties are called with. */
class Member {
  readonly player: Player;
  readonly socket: Socket;
  readonly parties = new Inbox<Party>();
  readonly presences = new Inbox<PartyPresenceEvent>();
  readonly leaders = new Inbox<PartyLeader>();
  readonly requests = new Inbox<PartyJoinRequest>();
  readonly data = new Inbox<PartyData>();
  readonly matched = new Inbox<MatchmakerMatched>();
  readonly tickets = new Inbox<PartyMatchmakerTicket>();
  readonly ends = new Inbox<Parameters<Socket['onpartyclose']>[0]>();

  constructor(player: Player, socket: Socket) {
    this.player = player;
    this.socket = socket;
    socket.onparty = this.parties.push;
    socket.onpartypresence = this.presences.push;
    socket.onpartyleader = this.leaders.push;
    socket.onpartyjoinrequest = this.requests.push;
    socket.onpartydata = this.data.push;
    socket.onpartymatchmakerticket = this.tickets.push;
    socket.onmatchmakermatched = this.matched.push;
    socket.onpartyclose = this.ends.push;
  }

  static async connect(server: { readonly port: number }, kind: SocketKind): Promise<Member> {
    const player = await signIn(server);
    return new Member(player, await openSocket(player, kind));
  }

  /** Who came and who went, by the next event. */
  async event(): Promise<{ joined: string[]; left: string[] }> {
    const { joins, leaves } = await this.presences.next();
    return { joined: (joins ?? []).map((p) => p.user_id), left: (leaves ?? []).map((p) => p.user_id) };
  }
}

for (const kind of ['json', 'protobuf'] as const) {
  describe(`a party of stock clients over ${kind}`, () => {
    const server = suiteServer('memory', { config: { 'matchmaker.interval_sec': 1 } });
    // The stock client's adapter for protobuf has the party message as it was before the protocol gave its fields new
    // numbers: of it only the id is read aright, from the reference as from here.
    const knowsParties = kind === 'json';

    it('is made, joined by request, spoken in, handed over and left', async () => {
      const [anna, bert] = [await Member.connect(server, kind), await Member.connect(server, kind)];
      const party = await anna.socket.createParty(false, 4);
      const { party_id } = party;
      if (knowsParties) assert.deepEqual([party.leader.user_id, party.max_size], [anna.player.userId, 4]);
      assert.deepEqual((await anna.event()).joined, [anna.player.userId]);

      await bert.socket.joinParty(party_id);
      const [asking] = (await anna.requests.next()).presences;
      assert.equal(asking?.user_id, bert.player.userId);
      const list = await anna.socket.listPartyJoinRequests(party_id);
      assert.deepEqual(
        list.presences.map(({ session_id }) => session_id),
        [asking.session_id],
      );
      await anna.socket.acceptPartyMember(party_id, asking);
      const shown = await bert.parties.next();
      assert.equal(shown.party_id, party_id);
      if (knowsParties) {
        const members = shown.presences.map(({ user_id }) => user_id);
        assert.deepEqual([members, shown.self], [[anna.player.userId, bert.player.userId], asking]);
      }
      for (const member of [anna, bert]) {
        assert.deepEqual((await member.event()).joined, [bert.player.userId]);
      }

      await bert.socket.sendPartyData(party_id, 7, JSON.stringify({ ready: true }));
      const { op_code, data, presence } = await anna.data.next();
      assert.deepEqual([op_code, presence.user_id], [7, bert.player.userId]);
      assert.deepEqual(JSON.parse(new TextDecoder().decode(data)), { ready: true });

      await anna.socket.promotePartyMember(party_id, asking);
      for (const member of [anna, bert]) {
        assert.equal((await member.leaders.next()).presence.user_id, bert.player.userId);
      }
      await assert.rejects(anna.socket.closeParty(party_id), { code: 3 });
      const { ticket } = await bert.socket.addMatchmakerParty(party_id, '+properties.nobody:here', 2, 4);
      assert.equal((await anna.tickets.next()).ticket, ticket);
      await bert.socket.removeMatchmakerParty(party_id, ticket);

      await bert.socket.leaveParty(party_id);
      assert.equal((await anna.leaders.next()).presence.user_id, anna.player.userId);
      assert.deepEqual((await anna.event()).left, [bert.player.userId]);
      assert.equal(bert.leaders.isEmpty, true);
      for (const { socket } of [anna, bert]) socket.disconnect(false);
    });

    it('is matched as a whole, and lives on', async () => {
      const [anna, bert, carl] = [
        await Member.connect(server, kind),
        await Member.connect(server, kind),
        await Member.connect(server, kind),
      ];
      const { party_id } = await anna.socket.createParty(true, 2);
      await bert.socket.joinParty(party_id);
      await bert.parties.next();
      const room = crypto.randomUUID();
      const query = `+properties.room:${room}`;
      const { ticket } = await anna.socket.addMatchmakerParty(party_id, query, 3, 3, { room });
      await carl.socket.addMatchmaker(query, 3, 3, { room });

      const found = await Promise.all([anna, bert, carl].map(({ matched }) => matched.next()));
      assert.deepEqual(
        found.map((matched) => matched.ticket === ticket),
        [true, true, false],
      );
      assert.equal(new Set(found.map(({ token }) => token)).size, 1);
      const inParty = found[2]!.users.filter((user) => (user as { party_id?: string }).party_id === party_id);
      assert.deepEqual(
        new Set(inParty.map(({ presence }) => presence.user_id)),
        new Set([anna.player.userId, bert.player.userId]),
      );
      const matches = [];
      for (const [i, { socket }] of [anna, bert, carl].entries()) {
        matches.push((await socket.joinMatch(undefined, found[i]!.token)).match_id);
      }
      assert.equal(new Set(matches).size, 1);
      await bert.socket.sendPartyData(party_id, 1, 'gg');
      assert.equal((await anna.data.next()).op_code, 1);
      for (const { socket } of [anna, bert, carl]) socket.disconnect(false);
    });

    it('goes on without a leader whose connection is lost, and ends when it is closed', async () => {
      const [anna, bert, carl] = [
        await Member.connect(server, kind),
        await Member.connect(server, kind),
        await Member.connect(server, kind),
      ];
      const { party_id } = await anna.socket.createParty(true, 3);
      for (const member of [bert, carl]) {
        await member.socket.joinParty(party_id);
        await member.parties.next();
      }
      anna.socket.disconnect(false);
      assert.equal((await carl.leaders.next()).presence.user_id, bert.player.userId);
      await bert.socket.closeParty(party_id);
      await carl.ends.next();
      await assert.rejects(carl.socket.joinParty(party_id), { code: 3 });
      for (const { socket } of [bert, carl]) socket.disconnect(false);
    });
  });
}

it('modules list parties, and their hooks see the list that clients ask for', async (t) => {
  const modulesDir = await moduleFolder(t, {
    'main.ts': `export function InitModule(ctx, logger, nk, initializer) {
      initializer.registerRpc('parties', (ctx, logger, nk, payload) => 
        JSON.stringify(nk.partyList(5, true, '+label.level:' + JSON.parse(payload).level)));
      initializer.registerBeforeListParties((ctx, logger, nk, request) => ({ ...request, query: '+label.level:2' }));
    }`,
  });
  const server = await startTestServer({ modulesDir });
  const { player, socket } = await Member.connect(server, 'json');
  for (const level of [1, 2]) {
    // The stock client cannot say the label itself.
    const party_create = { open: true, max_size: 2, label: JSON.stringify({ level }) };
    await (socket as unknown as { send(message: object): Promise<unknown> }).send({ party_create });
  }
  const { payload } = await player.client.rpc(player.session, 'parties', { level: 1 });
  assert.deepEqual(
    (payload as { parties: { label: string }[] }).parties.map(({ label }) => label),
    ['{"level":1}'],
  );
  const response = await fetch(`${server.url}/v2/party`, {
    headers: { authorization: `Bearer ${player.session.token}` },
  });
  const { parties } = (await response.json()) as { parties: { label: string }[] };
  assert.deepEqual(
    parties.map(({ label }) => label),
    ['{"level":2}'],
  );
  socket.disconnect(false);
});
