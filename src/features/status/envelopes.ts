import { statusOnWire } from '../../realtime/presence-wire.ts';
import { type EnvelopeBinding, envelope } from '../feature.ts';
import type { StatusService } from './service.ts';

/** The socket messages `status_update`, `status_follow` and `status_unfollow`. */
export function statusEnvelopes(statuses: StatusService): readonly EnvelopeBinding[] {
  return [
    envelope('statusUpdate', ({ status }, session) => {
      statuses.update(session, status);
      return null;
    }),

    envelope('statusFollow', async ({ userIds, usernames }, session) => {
      const presences = await statuses.follow(session, userIds, usernames);
      return { case: 'status', value: { presences: presences.map(statusOnWire) } };
    }),

    envelope('statusUnfollow', ({ userIds }, session) => {
      statuses.unfollow(session, userIds);
      return null;
    }),
  ];
}
