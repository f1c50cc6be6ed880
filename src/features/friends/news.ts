import { NotificationCode, type NotificationRequest } from '../notifications/index.ts';
import type { Actor } from './named-users.ts';
import type { FriendNews } from './transitions.ts';

const codes = {
  invited: NotificationCode.FRIEND_REQUEST,
  accepted: NotificationCode.FRIEND_ACCEPTED,
  removed: NotificationCode.FRIEND_REMOVED,
  joined: NotificationCode.FRIEND_JOINED_GAME,
} as const;

/** Subjects are what the protocol has. */
const subjects = {
  invited: (username: string) => `${username} wants to add you as a friend`,
  accepted: (username: string) => `${username} accepted your friend request`,
  removed: (username: string) => `${username} removed you as a friend`,
  joined: (username: string) => `your friend ${username} has joined the game`,
} as const;

/** The notification that tells a user what another one has done. */
export function notificationOf(news: FriendNews, actor: Actor, userId: string): NotificationRequest {
  return {
    userId,
    subject: subjects[news](actor.username),
    content: { username: actor.username },
    code: codes[news],
    senderId: actor.userId,
    persistent: true,
  };
}
