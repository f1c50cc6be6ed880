import type { Feature } from '../feature.ts';
import { chatEnvelopes } from './envelopes.ts';
import { GroupEvents } from './group-events.ts';
import { chatFunctions } from './module-api.ts';
import { chatOperations } from './operations.ts';
import { Chat, type ChatDependencies } from './service.ts';
import { chatUserData } from './user-data.ts';

export { directStream, MessageCode } from './channel.ts';
export { GroupEvents } from './group-events.ts';
export { type GroupMembership, StoredGroupMembership } from './group-membership.ts';
export { Chat, type ChatDependencies } from './service.ts';

/** Chat: rooms, channels of two users and channels of groups, with their history. */
export function createChatFeature(dependencies: ChatDependencies): {
  readonly feature: Feature;
  readonly chat: Chat;
  readonly groupEvents: GroupEvents;
} {
  const chat = new Chat(dependencies);
  return {
    chat,
    groupEvents: new GroupEvents(dependencies),
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
