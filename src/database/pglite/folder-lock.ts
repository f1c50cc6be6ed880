import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { open, readFile, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { DatabaseError } from '../errors.ts';

/** Taking over a dead process's lock takes milliseconds; a mark of it this old was left by a crash. */
const TAKEOVER_TIMEOUT_MS = 10_000;

/** Tells this process from an earlier one that had its id. */
const processToken = randomUUID();

interface Holder {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
  /** When the process was started, as the system tells it; null where it does not. */
  readonly startIdentity: string | null;
}

/**
 * Takes a folder for this process: two engines on one folder lose data without a word. A lock whose process has ended
 * is taken over, one whose process lives never is.
 *
 * @returns what gives the folder back
 * @throws DatabaseError that names the process that has it
 */
export async function lockFolder(lockPath: string, folder: string): Promise<() => Promise<void>> {
  if (!(await tryCreate(lockPath))) {
    await takeOver(lockPath, folder);
  }
  return () => rm(lockPath, { force: true });
}

async function takeOver(lockPath: string, folder: string): Promise<void> {
  const markPath = `${lockPath}.takeover`;
  const mark = await stat(markPath).catch(() => null);
  if (mark && Date.now() - mark.mtimeMs > TAKEOVER_TIMEOUT_MS) await rm(markPath, { force: true });
  // Of several processes that find a dead one's lock, one replaces it; to the others the folder is taken.
  if (!(await tryCreate(markPath))) throw taken(folder, lockPath, await readHolder(markPath));
  try {
    const holder = await readHolder(lockPath);
    if (holder !== null && isAlive(holder)) throw taken(folder, lockPath, holder);
    await rm(lockPath, { force: true });
    if (!(await tryCreate(lockPath))) throw taken(folder, lockPath, await readHolder(lockPath));
  } finally {
    await rm(markPath, { force: true });
  }
}

async function tryCreate(path: string): Promise<boolean> {
  const holder: Holder = {
    pid: process.pid,
    host: hostname(),
    token: processToken,
    startIdentity: startIdentityOf(process.pid),
  };
  try {
    const file = await open(path, 'wx');
    await file.writeFile(JSON.stringify(holder));
    await file.close();
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Null for a file that is gone or was never finished: its writer died between making and filling it. */
async function readHolder(path: string): Promise<Holder | null> {
  try {
    return JSON.parse(await readFile(path, 'utf8')) as Holder;
  } catch {
    return null;
  }
}

function isAlive(holder: Holder): boolean {
  // Process ids of another machine or container say nothing here.
  if (holder.host !== hostname()) return true;
  if (holder.pid === process.pid) return holder.token === processToken;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
  }
  const startIdentity = startIdentityOf(holder.pid);
  return startIdentity === null || holder.startIdentity === null || startIdentity === holder.startIdentity;
}

/** On Linux, the boot and the tick at which the process was started: an id that was given again is then another. */
function startIdentityOf(pid: number): string | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ');
    // Field 22 of the file, of which two stand before the parenthesis. Source: proc(5).
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields?.[19]}`;
  } catch {
    return null;
  }
}

function taken(folder: string, lockPath: string, holder: Holder | null): DatabaseError {
  const who = holder === null ? 'another process' : `process ${holder.pid}${elsewhere(holder)}`;
  return new DatabaseError(
    `the database folder ${folder} is in use by ${who}. Stop it first, or use another folder; if it has ended, delete ${lockPath}`,
  );
}

function elsewhere(holder: Holder): string {
  return holder.host === hostname() ? '' : ` on ${holder.host}`;
}
