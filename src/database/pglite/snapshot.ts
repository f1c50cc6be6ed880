import { createHash, randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Kysely, sql } from 'kysely';
import { sourceFile } from '../../own-files.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/migrations.ts';
import type { Schema } from '../schema.ts';
import { EmbeddedEngine } from './embedded-engine.ts';
import { PgliteWorkerDialect } from './pglite-dialect.ts';

/** Who finds another process making the snapshot waits this long, then makes one itself. */
const MAKING_TIMEOUT_MS = 60_000;
const POLL_INTERVAL_MS = 50;

/**
 * The path of a snapshot of an empty, migrated database, which starts in a fraction of the time that making one takes:
 * the one that was built with the package, or, when the sources run, one that is made now and kept in the system's
 * folder for temporary files.
 */
export async function snapshotPath(): Promise<string> {
  const built = builtSnapshotPath();
  return existsSync(built) ? built : cachedSnapshot();
}

/** Where the build puts the snapshot; while the sources run nothing is there. */
export function builtSnapshotPath(): string {
  return fileURLToPath(sourceFile('database/pglite/snapshot.tar.gz'));
}

/** Makes a snapshot at the path. */
export async function writeSnapshot(path: string): Promise<void> {
  const engine = await EmbeddedEngine.open(
    { dataFolder: null, snapshotPath: null },
    { onLost: () => {}, onRestarted: () => {}, onFatal: () => {} },
  );
  const db = new Kysely<Schema>({ dialect: new PgliteWorkerDialect(engine) });
  await migrate(db, 'of the snapshot');
  await sql`vacuum analyze`.execute(db);
  await sql`checkpoint`.execute(db);
  const archive = await engine.dump();
  await db.destroy();
  await engine.close();
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${randomUUID()}`;
  await writeFile(unfinished, archive);
  await rename(unfinished, path);
}

async function cachedSnapshot(): Promise<string> {
  const folder = join(tmpdir(), `nk-${userInfo().username}`);
  const path = join(folder, `snapshot-${snapshotKey()}.tar.gz`);
  if (existsSync(path)) return path;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const marker = `${path}.making`;
  if (!(await isFirst(marker))) {
    await waitFor(path, marker);
    if (existsSync(path)) return path;
  }
  try {
    await writeSnapshot(path);
  } finally {
    await rm(marker, { force: true });
  }
  return path;
}

function snapshotKey(): string {
  const enginePackage = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'));
  return createHash('sha256')
    .update(readFileSync(enginePackage))
    .update(JSON.stringify(migrations))
    .digest('hex')
    .slice(0, 16);
}

async function isFirst(marker: string): Promise<boolean> {
  try {
    await (await open(marker, 'wx')).close();
    return true;
  } catch {
    return false;
  }
}

async function waitFor(path: string, marker: string): Promise<void> {
  while (!existsSync(path)) {
    const making = await stat(marker).catch(() => null);
    if (!making || Date.now() - making.mtimeMs > MAKING_TIMEOUT_MS) return;
    await sleep(POLL_INTERVAL_MS);
  }
}
