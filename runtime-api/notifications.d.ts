/** Notifications: messages to users that are pushed at once and, when persistent, kept until deleted. */
declare namespace nkruntime {
  interface Nakama {
    /**
     * Notifies a user: pushed to every open connection of theirs, whether or not it appears online.
     * @param subject Not empty.
     * @param content A plain object; it reaches clients as the text of JSON.
     * @param code A whole number above 0; those below are the server's own.
     * @param senderID Who it is from; nobody by default. `''` is refused.
     * @param persistent Keeps it in the user's list until deleted; false by default.
     * @param to Only these of the user's connections; an addition of this server.
     * @throws GoError when persistent and the user does not exist; a transient one is then silently lost.
     */
    notificationSend(
      userId: string,
      subject: string,
      content: { [key: string]: any },
      code: number,
      senderID?: string | null,
      persistent?: boolean,
      to?: NotificationAudience,
    ): void;

    /**
     * Sends several notifications, all or none. Those for one user come in one push, in order. An empty list is fine.
     * @param to Which connections, for entries that have no `to` of their own; an addition of this server.
     * @throws GoError when an unknown user is among the persistent ones.
     */
    notificationsSend(notifications: NotificationRequest[], to?: NotificationAudience): void;

    /**
     * Notifies everybody: a transient one goes to every open connection; a persistent one is stored for every account
     * and then pushed, in the background after this call has returned.
     * @param code A whole number above 0.
     * @param persistent False by default.
     * @param to Only these connections; an addition of this server.
     */
    notificationSendAll(
      subject: string,
      content: { [key: string]: any },
      code: number,
      persistent?: boolean,
      to?: NotificationAudience,
    ): void;

    /**
     * A user's stored notifications, oldest first.
     * @param limit 1 to 1000; 100 by default.
     */
    notificationsList(userId: string, limit?: number, cursor?: string): NotificationsList;

    /**
     * Stored notifications by id, in no promised order; unknown ones are left out.
     * @param userId Only those of this user.
     */
    notificationsGetId(ids: string[], userId?: string): Notification[];

    /** Deletes stored notifications; only pairs of notification and receiver that match go. */
    notificationsDelete(notifications: NotificationDeleteRequest[]): void;

    /**
     * Deletes stored notifications by id; unknown ones are passed over.
     * @param userId Only those of this user.
     */
    notificationsDeleteId(ids: string[], userId?: string): void;

    /** Changes stored notifications without pushing them; an unknown id is passed over. */
    notificationsUpdate(updates: NotificationUpdate[]): void;
  }

  interface Initializer {
    /** Runs before a client lists their notifications, whether or not that will be allowed (`ListNotifications`). */
    registerBeforeListNotifications(fn: BeforeHookFunction<ListNotificationsRequest>): void;

    /** Runs after a client lists their notifications, once it has succeeded (`ListNotifications`). */
    registerAfterListNotifications(fn: AfterHookFunction<ApiNotificationList, ListNotificationsRequest>): void;

    /** Runs before a client deletes notifications, whether or not that will be allowed (`DeleteNotifications`). */
    registerBeforeDeleteNotifications(fn: BeforeHookFunction<DeleteNotificationsRequest>): void;

    /** Runs after a client deletes notifications, once it has succeeded (`DeleteNotifications`). */
    registerAfterDeleteNotifications(fn: AfterHookFunction<void, DeleteNotificationsRequest>): void;
  }

  /**
   * Which connections get a notification or stream message, out of those that would: those whose session variables
   * have all of `vars`, those listed, or those for which `where` returns true. It runs in the module, during the call,
   * for at most 10000 connections; choose by `vars` among more. When none fits nothing is pushed, but a persistent
   * notification is stored all the same. An addition of this server.
   *
   *     nk.notificationSend(userId, 'Trade', { item: 'sword' }, 101, null, false, { vars: { screen: 'market' } });
   */
  type NotificationAudience =
    | { vars: { [key: string]: string }; sessionIds?: never; where?: never }
    | { sessionIds: string[]; vars?: never; where?: never }
    | { where: (connection: Connection) => boolean; vars?: never; sessionIds?: never };

  /** An open connection, as a {@link NotificationAudience} sees it. */
  interface Connection {
    readonly sessionId: string;
    readonly userId: string;
    readonly username: string;
    /** Session variables of its token; `{}` when there are none. */
    readonly vars: { readonly [key: string]: string };
    /** The `lang` of the socket's URL. */
    readonly lang: string;
    readonly clientIp: string;
    /** How its messages are written. */
    readonly format: 'json' | 'protobuf';
  }

  /** A stored notification, with its receiver. */
  interface Notification {
    id: string;
    code: number;
    content: { [key: string]: any };
    persistent: boolean;
    userId: string;
    /** `''` when nobody sent it. */
    senderId: string;
    subject: string;
    /** Seconds since 1970. */
    createTime: number;
  }

  /** A notification in a list. */
  interface ApiNotification {
    id: string;
    /**
     * Below 0 for the server's own: -1 direct chat, -2 friend request, -3 friend accepted, -4 added to group, -5
     * group join request, -6 friend joined game, -7 single socket, -8 banned, -9 friend removed.
     */
    code: number;
    /** An object from `nk` functions; in hook data the text of JSON. */
    content: { [key: string]: any };
    persistent: boolean;
    /** `''` when nobody sent it. */
    senderId: string;
    subject: string;
    /** Seconds since 1970. */
    createTime: number;
  }

  /** A notification to send. */
  interface NotificationRequest {
    /** A whole number above 0. */
    code: number;
    content: { [key: string]: any };
    /** Keeps it in the user's list; false by default. */
    persistent?: boolean;
    /** Nobody by default. */
    senderId?: string | null;
    /** Not empty. */
    subject: string;
    userId: string;
    /** Only these of the user's connections; an addition of this server. */
    to?: NotificationAudience;
  }

  /** A stored notification and its receiver. */
  interface NotificationDeleteRequest {
    notificationId: string;
    userId: string;
  }

  /** A change to a stored notification; what is absent stays. */
  interface NotificationUpdate {
    id: string;
    content?: { [key: string]: any };
    /** Not empty. */
    subject?: string;
    /** The new sender's id. */
    sender?: string;
  }

  /** A page of stored notifications. */
  interface NotificationsList {
    notifications: ApiNotification[];
    /** For the next page; null on the last. */
    cursor: string;
  }

  /** A page as clients get it. */
  interface ApiNotificationList {
    notifications?: ApiNotification[];
    /** After the last notification of the page; good for asking later what is new. */
    cacheableCursor?: string;
  }

  /** Which notifications to list. */
  interface ListNotificationsRequest {
    /** 1 to 100; null for 1. */
    limit?: number;
    cacheableCursor?: string;
  }

  /** Which notifications to delete. */
  interface DeleteNotificationsRequest {
    ids: string[];
  }
}
