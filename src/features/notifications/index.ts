import type { Feature } from '../feature.ts';
import { notificationFunctions } from './module-api.ts';
import { notificationOperations } from './operations.ts';
import { type NotificationDependencies, Notifications } from './service.ts';
import { notificationUserData } from './user-data.ts';

export { lastNotice } from './last-notice.ts';
export { NotificationCode, type NotificationRequest, type NotificationText } from './notification.ts';
export { type NotificationDependencies, Notifications } from './service.ts';

/** Notifications: pushed to a user's open connections and, when persistent, kept in their list. */
export function createNotificationsFeature(dependencies: NotificationDependencies): {
  readonly feature: Feature;
  readonly notifications: Notifications;
} {
  const notifications = new Notifications(dependencies);
  return {
    notifications,
    feature: {
      name: 'notifications',
      operations: notificationOperations(notifications),
      userData: notificationUserData,
      functions: notificationFunctions(notifications),
      stop: () => notifications.settled(),
    },
  };
}
