import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';

// Runs the conformance scenarios of the areas in a list, each area against a fresh server:
//   node scripts/conformance.ts <conformance folder> <list> [area]
// A line of the list is an area, or `area -scenario` for one that may fail; `#` begins a comment.
const START_LIMIT_MS = 60_000;
const POLL_MS = 100;

const [folder = '', listPath = '', only] = process.argv.slice(2);
const conformance = resolve(folder);
const settings = JSON.parse(readFileSync(join(conformance, 'settings.json'), 'utf8')) as Record<string, string[]>;
let passed = 0;
let failed = 0;
let excused = 0;

for (const [area, excusedNames] of readList(listPath)) {
  if (only !== undefined && area !== only) continue;
  console.log(`# ${area}`);
  await runArea(area, excusedNames);
}
console.log(`conformance: ${passed} passed, ${failed} failed, ${excused} skipped`);
if (failed > 0 || passed === 0) process.exitCode = 1;

function readList(path: string): Map<string, Set<string>> {
  const areas = new Map<string, Set<string>>();
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [area, name] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (!area) continue;
    const names = areas.get(area) ?? new Set();
    if (name?.startsWith('-')) names.add(name.slice(1));
    areas.set(area, names);
  }
  return areas;
}

async function runArea(area: string, excusedNames: ReadonlySet<string>): Promise<void> {
  const ownModules = join(conformance, 'modules', area);
  // An area without modules of its own wants some that leave its answers alone, as the examples' hooks do not.
  const modules = globSync('**/*.{js,ts}', { cwd: ownModules }).length > 0 ? ownModules : 'bench/modules/host-call';
  const port = await freePort();
  const flags = ['--modules', modules, '--database', 'memory', '--port', String(port), '--log-format', 'json'];
  const server = spawn(process.execPath, ['bin/nk.js', 'serve', ...flags, '--no-watch', ...(settings[area] ?? [])], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = keepOutput(server);
  try {
    if (await untilHealthy(server, port)) {
      await runScenarios(area, port, excusedNames);
    } else {
      failed++;
      console.log(`the server did not start:\n${log().join('\n')}`);
    }
  } finally {
    await end(server);
  }
}

async function runScenarios(area: string, port: number, excusedNames: ReadonlySet<string>): Promise<void> {
  const url = `http://127.0.0.1:${port}`;
  const runner = spawn(process.execPath, [join(conformance, 'run.mjs'), '--url', url, '--area', area], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let seen = 0;
  let isShown = false;
  for await (const line of createInterface({ input: runner.stdout })) {
    const [, verdict, name] = /^(ok|DIFF)\s+[^/]+\/([^:]+):/.exec(line) ?? [];
    if (name === undefined) {
      // What was wanted and what came, of the scenario before; then the runner's own totals.
      if (isShown && line.startsWith('     ')) console.log(line);
      continue;
    }
    seen++;
    if (verdict === 'ok') passed++;
    else if (excusedNames.has(name)) excused++;
    else failed++;
    isShown = verdict !== 'ok';
    if (isShown || excusedNames.has(name)) console.log(line);
  }
  if (seen === 0) failed++;
}

/** True once the server answers; false when it ends or takes too long. */
async function untilHealthy(server: ChildProcess, port: number): Promise<boolean> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (server.exitCode === null && Date.now() < deadline) {
    const response = await fetch(`http://127.0.0.1:${port}/healthcheck`).catch(() => null);
    if (response?.ok) return true;
    await delay(POLL_MS);
  }
  return false;
}

async function end(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null) return;
  const closed = once(server, 'close');
  server.kill('SIGTERM');
  await closed;
}

/** Collects what the server writes; answers with its last lines. */
function keepOutput(server: ChildProcess): () => string[] {
  const kept: string[] = [];
  for (const input of [server.stdout!, server.stderr!]) {
    createInterface({ input }).on('line', (line) => {
      kept.push(line);
      if (kept.length > 20) kept.shift();
    });
  }
  return () => kept;
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}
