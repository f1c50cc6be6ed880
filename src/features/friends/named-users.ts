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
const NIL = '00000000000000000000000000000000';
const uuidForm = /^[0-9a-f]{32}$/i;

/**
 * The users that a call names, each once and ids in their canonical form.
 * @throws StatusError INVALID_ARGUMENT when one is the actor or cannot be a user
 */
export function checkNamedUsers(actor: Actor, { ids, usernames }: NamedUsers): NamedUsers {
  if (ids.length + usernames.length > MAX_NAMED_USERS) {
    throw invalidArgument(`one call is about ${MAX_NAMED_USERS} users at most`);
  }
  const named = { ids: new Set(ids.map(canonicalId)), usernames: new Set(usernames) };
  if (named.usernames.has('')) throw invalidArgument('a username must not be empty');
  if (named.ids.has(actor.userId) || named.usernames.has(actor.username)) throw namesSelf();
  return { ids: [...named.ids], usernames: [...named.usernames].filter(canBeStored) };
}

export function namesSelf() {
  return invalidArgument('this cannot be done with oneself');
}

function canonicalId(id: string): string {
  const digits = id.replaceAll('-', '');
  if (!uuidForm.test(digits) || digits === NIL) throw invalidArgument(`${JSON.stringify(id)} is not the id of a user`);
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The database has no such character in its text, so nobody is called that. */
function canBeStored(text: string): boolean {
  return !text.includes('\u0000');
}
