import type { Db } from '../../database/database.ts';
import { NotificationSchema } from '../../protocol/gen/nakama/api/api_pb.js';
import { toWireJson } from '../../protocol/json-codec.ts';
import type { UserData } from '../user-data.ts';
import { importNotifications } from './import.ts';
import { findVars, listNotifications } from './queries.ts';
import { listedOnWire } from './wire.ts';

/** Read by one statement. */
const PAGE_SIZE = 1_000;

/**
 * A user's notifications in an account's export; they go with the account by themselves. One that is for chosen sessions
 * has their variables as `nk_vars` beside the fields of the client API.
 */
export const notificationUserData = {
  importOf: importNotifications,

  async exportOf(db: Db, userId: string) {
    const notifications: unknown[] = [];
    const vars = await findVars(db, userId);
    for (let page = await listNotifications(db, userId, null, PAGE_SIZE); page.length > 0; ) {
      for (const n of page) {
        const own = vars.get(n.id);
        const exported = JSON.parse(toWireJson(NotificationSchema, listedOnWire(n)));
        notifications.push(own === undefined ? exported : { ...exported, nk_vars: JSON.parse(own) });
      }
      page = page.length < PAGE_SIZE ? [] : await listNotifications(db, userId, page.at(-1)!, PAGE_SIZE);
    }
    return notifications.length > 0 ? { notifications } : {};
  },
} satisfies UserData;
