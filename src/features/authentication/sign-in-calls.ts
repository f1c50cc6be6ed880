import { Status, StatusError } from '../../protocol/status.ts';
import { ArgumentError } from '../../runtime/argument-check.ts';
import type { OperationCall } from '../feature.ts';
import type { SessionsService } from '../sessions/index.ts';
import type { SignedIn, SignInOptions } from './service.ts';

/** What a client asks of every way in. */
export function requestedOptions(request: { username: string; create?: boolean | undefined }): SignInOptions {
  return { username: request.username, create: request.create ?? true };
}

/** What a module asks of every way in. */
export function moduleOptions(username: string | undefined, create: boolean | undefined): SignInOptions {
  return { username: username ?? '', create: create ?? true };
}

/** Starts the session of somebody who has signed in: the answer to the client, and the identity for its after hook. */
export async function beginSession(
  sessions: SessionsService,
  call: OperationCall,
  { userId, username, created }: SignedIn,
  vars: Readonly<Record<string, string>> = {},
) {
  const pair = await sessions.begin(userId, username, vars);
  call.identity = pair.identity;
  return { created, token: pair.token, refreshToken: pair.refreshToken };
}

/** Formats that a client would be told of are a module's own arguments. */
export async function withArgumentErrors<T>(action: Promise<T>): Promise<T> {
  try {
    return await action;
  } catch (error) {
    if (error instanceof StatusError && error.code === Status.INVALID_ARGUMENT) throw new ArgumentError(error.message);
    throw error;
  }
}
