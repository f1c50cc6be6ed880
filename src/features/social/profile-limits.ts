import type { VerifiedIdentity } from '../authentication/index.ts';
import { refused } from './errors.ts';
import type { IdentityProvider, Profile } from './provider.ts';

// What the columns of `users` hold, in characters.
const ID_MAX_CHARS = 128;
const DISPLAY_NAME_MAX_CHARS = 255;
const AVATAR_URL_MAX_CHARS = 512;
const EMAIL_MAX_CHARS = 255;

/** A profile as it is stored: what does not fit is left out. @throws StatusError UNAUTHENTICATED when the id does not */
export function storable(provider: IdentityProvider<never>, profile: Profile): VerifiedIdentity {
  const { id, formerId, displayName, avatarUrl, email } = profile;
  if (!fits(id, ID_MAX_CHARS)) throw refused(provider.name, new Error('the id cannot be stored'));
  return {
    column: provider.column,
    id,
    formerId: fitting(formerId, ID_MAX_CHARS),
    displayName: fitting(displayName, DISPLAY_NAME_MAX_CHARS),
    avatarUrl: fitting(avatarUrl, AVATAR_URL_MAX_CHARS),
    email: fitting(email?.toLowerCase(), EMAIL_MAX_CHARS),
    fillsProfile: provider.fillsProfile ?? false,
  };
}

function fitting(text: string | undefined, maxChars: number): string | undefined {
  return text !== undefined && fits(text, maxChars) ? text : undefined;
}

/** The database knows no zero character. */
function fits(text: string, maxChars: number): boolean {
  return text !== '' && text.length <= maxChars && !text.includes('\u0000');
}
