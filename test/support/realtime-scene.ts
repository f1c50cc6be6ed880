import { randomUUID } from 'node:crypto';
import type { Db } from '../../src/database/database.ts';
import type { Log } from '../../src/observability/log.ts';
import { MessageRouter } from '../../src/realtime/message-router.ts';
import { MicrosecondClock } from '../../src/realtime/microsecond-clock.ts';
import { PresenceEvents } from '../../src/realtime/presence-events.ts';
import { PresenceTracker } from '../../src/realtime/presence-tracker.ts';
import { SessionRegistry } from '../../src/realtime/session-registry.ts';
import { noLimits, type StreamLimits } from '../../src/realtime/stream-limits.ts';
import { checkArguments } from '../../src/runtime/argument-check.ts';
import { type ModuleFunction, WrittenJson } from '../../src/runtime/module-function.ts';
import { FakeSession, type FakeUser } from './fake-session.ts';

/** The realtime parts of a server, real but for the connections. */
export class RealtimeScene {
  readonly sessions = new SessionRegistry();
  readonly tracker: PresenceTracker;
  readonly router: MessageRouter;
  readonly events: PresenceEvents;
  readonly clock = new MicrosecondClock();
  /** The texts of what was logged as an error. */
  readonly errors: string[] = [];
  readonly log: Log = recordingLog(this.errors);

  constructor(limits: Partial<StreamLimits> = {}) {
    this.tracker = new PresenceTracker('node-1', { ...noLimits, ...limits });
    this.router = new MessageRouter(this.sessions, this.tracker);
    this.events = new PresenceEvents(this.tracker);
  }

  connect(user: FakeUser, vars?: Readonly<Record<string, string>>): FakeSession {
    const session = new FakeSession(user, vars);
    this.sessions.add(session);
    return session;
  }

  disconnect(session: FakeSession): void {
    this.sessions.remove(session.id);
    this.tracker.untrackSession(session.id);
  }

  /** Resolves when presence changes that have happened so far have been told. */
  async told(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A user that is in no database. */
export function fakeUser(username: string, id: string = randomUUID()): FakeUser {
  return { id, username };
}

/** A user that is in the database. */
export async function storedUser(db: Db, username: string, id: string = randomUUID()): Promise<FakeUser> {
  const user = { id, username: `${username}-${id.slice(0, 8)}` };
  await db.insertInto('users').values(user).execute();
  return user;
}

/** Calls nk functions as a module does: by name, with checked arguments. */
export function moduleCaller(functions: readonly ModuleFunction[] | undefined) {
  const byName = new Map(functions?.map((f) => [f.name, f]));
  // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
  return async (name: string, ...args: unknown[]): Promise<any> => {
    const found = byName.get(name);
    if (!found) throw new Error(`there is no nk.${name}`);
    const call = { module: 'test', label: 'test', deadlineMs: Number.POSITIVE_INFINITY };
    const answer = await found.run(call, checkArguments(name, found.parameters, args));
    return answer instanceof WrittenJson ? JSON.parse(answer.text) : answer;
  };
}

function recordingLog(errors: string[]): Log {
  const ignore = () => {};
  const log: Log = {
    debug: ignore,
    info: ignore,
    warn: ignore,
    error: (fields: object | string, text?: string) => errors.push(text ?? String(fields)),
    child: () => log,
  };
  return log;
}
