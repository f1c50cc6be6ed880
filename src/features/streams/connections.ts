import type { PresenceTracker } from '../../realtime/presence-tracker.ts';
import type { Session, SocketFormat } from '../../realtime/session.ts';
import type { SessionRegistry } from '../../realtime/session-registry.ts';
import { streamOf, streamParameter } from '../../realtime/stream-parameter.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { list, optional, record, uuid } from '../../runtime/parameters.ts';

/** What a module's `where` sees of a connection. */
export interface Connection {
  readonly sessionId: string;
  readonly userId: string;
  readonly username: string;
  readonly vars: Readonly<Record<string, string>>;
  readonly lang: string;
  readonly clientIp: string;
  readonly format: SocketFormat;
}

/** Connections that one `where` may be asked about; the caller is told to narrow its choice when there are more. */
export const MAX_CONNECTIONS = 10_000;

/**
 * Not on `nk`: what the isolate asks for to resolve a `where`. The open connections of these users, those in this
 * stream, or all; with both, those of the users that are in the stream.
 */
export function connectionsFunction(sessions: SessionRegistry, tracker: PresenceTracker): ModuleFunction {
  const scope = record({ userIds: optional(list(uuid())), stream: optional(streamParameter()) });
  return moduleFunction('connectionsList', [['scope', scope]], (_call, { userIds, stream }) => {
    const found: Connection[] = [];
    const add = (session: Session) => {
      if (found.length === MAX_CONNECTIONS) {
        throw new Error(`a choice by where is among at most ${MAX_CONNECTIONS} connections; choose by vars`);
      }
      found.push(connectionOf(session));
    };
    if (stream) {
      const users = userIds && new Set(userIds);
      tracker.forEachSession(streamOf(stream), (session) => {
        if (!users || users.has(session.userId)) add(session);
      });
    } else if (userIds) {
      for (const userId of new Set(userIds)) for (const session of sessions.ofUser(userId)) add(session);
    } else {
      for (const session of sessions.all()) add(session);
    }
    return found;
  });
}

function connectionOf(session: Session): Connection {
  const { id: sessionId, userId, username, vars = {}, lang, clientIp, format } = session;
  return { sessionId, userId, username, vars, lang, clientIp, format };
}
