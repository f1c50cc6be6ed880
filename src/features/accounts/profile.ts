import { invalidArgument } from '../../protocol/status.ts';
import type { ProfileChange } from './queries.ts';
import { checkUsername } from './usernames.ts';

/** A profile change as it is asked for: undefined leaves a field, empty text clears it. */
export interface ProfileUpdate {
  readonly username?: string | undefined;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | undefined;
  readonly langTag?: string | undefined;
  readonly location?: string | undefined;
  readonly timezone?: string | undefined;
  /** Text of a JSON object. */
  readonly metadata?: string | undefined;
}

/** Room for what games put on a profile; everybody who sees a user gets it. */
const METADATA_MAX_BYTES = 16 * 1024;
/** Characters that the columns take. */
const longest = { displayName: 255, location: 255, timezone: 255, avatarUrl: 512, langTag: 18 } as const;

/** The columns to change. @throws StatusError INVALID_ARGUMENT */
export function checkedChange(update: ProfileUpdate): ProfileChange {
  const { username, displayName, avatarUrl, langTag, location, timezone, metadata } = update;
  if (username !== undefined) checkUsername(username);
  checkProfileLengths(update);
  if (langTag === '') throw invalidArgument('the language tag must not be empty');
  if (metadata !== undefined && Buffer.byteLength(metadata) > METADATA_MAX_BYTES) {
    throw invalidArgument(`metadata may have ${METADATA_MAX_BYTES} bytes`);
  }
  const change = {
    username,
    display_name: clearedIfEmpty(displayName),
    avatar_url: clearedIfEmpty(avatarUrl),
    lang_tag: langTag,
    location: clearedIfEmpty(location),
    timezone: clearedIfEmpty(timezone),
    metadata,
  };
  if (Object.values(change).every((value) => value === undefined)) throw invalidArgument('there is nothing to change');
  return change;
}

/** @throws StatusError INVALID_ARGUMENT for a text that its column does not take */
export function checkProfileLengths(texts: { readonly [field in keyof typeof longest]?: string | undefined }): void {
  for (const [field, limit] of Object.entries(longest)) {
    const value = texts[field as keyof typeof longest];
    if (value !== undefined && [...value].length > limit) {
      throw invalidArgument(`${field} may have ${limit} characters`);
    }
  }
}

function clearedIfEmpty(value: string | undefined): string | null | undefined {
  return value === '' ? null : value;
}
