import { canonicalId, NIL_ID } from '../../protocol/ids.ts';
import { invalidArgument } from '../../protocol/status.ts';

/** What a user is in a group. Source: the protocol's GroupUser.State; 4 is the reference's own. */
export const GroupState = { SUPERADMIN: 0, ADMIN: 1, MEMBER: 2, JOIN_REQUEST: 3, BANNED: 4 } as const;

/** Who asks: a player, or the server's own code, which may do everything. */
export type GroupCaller = { readonly userId: string } | 'server';

/** A group as it is asked for. */
export interface GroupDraft {
  readonly name: string;
  /** The nil id for nobody. */
  readonly creatorId: string;
  /** `en` when empty. */
  readonly langTag: string;
  readonly description: string;
  readonly avatarUrl: string;
  readonly open: boolean;
  /** The text of a JSON object. */
  readonly metadata: string;
  readonly maxCount: number;
}

/** A change of a group: undefined leaves a field; an empty description or avatar is cleared. */
export type GroupChange = { readonly [K in keyof GroupDraft]?: GroupDraft[K] | undefined };

export const DEFAULT_LANG_TAG = 'en';
export const DEFAULT_MAX_COUNT = 100;

/** Characters that the columns take. */
const longest = { name: 255, description: 255, avatarUrl: 512, langTag: 18 } as const;
/** Room for what games put on a group; everybody who lists it gets it. */
const METADATA_MAX_BYTES = 16 * 1024;

/** An id in any of its spellings: capitals and missing dashes are fine. @throws StatusError INVALID_ARGUMENT */
export function idOf(text: string): string {
  const id = canonicalId(text);
  if (id === undefined) throw invalidArgument(`${JSON.stringify(text)} is not an id`);
  return id;
}

/** As {@link idOf}, for somebody who can be in a group. @throws StatusError INVALID_ARGUMENT, also for the nil id */
export function userIdOf(text: string): string {
  const id = idOf(text);
  if (id === NIL_ID) throw invalidArgument('the nil id is of no user');
  return id;
}

/** Checks those fields that are given. @throws StatusError INVALID_ARGUMENT */
export function checkFields(fields: GroupChange): void {
  for (const [field, limit] of Object.entries(longest)) {
    const value = fields[field as keyof typeof longest];
    if (value !== undefined) checkText(field, value, limit);
  }
  if (fields.name === '') throw invalidArgument('a group needs a name');
  if (fields.langTag === '') throw invalidArgument('the language tag must not be empty');
  if (fields.maxCount !== undefined && fields.maxCount < 1) throw invalidArgument('a group has at least one place');
  if (fields.metadata !== undefined && Buffer.byteLength(fields.metadata) > METADATA_MAX_BYTES) {
    throw invalidArgument(`metadata may have ${METADATA_MAX_BYTES} bytes`);
  }
}

/** @throws StatusError INVALID_ARGUMENT for text that a column of so many characters cannot hold */
export function checkText(field: string, value: string, maxCharacters: number): void {
  if ([...value].length > maxCharacters) throw invalidArgument(`${field} may have ${maxCharacters} characters`);
  if (value.includes('\u0000')) throw invalidArgument(`${field} cannot hold the character U+0000`);
}
