import { invalidArgument, Status, StatusError } from '../../protocol/status.ts';

/** The company does not vouch for these credentials. Why is for the log only. */
export function refused(provider: string, cause?: unknown): StatusError {
  return new StatusError(Status.UNAUTHENTICATED, `${provider} does not vouch for these credentials`, { cause });
}

/** The company does not answer, or not as it should. */
export function unavailable(provider: string, cause?: unknown): StatusError {
  return new StatusError(Status.UNAVAILABLE, `${provider} does not answer now`, { cause });
}

/** @throws StatusError FAILED_PRECONDITION unless it is configured */
export function requireConfigured(provider: string, isConfigured: boolean): void {
  if (!isConfigured) throw new StatusError(Status.FAILED_PRECONDITION, `signing in with ${provider} is not configured`);
}

/** @throws StatusError INVALID_ARGUMENT when the text is empty */
export function requireText(value: string, what: string): void {
  if (value === '') throw invalidArgument(`${what} is required`);
}
