import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type {
  ChannelMessage,
  ChannelPresenceEvent,
  Notification,
  StatusPresenceEvent,
  StreamData,
} from '@heroiclabs/nakama-js';
import { clientFor, Inbox, openSocket, type SocketKind, signIn } from '../support/players.ts';
import { databaseKinds, suiteServer } from '../support/server.ts';

const socketKinds: readonly SocketKind[] = ['json', 'protobuf'];

for (const database of databaseKinds) {
  describe(`the stock client on ${database}`, () => {
    const server = suiteServer(database);

    it('signs in by e-mail, reads the account, refreshes and logs out', async () => {
      const client = clientFor(server);
      const email = `${crypto.randomUUID()}@example.com`;
      const session = await client.authenticateEmail(email, 'correct horse', true, undefined, { game: 'chess' });
      assert.equal(session.created, true);
      assert.deepEqual(session.vars, { game: 'chess' });
      const account = await client.getAccount(session);
      assert.equal(account.email, email);
      assert.equal(account.user?.id, session.user_id);
      const again = await client.sessionRefresh(session, { game: 'go' });
      assert.deepEqual(again.vars, { game: 'go' });
      await client.sessionLogout(session, session.token, session.refresh_token);
      await assert.rejects(client.getAccount(session), { status: 401 });
    });

    it('refuses a wrong server key and a wrong password', async () => {
      await assert.rejects(clientFor(server, 'wrong').authenticateDevice(`device-${crypto.randomUUID()}`), {
        status: 401,
      });
      const client = clientFor(server);
      const email = `${crypto.randomUUID()}@example.com`;
      await client.authenticateEmail(email, 'correct horse');
      await assert.rejects(client.authenticateEmail(email, 'wrong horse', false), { status: 401 });
    });

    it('calls an RPC over HTTP', async () => {
      const { client, session } = await signIn(server);
      const { payload } = await client.rpc(session, 'purchase_price', { item: 'potion', amount: 3 });
      assert.deepEqual(payload, { gold: 15 });
    });

    for (const kind of socketKinds) {
      it(`chats in a room over ${kind}: presences, messages, history`, async () => {
        const [anna, bert] = [await signIn(server), await signIn(server)];
        const [annasSocket, bertsSocket] = [await openSocket(anna, kind), await openSocket(bert, kind)];
        const presences = new Inbox<ChannelPresenceEvent>();
        const messages = new Inbox<ChannelMessage>();
        annasSocket.onchannelpresence = presences.push;
        annasSocket.onchannelmessage = messages.push;
        const room = `harbour-${crypto.randomUUID()}`;
        const channel = await annasSocket.joinChat(room, 1, true, false);
        assert.equal((await presences.next()).joins[0]?.user_id, anna.userId);
        await bertsSocket.joinChat(room, 1, true, false);
        assert.equal((await presences.next()).joins[0]?.user_id, bert.userId);

        const ack = await bertsSocket.writeChatMessage(channel.id, { text: 'ahoy' });
        const message = await messages.next();
        assert.deepEqual(message.content, { text: 'ahoy' });
        assert.equal(message.sender_id, bert.userId);
        assert.equal(message.message_id, ack.message_id);

        const history = await anna.client.listChannelMessages(anna.session, channel.id, 10);
        assert.deepEqual(
          history.messages?.map((entry) => entry.content),
          [{ text: 'ahoy' }],
        );
        bertsSocket.disconnect(false);
        assert.equal((await presences.next()).leaves[0]?.user_id, bert.userId);
        annasSocket.disconnect(false);
      });

      it(`runs a before hook on chat over ${kind}: it changes a message, and refuses one`, async () => {
        const player = await signIn(server);
        const socket = await openSocket(player, kind);
        const messages = new Inbox<ChannelMessage>();
        socket.onchannelmessage = messages.push;
        const channel = await socket.joinChat(`filter-${crypto.randomUUID()}`, 1, false, false);
        await socket.writeChatMessage(channel.id, { text: 'oh heck' });
        assert.deepEqual((await messages.next()).content, { text: 'oh ****' });
        await assert.rejects(socket.writeChatMessage(channel.id, { text: 'doxx' }), { message: 'mind your language' });
        socket.disconnect(false);
      });

      it(`calls an RPC over ${kind}`, async () => {
        const player = await signIn(server);
        const socket = await openSocket(player, kind);
        const { payload } = await socket.rpc('purchase_price', JSON.stringify({ item: 'map', amount: 2 }));
        assert.equal(payload, '{"gold":24}');
        await assert.rejects(socket.rpc('no_such_function'), { code: 6 });
        socket.disconnect(false);
      });

      it(`follows a status over ${kind}`, async () => {
        const [anna, bert] = [await signIn(server), await signIn(server)];
        const annasSocket = await openSocket(anna, kind);
        const events = new Inbox<StatusPresenceEvent>();
        const status = await annasSocket.followUsers([bert.userId]);
        assert.deepEqual(status.presences ?? [], []);
        annasSocket.onstatuspresence = events.push;
        const bertsSocket = await openSocket(bert, kind);
        let event = await events.next();
        while (event.joins?.[0]?.user_id !== bert.userId) event = await events.next();
        await bertsSocket.updateStatus('fishing');
        const [presence] = (await events.next()).joins;
        assert.equal(presence && 'status' in presence && presence.status, 'fishing');
        bertsSocket.disconnect(false);
        annasSocket.disconnect(false);
      });

      it(`gets notifications for its game only over ${kind}`, async () => {
        const player = await signIn(server, { game: 'chess' });
        const elsewhere = {
          ...player,
          session: await player.client.authenticateCustom(crypto.randomUUID(), true, undefined, { game: 'go' }),
        };
        const [chess, go] = [await openSocket(player, kind), await openSocket(elsewhere, kind)];
        const [forChess, forGo] = [new Inbox<Notification>(), new Inbox<Notification>()];
        chess.onnotification = forChess.push;
        go.onnotification = forGo.push;
        await player.client.rpc(player.session, 'chess_challenge', { userId: player.userId });
        assert.equal((await forChess.next()).code, 110);
        await player.client.rpc(player.session, 'chess_challenge', { userId: elsewhere.session.user_id });
        await go.rpc('purchase_price', '{"item":"map","amount":1}');
        assert.equal(forGo.isEmpty, true);
        chess.disconnect(false);
        go.disconnect(false);
      });

      it(`watches a stream over ${kind}`, async () => {
        const [anna, bert] = [await signIn(server), await signIn(server)];
        const [annasSocket, bertsSocket] = [await openSocket(anna, kind), await openSocket(bert, kind)];
        const data = new Inbox<StreamData>();
        annasSocket.onstreamdata = data.push;
        const table = crypto.randomUUID();
        await annasSocket.rpc('spectate', JSON.stringify({ table }));
        const { payload } = await bertsSocket.rpc('spectate', JSON.stringify({ table }));
        assert.equal((JSON.parse(payload!) as { watching: string[] }).watching.length, 2);
        await bertsSocket.rpc('spectate_cheer', JSON.stringify({ table, text: 'bravo' }));
        assert.equal((JSON.parse((await data.next()).data) as { text: string }).text, 'bravo');
        annasSocket.disconnect(false);
        bertsSocket.disconnect(false);
      });
    }

    it('finds the welcome notification of a new account in its list', async () => {
      const { client, session } = await signIn(server);
      const { notifications } = await client.listNotifications(session, 10);
      assert.deepEqual(
        notifications?.map(({ code, content }) => ({ code, content })),
        [{ code: 100, content: { gift: 'a wooden sword' } }],
      );
    });
  });
}
