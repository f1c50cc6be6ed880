import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import pg from 'pg';

/** A server under measurement. */
export interface BenchServer {
  readonly url: string;
  readonly pid: number;
  /** From the start of the process until it takes requests. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

const START_LIMIT_MS = 30_000;
const BYTES_PER_PAGE = 4096;

/** Starts the built `nk serve` on a folder of modules and waits until it is ready. */
export function startNk(modules: string, database: string, flags: readonly string[] = []): Promise<BenchServer> {
  const settings = ['--host', '127.0.0.1', '--port', '0', '--database', database, '--log-format', 'json', '--no-watch'];
  return start(['bin/nk.js', 'serve', '--modules', modules, ...settings, ...flags], (line) => {
    if (!line.startsWith('{')) return null;
    const { msg, url } = JSON.parse(line) as { msg?: string; url?: string };
    return msg === 'ready' && url ? url : null;
  });
}

/** Starts the floor: a server that only parses, echoes and fans out. @param ws the path of the package */
export function startFloor(script: string, ws: string, port: number): Promise<BenchServer> {
  const url = `http://127.0.0.1:${port}`;
  return start([script, ws, String(port)], (line) => (line === 'floor up' ? url : null));
}

async function start(args: readonly string[], urlIn: (line: string) => string | null): Promise<BenchServer> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const { promise: ready, resolve, reject } = Promise.withResolvers<string>();
  const late = setTimeout(() => reject(new Error('it was not ready in time')), START_LIMIT_MS);
  let lastLine = '';
  createInterface({ input: child.stdout }).on('line', (line) => {
    lastLine = line;
    const url = urlIn(line);
    if (url) resolve(url);
  });
  child.once('exit', (code) => reject(new Error(`${args.join(' ')} ended with ${code}: ${lastLine}`)));
  try {
    const url = await ready;
    return { url, pid: child.pid!, readyMs: performance.now() - startedMs, stop: () => stop(child) };
  } catch (error) {
    await stop(child);
    throw error;
  } finally {
    clearTimeout(late);
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/** A new, empty PostgreSQL database of a server: NK_BENCH_POSTGRES, or one on this machine. Null when there is none. */
export async function freshDatabase(): Promise<{ url: string; drop: () => Promise<void> } | null> {
  const server = process.env.NK_BENCH_POSTGRES || localPostgres();
  if (!server) return null;
  const name = `nk_bench_${randomBytes(4).toString('hex')}`;
  await runSql(server, `CREATE DATABASE ${name}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => runSql(server, `DROP DATABASE ${name} WITH (FORCE)`) };
}

function localPostgres(): string {
  return execFileSync(process.execPath, ['scripts/local-postgres.ts'], { encoding: 'utf8' }).trim();
}

async function runSql(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Resident memory of a process and all below it, in MB; Linux only. */
export function treeMemoryMb(root: number): number {
  const rows = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return [{ pid: Number(pid), parent: Number(fields[1]), bytes: Number(fields[21]) * BYTES_PER_PAGE }];
      } catch {
        return [];
      }
    });
  const tree = new Set([root]);
  for (let size = 0; size < tree.size; ) {
    size = tree.size;
    for (const { pid, parent } of rows) if (tree.has(parent)) tree.add(pid);
  }
  return rows.filter(({ pid }) => tree.has(pid)).reduce((sum, { bytes }) => sum + bytes, 0) / 1e6;
}
