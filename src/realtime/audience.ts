import type { Audience } from '../runtime/parameters.ts';
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
