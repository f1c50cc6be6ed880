import type { ColumnType, Insertable, Selectable, Updateable } from 'kysely';

/**
 * The tables of Nakama 3.40, with our own additions marked. How columns travel, on every database alike:
 *
 * - `jsonb` is text of JSON both ways ({@link JsonText}): most of it goes to clients as text, and numbers beyond 2^53
 *   stay exact. PostgreSQL's own spelling comes back (`{"a": 1}`), keys in its order.
 * - `timestamptz` comes back as a Date, cut to milliseconds; a Date or ISO text is accepted. Where microseconds count
 *   (order and cursors of `message`), see `microseconds.ts`.
 * - `int8` is a bigint; a number is accepted. Write `count(*)::int` where a number is wanted.
 * - `bytea` is a Buffer; `uuid` is text in lower case.
 */
export interface Schema {
  users: UsersTable;
  user_device: UserDeviceTable;
  user_edge: UserEdgeTable;
  user_tombstone: UserTombstoneTable;
  users_notes: UsersNotesTable;
  notification: NotificationTable;
  storage: StorageTable;
  message: MessageTable;
  leaderboard: LeaderboardTable;
  leaderboard_record: LeaderboardRecordTable;
  wallet_ledger: WalletLedgerTable;
  groups: GroupsTable;
  group_edge: GroupEdgeTable;
  purchase: PurchaseTable;
  subscription: SubscriptionTable;
  console_user: ConsoleUserTable;
  console_audit_log: ConsoleAuditLogTable;
  console_acl_template: ConsoleAclTemplateTable;
  setting: SettingTable;
  /** Ours: tokens that were logged out. */
  nk_token_revocation: TokenRevocationTable;
  /** Ours: which migrations have been applied. */
  nk_migration: MigrationTable;
}

/** JSON as text: `JSON.stringify(value)` to write, `JSON.parse(text)` to read. */
export type JsonText = string;

type Defaulted<T> = ColumnType<T, T | undefined, T>;
type Time = ColumnType<Date, Date | string, Date | string>;
type TimeDefaulted = ColumnType<Date, Date | string | undefined, Date | string>;
type Int8 = ColumnType<bigint, bigint | number, bigint | number>;
type Int8Defaulted = ColumnType<bigint, bigint | number | undefined, bigint | number>;
type Bytes = ColumnType<Buffer | null, Uint8Array | null | undefined, Uint8Array | null>;

export interface UsersTable {
  id: string;
  username: string;
  display_name: string | null;
  avatar_url: string | null;
  lang_tag: Defaulted<string>;
  location: string | null;
  timezone: string | null;
  metadata: Defaulted<JsonText>;
  wallet: Defaulted<JsonText>;
  email: string | null;
  password: Bytes;
  facebook_id: string | null;
  facebook_instant_game_id: string | null;
  google_id: string | null;
  gamecenter_id: string | null;
  steam_id: string | null;
  custom_id: string | null;
  apple_id: string | null;
  edge_count: Defaulted<number>;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
  /** 1970-01-01 until the e-mail address has been verified. */
  verify_time: TimeDefaulted;
  /** 1970-01-01 unless the account is banned. */
  disable_time: TimeDefaulted;
}

export interface UserDeviceTable {
  id: string;
  user_id: string;
  preferences: Defaulted<JsonText>;
  push_token_amazon: Defaulted<string>;
  push_token_android: Defaulted<string>;
  push_token_huawei: Defaulted<string>;
  push_token_ios: Defaulted<string>;
  push_token_web: Defaulted<string>;
}

export interface UserEdgeTable {
  source_id: string;
  /** Sorts the edges; the reference writes nanoseconds since 1970. */
  position: Int8;
  update_time: TimeDefaulted;
  destination_id: string;
  /** 0 friend, 1 invite sent, 2 invite received, 3 blocked. */
  state: Defaulted<number>;
  metadata: Defaulted<JsonText>;
}

/** Users deleted with a record of it. */
export interface UserTombstoneTable {
  user_id: string;
  create_time: TimeDefaulted;
}

/** Notes of the console's operators about a user. */
export interface UsersNotesTable {
  id: string;
  user_id: string;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
  note: string;
  create_id: string | null;
  update_id: string | null;
}

export interface NotificationTable {
  id: string;
  user_id: string;
  subject: string;
  content: Defaulted<JsonText>;
  code: number;
  sender_id: string;
  create_time: TimeDefaulted;
  /** Ours: listed only to sessions whose variables hold all of these (an object of texts); null is for every one. */
  nk_vars: ColumnType<JsonText | null, JsonText | null | undefined, JsonText | null>;
}

export interface StorageTable {
  collection: string;
  key: string;
  user_id: string;
  value: Defaulted<JsonText>;
  /** MD5 of the value as it was written, in hex. */
  version: string;
  /** 0 nobody, 1 owner, 2 everybody. */
  read: Defaulted<number>;
  /** 0 nobody, 1 owner. */
  write: Defaulted<number>;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
}

/** Chat history, and the events of a group in its channel. */
export interface MessageTable {
  id: string;
  /** 0 chat, 1 update, 2 remove, 3 group join, 4 add, 5 leave, 6 kick, 7 promote, 8 ban, 9 demote. */
  code: Defaulted<number>;
  sender_id: string;
  username: string;
  stream_mode: number;
  stream_subject: string;
  stream_descriptor: string;
  stream_label: string;
  content: Defaulted<JsonText>;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
}

/** Leaderboards, and tournaments (those with a duration). */
export interface LeaderboardTable {
  id: string;
  authoritative: Defaulted<boolean>;
  /** 0 ascending, 1 descending. */
  sort_order: Defaulted<number>;
  /** 0 best, 1 set, 2 increment, 3 decrement. */
  operator: Defaulted<number>;
  /** A cron expression. */
  reset_schedule: string | null;
  metadata: Defaulted<JsonText>;
  create_time: TimeDefaulted;
  category: Defaulted<number>;
  description: Defaulted<string>;
  /** Seconds; 0 for a leaderboard. */
  duration: Defaulted<number>;
  /** 1970-01-01 for none. */
  end_time: TimeDefaulted;
  join_required: Defaulted<boolean>;
  max_size: Defaulted<number>;
  max_num_score: Defaulted<number>;
  title: Defaulted<string>;
  size: Defaulted<number>;
  start_time: TimeDefaulted;
  enable_ranks: ColumnType<boolean | null, boolean | null | undefined, boolean | null>;
}

export interface LeaderboardRecordTable {
  leaderboard_id: string;
  owner_id: string;
  username: string | null;
  score: Int8Defaulted;
  subscore: Int8Defaulted;
  num_score: Defaulted<number>;
  metadata: Defaulted<JsonText>;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
  /** 1970-01-01 for a leaderboard that never resets. */
  expiry_time: TimeDefaulted;
  max_num_score: Defaulted<number>;
}

export interface WalletLedgerTable {
  id: string;
  user_id: string;
  changeset: JsonText;
  metadata: JsonText;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
}

export interface GroupsTable {
  id: string;
  creator_id: string;
  name: string;
  description: string | null;
  avatar_url: string | null;
  lang_tag: Defaulted<string>;
  metadata: Defaulted<JsonText>;
  /** 0 open, 1 closed. */
  state: Defaulted<number>;
  /** Members; must be between 1 and max_count, so a new group is inserted with 1. */
  edge_count: Defaulted<number>;
  max_count: Defaulted<number>;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
  /** 1970-01-01 unless the group is disabled. */
  disable_time: TimeDefaulted;
}

/** Two rows a membership: group to user and user to group. No foreign keys, so who deletes cleans up. */
export interface GroupEdgeTable {
  source_id: string;
  /** Sorts the edges; the reference writes nanoseconds since 1970. */
  position: Int8;
  update_time: TimeDefaulted;
  destination_id: string;
  /** 0 superadmin, 1 admin, 2 member, 3 join request, 4 banned. */
  state: Defaulted<number>;
}

export interface PurchaseTable {
  create_time: TimeDefaulted;
  /** 0 unknown, 1 sandbox, 2 production. */
  environment: Defaulted<number>;
  product_id: string;
  purchase_time: TimeDefaulted;
  raw_response: Defaulted<JsonText>;
  /** The number of the protocol's StoreProvider. */
  store: Defaulted<number>;
  transaction_id: string;
  update_time: TimeDefaulted;
  /** The nil UUID once the user has been deleted. */
  user_id: Defaulted<string>;
  refund_time: TimeDefaulted;
}

export interface SubscriptionTable {
  original_transaction_id: string;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
  /** 0 unknown, 1 sandbox, 2 production. */
  environment: Defaulted<number>;
  product_id: string;
  purchase_time: TimeDefaulted;
  /** The number of the protocol's StoreProvider. */
  store: Defaulted<number>;
  /** The nil UUID once the user has been deleted. */
  user_id: Defaulted<string>;
  expire_time: Time;
  raw_response: Defaulted<JsonText>;
  raw_notification: Defaulted<JsonText>;
  refund_time: TimeDefaulted;
}

export interface ConsoleUserTable {
  create_time: TimeDefaulted;
  disable_time: TimeDefaulted;
  email: string;
  id: string;
  metadata: Defaulted<JsonText>;
  password: Bytes;
  update_time: TimeDefaulted;
  username: string;
  mfa_secret: Bytes;
  mfa_recovery_codes: Bytes;
  mfa_required: ColumnType<boolean | null, boolean | null | undefined, boolean | null>;
  acl: Defaulted<JsonText>;
}

export interface ConsoleAuditLogTable {
  create_time: TimeDefaulted;
  id: string;
  console_user_id: string;
  console_username: string;
  email: string;
  action: string;
  resource: string;
  message: string;
  metadata: Defaulted<JsonText>;
}

export interface ConsoleAclTemplateTable {
  id: string;
  name: string;
  description: Defaulted<string>;
  acl: Defaulted<JsonText>;
  create_time: TimeDefaulted;
  update_time: TimeDefaulted;
}

/** Settings of the console. */
export interface SettingTable {
  name: string;
  value: Defaulted<JsonText>;
  update_time: TimeDefaulted;
}

/** A user's tokens that are refused although they have not expired. */
export interface TokenRevocationTable {
  user_id: string;
  /** 0 a session token, 1 a refresh token, 2 every token issued before a time, 3 none: the user has long-lived ones. */
  kind: number;
  /** '' with kinds 2 and 3. */
  token_id: string;
  /** Kind 2 only; 1970-01-01 otherwise. */
  issued_before: Time;
  /** When the tokens expire by themselves, and the row may go. */
  until: Time;
}

export interface MigrationTable {
  id: string;
  applied_time: TimeDefaulted;
}

/** A row of a table as it is read, e.g. `Row<'users'>`. */
export type Row<T extends keyof Schema> = Selectable<Schema[T]>;
/** What an insert into a table takes. */
export type NewRow<T extends keyof Schema> = Insertable<Schema[T]>;
/** What an update of a table takes. */
export type RowChange<T extends keyof Schema> = Updateable<Schema[T]>;
