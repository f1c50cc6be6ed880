import type { Feature } from '../feature.ts';
import { chatEnvelopes } from './envelopes.ts';
import { GroupEvents } from './group-events.ts';
import { chatFunctions } from './module-api.ts';
import { chatOperations } from './operations.ts';
import { PendingJoins } from './pending-joins.ts';
import { Chat, type ChatDependencies } from './service.ts';
import { chatUserData } from './user-data.ts';

export { directStream, MessageCode } from './channel.ts';
export { GroupEvents } from './group-events.ts';
export { type GroupMembership, StoredGroupMembership } from './group-membership.ts';
export { Chat, type ChatDependencies } from './service.ts';

/** Chat: rooms, channels of two users and channels of groups, with their history. */
export function createChatFeature(dependencies: Omit<ChatDependencies, 'joins'>): {
  readonly feature: Feature;
  readonly chat: Chat;
  readonly groupEvents: GroupEvents;
} {
  const joins = new PendingJoins();
  const chat = new Chat({ ...dependencies, joins });
  return {
    chat,
    groupEvents: new GroupEvents({ ...dependencies, joins }),
    feature: {
      name: 'chat',
      operations: chatOperations(chat),
      envelopes: chatEnvelopes(chat),
      userData: chatUserData,
      functions: chatFunctions(chat),
      stop: () => chat.messages.settled(),
    },
  };
}
