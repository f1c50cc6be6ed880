import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { DatabaseError } from '../errors.ts';
import { EmbeddedEngine, type EngineEvents } from './embedded-engine.ts';
import { lockFolder } from './folder-lock.ts';
import { PgliteWorkerDialect } from './pglite-dialect.ts';
import { snapshotPath } from './snapshot.ts';

export interface PgliteDatabase {
  readonly dialect: PgliteWorkerDialect;
  /** Closes the engine and gives the folder back; after the dialect has been destroyed. */
  close(): Promise<void>;
}

/**
 * Starts the embedded database: `data` in the folder holds PostgreSQL's files, `lock` says whose it is.
 *
 * @param folder null keeps the data in memory
 * @throws DatabaseError when the folder is in use or its data cannot be opened
 */
export async function openPglite(folder: string | null, events: EngineEvents): Promise<PgliteDatabase> {
  if (folder === null) {
    const engine = await EmbeddedEngine.open({ dataFolder: null, snapshotPath: await snapshotPath() }, events);
    return { dialect: new PgliteWorkerDialect(engine), close: () => engine.close() };
  }
  const path = resolve(folder);
  try {
    await mkdir(path, { recursive: true });
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is a file' : (error as Error).message;
    throw new DatabaseError(`there can be no database folder ${path}: ${reason}; name another`, { cause: error });
  }
  const unlock = await lockFolder(join(path, 'lock'), path);
  try {
    const engine = await openFolder(path, events);
    const close = async () => {
      await engine.close();
      await unlock();
    };
    return { dialect: new PgliteWorkerDialect(engine), close };
  } catch (error) {
    await unlock();
    throw error;
  }
}

async function openFolder(path: string, events: EngineEvents): Promise<EmbeddedEngine> {
  const dataFolder = join(path, 'data');
  // Stands while a new folder is filled: what a crash left half-filled holds nothing and is made again.
  const unfinishedMark = join(path, 'unfinished');
  if (existsSync(unfinishedMark)) await rm(dataFolder, { recursive: true, force: true });
  const isNew = !existsSync(join(dataFolder, 'PG_VERSION'));
  if (isNew) await writeFile(unfinishedMark, '');
  try {
    const engine = await EmbeddedEngine.open({ dataFolder, snapshotPath: isNew ? await snapshotPath() : null }, events);
    if (isNew) await rm(unfinishedMark, { force: true });
    return engine;
  } catch (error) {
    throw new DatabaseError(`the database in ${path} cannot be opened: ${(error as Error).message}`, { cause: error });
  }
}
