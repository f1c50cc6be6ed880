/** A column of `users` that holds an account's id at another company. */
export type ProviderColumn =
  | 'apple_id'
  | 'facebook_id'
  | 'facebook_instant_game_id'
  | 'gamecenter_id'
  | 'google_id'
  | 'steam_id';

/** Somebody for whom another company has vouched. Texts fit their columns; what is not known is left out. */
export interface VerifiedIdentity {
  readonly column: ProviderColumn;
  readonly id: string;
  /** Under which the company knew the same person before; an account that has it is given the new one. */
  readonly formerId?: string | undefined;
  readonly displayName?: string | undefined;
  readonly avatarUrl?: string | undefined;
  /** Verified by the company, in lower case. */
  readonly email?: string | undefined;
  /** Whether signing in again fills a display name and an avatar that the account lacks, as the reference does for Google. */
  readonly fillsProfile?: boolean;
}
