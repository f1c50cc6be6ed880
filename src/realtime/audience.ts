import { ArgumentError, type Audience } from '../runtime/parameters.ts';
import type { Session } from './session.ts';

/** True when the session's variables contain all of these pairs. */
export function hasVars(
  vars: Readonly<Record<string, string>> | undefined,
  wanted: Readonly<Record<string, string>>,
): boolean {
  for (const name of Object.keys(wanted)) {
    if (!vars || !Object.hasOwn(vars, name) || vars[name] !== wanted[name]) return false;
  }
  return true;
}

/** A test of whether a session belongs to the audience; build it once for many sessions. */
export function audienceTest(audience: Audience): (session: Session) => boolean {
  const { vars, sessionIds } = audience;
  if (vars) return (session) => hasVars(session.vars, vars);
  const chosen = new Set(sessionIds);
  return (session) => chosen.has(session.id);
}

/**
 * Checks what the declaration of an `audience` parameter leaves open: exactly one of `vars`, whose values are text, and
 * `sessionIds`, a list of text.
 * @throws ArgumentError that names the function
 */
export function checkAudience(functionName: string, audience: Audience | undefined): Audience | undefined {
  if (audience === undefined) return undefined;
  const { vars, sessionIds } = audience as { vars?: unknown; sessionIds?: unknown };
  if ((vars === undefined) === (sessionIds === undefined)) {
    throw new ArgumentError(`nk.${functionName}: to must have either vars, sessionIds or where`);
  }
  if (vars !== undefined && !(isObject(vars) && Object.values(vars).every(isText))) {
    throw new ArgumentError(`nk.${functionName}: to.vars must be an object whose values are text`);
  }
  if (sessionIds !== undefined && !(Array.isArray(sessionIds) && sessionIds.every(isText))) {
    throw new ArgumentError(`nk.${functionName}: to.sessionIds must be a list of session ids`);
  }
  return audience;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}
