import { randomUUID } from 'node:crypto';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createMatchmakerFeature, type TicketRequest } from '../src/features/matchmaker/index.ts';
import { silentLog } from '../src/observability/log.ts';
import { EncodedMessage } from '../src/realtime/encoded-message.ts';
import type { Session } from '../src/realtime/session.ts';
import type { SessionRegistry } from '../src/realtime/session-registry.ts';
import type { ModuleHost } from '../src/runtime/module-host.ts';

// What one round of the matchmaker costs with many tickets of different kinds, messages to the players included, and
// how long it holds the event loop:
//   node bench/matchmaker.ts [tickets] [crowd,crowd…]
// Exit code 1 when the event loop was held for longer than it may be.

const ticketCount = Number(process.argv[2] ?? 10_000);
const only = process.argv[3]?.split(',');
const MAX_HOLD_MS = 50;

setFlagsFromString('--expose-gc');
/** Players come over time: when a round begins, V8 has long moved their tickets where they stay. */
const collectGarbage = runInNewContext('gc') as () => void;

type Wishes = Partial<TicketRequest> & { readonly members?: number; readonly revPrecision?: boolean };

let seed = 1;
/** The same numbers in every run, from 0 up to but without 1. Source: Park and Miller's minimal standard generator. */
function random(): number {
  seed = (seed * 48_271) % 2_147_483_647;
  return seed / 2_147_483_647;
}
const among = (count: number) => Math.floor(random() * count);
const oneOf = (...values: string[]) => values[among(values.length)]!;
const skillOf = () => Math.round(1500 + 300 * (random() + random() + random() + random() - 2));

/** Crowds, by what their tickets ask for. */
const crowds: Record<string, () => Wishes> = {
  anyone: () => ({}),
  'mode and skill': () => {
    const skill = skillOf();
    const mode = oneOf('duel', 'ranked', 'casual');
    return {
      query: `+properties.mode:${mode} +properties.skill:>=${skill - 50} +properties.skill:<=${skill + 50}`,
      stringProperties: { mode },
      numericProperties: { skill },
    };
  },
  'narrow skill': () => {
    const skill = random() * 1e6;
    return {
      query: `+properties.skill:>=${Math.floor(skill)} +properties.skill:<=${Math.ceil(skill) + 10}`,
      numericProperties: { skill },
    };
  },
  'five against five': () => {
    const region = oneOf('eu', 'us', 'asia');
    return {
      query: `+properties.region:${region} properties.skill:>=${skillOf()}^2`,
      minCount: 10,
      maxCount: 10,
      countMultiple: 5,
      members: 1 + among(5),
      stringProperties: { region },
      numericProperties: { skill: skillOf() },
    };
  },
  'up to a hundred': () => {
    const map = oneOf('isle', 'desert', 'city');
    return { query: `+properties.map:${map}`, minCount: 20, maxCount: 100, stringProperties: { map } };
  },
  'preferences nobody meets': () => ({
    query: 'properties.region:mars^5 properties.level:>200 -properties.level:>1000',
    numericProperties: { level: among(100) },
  }),
  'different counts': () => {
    const minCount = 2 + among(20);
    return { minCount, maxCount: minCount + among(20) };
  },
  'nobody there': () => ({ query: `+properties.room:${randomUUID()}` }),
  'nobody by patterns': () => ({
    query: `+properties.name:/.*x${among(1000)}y.*/`,
    stringProperties: { name: `player ${among(1e6)}` },
  }),
  'nobody mutual': () => ({
    query: '+properties.level:>=0 -properties.level:<50',
    numericProperties: { level: among(50) },
    revPrecision: true,
  }),
  'parties that do not add up': () => ({ minCount: 5, maxCount: 5, members: 2 + 2 * among(2) }),
};

let isGood = true;
for (const [name, wishesOf] of Object.entries(crowds)) {
  if (only === undefined || only.includes(name)) isGood = (await measure(name, wishesOf)) && isGood;
}
if (!isGood) process.exitCode = 1;

async function measure(name: string, wishesOf: () => Wishes): Promise<boolean> {
  const byId = new Map<string, Session>();
  let told = 0;
  const { matchmaker, rounds } = createMatchmakerFeature({
    sessions: { get: (id: string) => byId.get(id) } as SessionRegistry,
    modules: { hook: () => undefined } as unknown as ModuleHost,
    matches: { issueToken: () => 'x'.repeat(150) },
    nodeId: 'bench',
    settings: {
      maxTickets: 3,
      intervalSec: 15,
      maxIntervals: 2,
      revPrecision: wishesOf().revPrecision ?? false,
      revThreshold: 0,
    },
    log: silentLog,
  });
  const newMember = () => {
    const sessionId = randomUUID();
    const send: Session['send'] = (message) => {
      told += Math.sign(new EncodedMessage(message).frame('json').length);
    };
    byId.set(sessionId, { id: sessionId, send } as Session);
    return { sessionId, userId: randomUUID(), username: `player-${byId.size}` };
  };
  for (let i = 0; i < ticketCount; i++) {
    const { members: size = 1, ...wishes } = wishesOf();
    const members = Array.from({ length: size }, newMember);
    const request = { query: '', minCount: 2, maxCount: 2, stringProperties: {}, numericProperties: {}, ...wishes };
    matchmaker.add(members, request, size > 1 ? randomUUID() : '');
  }
  collectGarbage();
  const texts: string[] = [];
  let longestMs = 0;
  for (let round = 0; round < 2; round++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    const startMs = performance.now();
    await rounds.run();
    texts.push(`${(performance.now() - startMs).toFixed(0).padStart(6)} ms`);
    delay.disable();
    longestMs = Math.max(longestMs, delay.max / 1e6);
  }
  console.log(
    `${name.padEnd(28)}${texts.join('')}   held at most ${longestMs.toFixed(1).padStart(5)} ms   ` +
      `${told} players told, ${matchmaker.ticketCount} tickets left`,
  );
  return longestMs <= MAX_HOLD_MS;
}
