import { MessageCode } from '../chat/index.ts';
import { GroupState } from './group.ts';

/** What becomes of a member: another state, `out`, or undefined when nothing does. */
type Outcome = number | 'out' | undefined;

/** Something that admins do to members. */
export interface Act {
  /** What is told of it in the group's channel. */
  readonly messageCode: number;
  /** @param rank what the one who acts is: superadmin (the server too) or admin */
  outcome(state: number, rank: number): Outcome;
}

/** Removes members, turns down requests, lifts bans. */
export const kick: Act = {
  messageCode: MessageCode.GROUP_KICK,
  outcome: (state, rank) => (mayRemove(state, rank) ? 'out' : undefined),
};

/** Removes whoever is something in the group, and keeps them from coming back. */
export const ban: Act = {
  messageCode: MessageCode.GROUP_BAN,
  outcome: (state, rank) => (state !== GroupState.BANNED && mayRemove(state, rank) ? GroupState.BANNED : undefined),
};

/** One step up: superadmins make superadmins, admins make admins. */
export const promote: Act = {
  messageCode: MessageCode.GROUP_PROMOTE,
  outcome: (state, rank) => {
    if (state > GroupState.MEMBER || state === GroupState.SUPERADMIN || state <= rank) return undefined;
    return state - 1;
  },
};

/** One step down, from no higher than one's own rank. */
export const demote: Act = {
  messageCode: MessageCode.GROUP_DEMOTE,
  outcome: (state, rank) => (state >= rank && state < GroupState.MEMBER ? state + 1 : undefined),
};

/** Superadmins remove anybody, admins those below them. */
function mayRemove(state: number, rank: number): boolean {
  return rank === GroupState.SUPERADMIN || state > GroupState.ADMIN;
}
