import type { FriendSources } from '../friends/index.ts';
import type { Providers } from './providers/index.ts';

/** From where friends can be imported by a call of its own; Steam only when it is configured. */
export function friendSources({ facebook, steam }: Providers): FriendSources {
  return {
    facebook: { friendIdsOf: (token) => facebook.friendIds(token) },
    steam: steam.isConfigured
      ? { friendIdsOf: async (ticket) => steam.friendIds(ticket, (await steam.verify(ticket)).id) }
      : undefined,
  };
}
