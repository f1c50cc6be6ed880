import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { freePort } from './support/free-port.ts';
import { startTestServer } from './support/server.ts';

test('the example client shows what every example module does', async () => {
  const weatherPort = await freePort();
  const server = await startTestServer({
    config: { 'runtime.env': [`WEATHER_URL=http://127.0.0.1:${weatherPort}`] },
  });
  const args = ['examples/client/main.ts', server.url, '--weather-port', String(weatherPort)];
  const client = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const [output, errors] = await Promise.all([text(client.stdout), text(client.stderr)]);
  assert.equal(errors, '');
  assert.deepEqual(
    output
      .trimEnd()
      .split('\n')
      .map((line) => line.replace(/ {2,}/, ': ')),
    [
      'chat filter: heard as "what the ****, **** it"',
      'chat filter: refused: mind your language',
      'welcome: Welcome!',
      'chosen connections: the chess game was asked "A game of chess?"',
      'chosen connections: the card game was left alone',
      'spectators: 2 watch the table',
      'spectators: heard "well played"',
      'purchase: three potions cost 15',
      'purchase: refused: item: Invalid type: Expected ("shield" | "potion" | "map") but received "crown"',
      'weather: 21.5 °C',
      'guarded group: refused: founding a group takes level 10, you have 1',
      'party finder: found a party of level 1',
      'party finder: 2 are in it now',
      'weekly scores: ranked: 90 before 70',
      'weekly scores: refused: only modules may change what is on this leaderboard',
      'tic-tac-toe: X has won',
      'tic-tac-toe: refused: the game is over',
    ],
  );
});
