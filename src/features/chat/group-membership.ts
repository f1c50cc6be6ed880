import type { Db } from '../../database/database.ts';
import { isGroupMember } from './queries.ts';

/** Who belongs to a group. */
export interface GroupMembership {
  /** True for superadmins, admins and members; a mere request to join does not count. False for an unknown group. */
  isMember(groupId: string, userId: string): Promise<boolean>;
}

/** Group membership as the database has it. */
export class StoredGroupMembership implements GroupMembership {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  isMember(groupId: string, userId: string): Promise<boolean> {
    return isGroupMember(this.#db, groupId, userId);
  }
}
