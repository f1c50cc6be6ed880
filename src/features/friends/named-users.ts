import { canonicalId, NIL_ID } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';

/** Who acts. */
export interface Actor {
  readonly userId: string;
  readonly username: string;
}

/** Whom a call is about: users by their ids, by their names, or both. */
export interface NamedUsers {
  readonly ids: readonly string[];
  readonly usernames: readonly string[];
}

/** Users that one call may name. */
export const MAX_NAMED_USERS = 10_000;

/**
 * The users that a call names, each once and ids in their canonical form.
 * @throws StatusError INVALID_ARGUMENT when one is the actor or cannot be a user
 */
export function checkNamedUsers(actor: Actor, { ids, usernames }: NamedUsers): NamedUsers {
  if (ids.length + usernames.length > MAX_NAMED_USERS) {
    throw invalidArgument(`one call is about ${MAX_NAMED_USERS} users at most`);
  }
  const named = { ids: new Set(ids.map(userIdOf)), usernames: new Set(usernames) };
  if (named.usernames.has('')) throw invalidArgument('a username must not be empty');
  if (named.ids.has(actor.userId) || named.usernames.has(actor.username)) throw namesSelf();
  return { ids: [...named.ids], usernames: [...named.usernames].filter(canBeStored) };
}

export function namesSelf() {
  return invalidArgument('this cannot be done with oneself');
}

function userIdOf(text: string): string {
  const id = canonicalId(text);
  if (id === undefined || id === NIL_ID) throw invalidArgument(`${JSON.stringify(text)} is not the id of a user`);
  return id;
}

/** The database has no such character in its text, so nobody is called that. */
function canBeStored(text: string): boolean {
  return !text.includes('\u0000');
}
