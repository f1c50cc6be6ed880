import type { Identity } from '../protocol/identity.ts';
import type { CallOrigin } from '../runtime/module-function.ts';

/** What beside the identity a module is told of a caller. */
export interface Connection {
  readonly clientIp: string;
  readonly clientPort: string;
  /** Sockets only. */
  readonly sessionId?: string;
  readonly lang?: string;
  /** HTTP only. */
  readonly requestId?: string;
  /** HTTP only: how many calls of modules led to it. */
  readonly depth?: number;
}

/** The `ctx` of hooks and RPCs for a caller; the fields that do not apply are not there at all. */
export function callOrigin(identity: Identity | null, connection: Connection, extra?: object): CallOrigin {
  const { clientIp, clientPort, sessionId, lang, requestId, depth } = connection;
  const context = {
    ...(identity && { userId: identity.userId, username: identity.username }),
    ...(identity?.vars && { vars: identity.vars }),
    ...(identity && { userSessionExp: identity.expiresAt }),
    ...(sessionId !== undefined && { sessionId, lang }),
    clientIp,
    clientPort,
    ...extra,
  };
  return {
    contextText: JSON.stringify(context),
    ...(identity && { userId: identity.userId }),
    ...(sessionId !== undefined && { sessionId }),
    ...(requestId !== undefined && { requestId }),
    ...(depth !== undefined && { depth }),
  };
}
