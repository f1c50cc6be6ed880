import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type BenchServer, freshDatabase, startFloor, startNk, treeMemoryMb } from './servers.ts';

// What the server costs, beside a floor that only parses, echoes and fans out, in one table with what must hold:
//   npm run bench [-- --quick] [-- --only ws-rpc,chat]
// Needs the build, PostgreSQL (NK_BENCH_POSTGRES, or one on this machine), Linux, and the load generator in a folder
// beside the repository (NK_BENCH_LOAD; ../shared/bench). Exit code 1 when a bar is missed, 2 when it cannot run.

const SECONDS = 5;
const QUICK_SECONDS = 1.5;
const IDLE_WAIT_MS = 2000;
const FLOOR_PORT = 7399;

const { values: options } = parseArgs({ options: { quick: { type: 'boolean' }, only: { type: 'string' } } });
const seconds = options.quick ? QUICK_SECONDS : SECONDS;
const only = options.only?.split(',');
const loadFolder = resolve(process.env.NK_BENCH_LOAD ?? '../shared/bench');
const loadModules = `${loadFolder}/modules`;

/** What one run of the load generator prints. */
interface LoadRow {
  readonly cpu_us: number;
  readonly p50_ms: number | null;
  readonly kb_each?: number;
}

/** One line of the table. */
interface Row {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly floor?: number;
  /** The most that the value may be, or its multiple of the floor's. */
  readonly bar: { readonly value: number } | { readonly timesFloor: number };
}

const rows: Row[] = [];

if (!existsSync(`${loadFolder}/load.mjs`)) giveUp(`the load generator is not in ${loadFolder}: set NK_BENCH_LOAD`);
if (!existsSync('dist/cli/main.js')) giveUp('there is no build: npm run build');
const database = await freshDatabase();
if (!database) giveUp('there is no PostgreSQL: set NK_BENCH_POSTGRES');
try {
  const floor = await measureFloor();
  await withNk(loadModules, ['--runtime.env', 'chat_filter=off'], (server) => measurePlain(server, floor));
  await withNk(loadModules, [], measureHooks);
  await withNk('bench/modules/host-call', [], measureHostCall);
} finally {
  await database.drop();
}
printTable();
if (!rows.every(passes)) process.exitCode = 1;

type Floor = Readonly<Record<'ws-rpc' | 'http-rpc' | 'chat' | 'match' | 'lone', LoadRow | null>>;

async function measureFloor(): Promise<Floor> {
  const ws = createRequire(import.meta.url).resolve('ws');
  const floor = await startFloor(`${loadFolder}/floor.mjs`, ws, FLOOR_PORT);
  try {
    return {
      'ws-rpc': await load(floor, 'ws-rpc'),
      'http-rpc': await load(floor, 'http-rpc'),
      chat: await load(floor, 'chat'),
      match: await load(floor, 'match'),
      lone: await load(floor, 'ws-rpc', 'lone', ['--clients', '1', '--depth', '1']),
    };
  } finally {
    await floor.stop();
  }
}

/** On a database that was empty: what is measured on a server that has just started comes first. */
async function measurePlain(server: BenchServer, floor: Floor): Promise<void> {
  const connections = await load(server, 'connect', 'connect', ['--clients', '1000']);
  if (connections) add('connect', connections.kb_each ?? Number.NaN, 'KB each', { value: 20 });
  await cpu(server, 'ws-rpc', { timesFloor: 2.5 }, floor['ws-rpc']);
  await cpu(server, 'http-rpc', { timesFloor: 1.8 }, floor['http-rpc']);
  await cpu(server, 'chat', { timesFloor: 0.5 }, floor.chat);
  await cpu(server, 'match', { timesFloor: 0.5 }, floor.match);
  await cpu(server, 'ws-fib', { value: 250 });
  await cpu(server, 'notify', { value: 60 });
  const lone = await load(server, 'ws-rpc', 'lone', ['--clients', '1', '--depth', '1']);
  if (lone) add('lone', lone.p50_ms ?? Number.NaN, 'ms p50', { timesFloor: 3 }, floor.lone?.p50_ms ?? undefined);
  await cpu(server, 'auth', { value: 190 });
  await cpu(server, 'storage', { value: 140 });
  await cpu(server, 'storage-read', { value: 110 });
  await cpu(server, 'friends', { value: 450 });
  await cpu(server, 'rpc-storage', { value: 200 });
}

/** On the database of before: how long such a start takes, and what the idle server holds. */
async function measureHooks(server: BenchServer): Promise<void> {
  if (isWanted('start')) {
    add('ready', server.readyMs, 'ms', { value: 1000 });
    await delay(IDLE_WAIT_MS);
    add('idle', treeMemoryMb(server.pid), 'MB', { value: 160 });
  }
  await cpu(server, 'hook-chat', { value: 60 });
}

async function measureHostCall(server: BenchServer): Promise<void> {
  const plain = rows.find(({ name }) => name === 'ws-rpc');
  if (!plain) return;
  const called = await load(server, 'ws-rpc', 'host-call');
  if (called) add('host-call', called.cpu_us - plain.value, 'µs more', { value: 50 });
}

async function cpu(server: BenchServer, name: string, bar: Row['bar'], floor?: LoadRow | null): Promise<void> {
  const row = await load(server, name);
  if (row) add(name, row.cpu_us, 'µs CPU', bar, floor?.cpu_us);
}

/** Runs one case; null for one that is not wanted. A case that fails counts as missed. */
async function load(server: BenchServer, load: string, name = load, flags: string[] = []): Promise<LoadRow | null> {
  if (!isWanted(name) && !(name === 'ws-rpc' && isWanted('host-call'))) return null;
  process.stderr.write(`${name} `);
  const target = ['--url', server.url, '--pid', String(server.pid), '--seconds', String(seconds), '--json'];
  const child = spawn(process.execPath, [`${loadFolder}/load.mjs`, load, ...target, ...flags], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output = await child.stdout.toArray();
  const text = Buffer.concat(output as Buffer[]).toString();
  const failed = { cpu_us: Number.NaN, p50_ms: Number.NaN };
  return text.startsWith('{') ? (JSON.parse(text) as LoadRow) : failed;
}

function isWanted(name: string): boolean {
  return !only || only.includes(name);
}

async function withNk(modules: string, flags: string[], measure: (server: BenchServer) => Promise<void>) {
  const server = await startNk(modules, database!.url, flags);
  try {
    await measure(server);
  } finally {
    await server.stop();
  }
}

function add(name: string, value: number, unit: string, bar: Row['bar'], floor?: number): void {
  rows.push({ name, value, unit, bar, ...(floor !== undefined && { floor }) });
}

function passes({ value, bar, floor }: Row): boolean {
  return 'value' in bar ? value <= bar.value : value <= bar.timesFloor * (floor ?? Number.NaN);
}

function printTable(): void {
  const lines = rows.map((row) => {
    const { name, value, unit, floor, bar } = row;
    const ratio = floor === undefined ? '' : `${(value / floor).toFixed(2)}×`;
    const limit = 'value' in bar ? `≤ ${bar.value}` : `≤ ${bar.timesFloor}×`;
    return [
      name,
      shown(value),
      unit,
      floor === undefined ? '' : shown(floor),
      ratio,
      limit,
      passes(row) ? 'ok' : 'MISSED',
    ];
  });
  const table = [['case', 'value', '', 'floor', 'ratio', 'bar', ''], ...lines];
  const widths = table[0]!.map((_, column) => Math.max(...table.map((line) => line[column]!.length)));
  process.stderr.write('\n');
  for (const line of table)
    console.log(
      line
        .map((cell, i) => cell.padEnd(widths[i]!))
        .join('  ')
        .trimEnd(),
    );
}

function shown(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}

function giveUp(why: string): never {
  console.error(`bench: ${why}`);
  process.exit(2);
}
