/**
 * A client that shows the example modules at work, on the stock JavaScript SDK:
 *
 *     npm run serve                                   # in one terminal
 *     npx node examples/client/main.ts [URL]          # in another; http://127.0.0.1:7350
 *
 * The weather is asked of a server that this script plays itself, on the port given by --weather-port. The game server
 * must know of it: npm run serve -- --runtime.env WEATHER_URL=http://127.0.0.1:7380
 */
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { Client } from '@heroiclabs/nakama-js';
import { type Connection, connect } from './connection.ts';
import { startFakeWeather } from './fake-weather.ts';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { 'weather-port': { type: 'string' } } });
const { hostname, port } = new URL(positionals[0] ?? 'http://127.0.0.1:7350');
const client = new Client('defaultkey', hostname, port);

await chatFilter();
await welcome();
await chosenConnections();
await spectators();
await price();
if (values['weather-port']) await weather(Number(values['weather-port']));
await guardedGroup();
await partyFinder();
await weeklyScores();
await ticTacToe();
// The SDK's own timers would hold the process for another half minute.
process.exit();

/** chat-filter.ts: mild words are masked, others are refused, and the sender is told why. */
async function chatFilter(): Promise<void> {
  const alice = await connect(client, newDevice());
  const room = await alice.socket.joinChat('lobby', 1, false, false);
  const heard = alice.next('message');
  await alice.socket.writeChatMessage(room.id, { text: 'what the heck, darn it' });
  const { text } = (await heard).content as { text: string };
  show('chat filter', `heard as "${text}"`);
  const refusal = await failureOf(alice.socket.writeChatMessage(room.id, { text: 'a slur' }));
  show('chat filter', `refused: ${refusal}`);
  alice.close();
}

/** welcome.ts: who signs in for the first time finds a notification. */
async function welcome(): Promise<void> {
  const session = await client.authenticateDevice(newDevice(), true);
  const { notifications } = await client.listNotifications(session, 10);
  show('welcome', notifications?.map((notification) => notification.subject).join() || 'nothing');
}

/** game-notifications.ts: one account in two games; a challenge to chess goes where chess is played. */
async function chosenConnections(): Promise<void> {
  const device = newDevice();
  const chess = await connect(client, device, { game: 'chess' });
  const cards = await connect(client, device, { game: 'cards' });
  const friend = await connect(client, newDevice());
  const challenged = chess.next('notification');
  const disturbed = cards.next('notification').then(() => true);
  await friend.socket.rpc('chess_challenge', JSON.stringify({ userId: chess.userId }));
  show('chosen connections', `the chess game was asked "${(await challenged).subject}"`);
  // An answer to a later request of the same socket: what was sent to it before has come.
  const isDisturbed = await Promise.race([disturbed, priceOf(cards).then(() => false)]);
  show('chosen connections', `the card game was ${isDisturbed ? 'disturbed' : 'left alone'}`);
  for (const connection of [chess, cards, friend]) connection.close();
}

/** spectators.ts: who watches a table is told who else does, and hears what is said there. */
async function spectators(): Promise<void> {
  const table = JSON.stringify({ table: `table-${randomUUID()}` });
  const [first, second] = [await connect(client, newDevice()), await connect(client, newDevice())];
  await first.socket.rpc('spectate', table);
  const answer = await second.socket.rpc('spectate', table);
  const { watching } = JSON.parse(answer.payload ?? '{}') as { watching: string[] };
  show('spectators', `${watching.length} watch the table`);
  const heard = first.next('stream');
  await second.socket.rpc('spectate_cheer', JSON.stringify({ ...JSON.parse(table), text: 'well played' }));
  show('spectators', `heard "${(JSON.parse((await heard).data) as { text: string }).text}"`);
  for (const connection of [first, second]) connection.close();
}

/** purchase.ts: an RPC that checks what it is sent with a package from npm. */
async function price(): Promise<void> {
  const session = await client.authenticateDevice(newDevice(), true);
  const { payload } = await client.rpc(session, 'purchase_price', { item: 'potion', amount: 3 });
  show('purchase', `three potions cost ${(payload as { gold: number }).gold}`);
  show('purchase', `refused: ${await failureOf(client.rpc(session, 'purchase_price', { item: 'crown', amount: 3 }))}`);
}

/** weather.ts: an async RPC that asks another server. */
async function weather(port: number): Promise<void> {
  const fake = await startFakeWeather(port, 21.5);
  const session = await client.authenticateDevice(newDevice(), true);
  // Another place each time, for the module keeps answers for ten minutes.
  const { payload } = await client.rpc(session, 'weather', { latitude: Math.random() * 90, longitude: 13.4 });
  const { current } = payload as { current: { temperature_2m: number } };
  show('weather', `${current.temperature_2m} °C`);
  fake.close();
}

/** guarded-groups.ts: a before hook asks for a level that a new player does not have. */
async function guardedGroup(): Promise<void> {
  const session = await client.authenticateDevice(newDevice(), true);
  show('guarded group', `refused: ${await failureOf(client.createGroup(session, { name: 'The Early Birds' }))}`);
}

/** party-finder.ts: a party is found by the level that the server has put into its label, and joined. */
async function partyFinder(): Promise<void> {
  const [leader, seeker] = [await connect(client, newDevice()), await connect(client, newDevice())];
  const made = await leader.socket.createParty(true, 4);
  const { payload } = await seeker.socket.rpc('party_find');
  const { parties } = JSON.parse(payload ?? '{}') as { parties: { partyId: string; level: number }[] };
  const found = parties.find(({ partyId }) => partyId === made.party_id);
  show('party finder', `found a party of level ${found?.level}`);
  const joined = seeker.next('party');
  await seeker.socket.joinParty(made.party_id);
  show('party finder', `${(await joined).presences.length} are in it now`);
  for (const connection of [leader, seeker]) connection.close();
}

/** weekly-scores.ts: a score comes onto the board of the week by the server alone, which ranks it. */
async function weeklyScores(): Promise<void> {
  const [anna, bert] = [
    await client.authenticateDevice(newDevice(), true),
    await client.authenticateDevice(newDevice(), true),
  ];
  for (const [session, score] of [
    [anna, 40],
    [bert, 70],
    [anna, 90],
    [anna, 60],
  ] as const) {
    await client.rpc(session, 'score_submit', { score });
  }
  const { owner_records } = await client.listLeaderboardRecords(anna, 'weekly_scores', [anna.user_id!, bert.user_id!]);
  const best = owner_records?.toSorted((a, b) => a.rank! - b.rank!).map(({ score }) => score);
  show('weekly scores', `ranked: ${best?.join(' before ')}`);
  const cheat = client.writeLeaderboardRecord(anna, 'weekly_scores', { score: '9999' });
  show('weekly scores', `refused: ${await failureOf(cheat)}`);
}

/** tic-tac-toe.ts: two players meet in a match that keeps the rules; each sees every move on the board. */
async function ticTacToe(): Promise<void> {
  const players = [await connect(client, newDevice()), await connect(client, newDevice())] as const;
  const [first, second] = players;
  const heard = matchFeed(first.socket);
  const { matchId } = JSON.parse((await first.socket.rpc('tic_tac_toe')).payload ?? '{}') as { matchId: string };
  for (const { socket } of players) await socket.joinMatch(matchId);
  await heard((text) => text.includes(second.userId));
  const moves = [4, 0, 2, 1, 6];
  for (const [turn, field] of moves.entries()) {
    await players[turn % 2]!.socket.sendMatchState(matchId, 1, JSON.stringify({ field }));
    await heard((text) => text.startsWith('{') && (JSON.parse(text) as Board).board[field] !== '.');
  }
  const last = JSON.parse(await heard((text) => text.includes('"winner":"'))) as Board;
  show('tic-tac-toe', `${last.winner} has won`);
  await first.socket.sendMatchState(matchId, 1, JSON.stringify({ field: 8 }));
  show('tic-tac-toe', `refused: ${await heard((text) => !text.startsWith('{'))}`);
  for (const player of players) player.close();
}

interface Board {
  readonly board: string;
  readonly winner: string | null;
}

/** Keeps what a match sends to a socket, and gives the first that is as wanted, past or to come. */
function matchFeed(socket: Connection['socket']) {
  const received: string[] = [];
  let wake = () => {};
  socket.onmatchdata = ({ data }) => {
    received.push(new TextDecoder().decode(data));
    wake();
  };
  return async (isWanted: (text: string) => boolean): Promise<string> => {
    for (;;) {
      const found = received.find(isWanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
}

function show(example: string, what: string): void {
  console.log(`${example.padEnd(20)} ${what}`);
}

function newDevice(): string {
  return `example-${randomUUID()}`;
}

async function priceOf(connection: Connection): Promise<void> {
  await connection.socket.rpc('purchase_price', JSON.stringify({ item: 'map', amount: 1 }));
}

/** The message with which a call is refused. HTTP calls fail with the response, socket messages with an error. */
async function failureOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { message } = (error instanceof Response ? await error.json() : error) as { message: string };
    return message;
  }
  throw new Error('this should have been refused');
}
