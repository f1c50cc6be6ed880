/**
 * The tables, constraints and indexes as Nakama 3.40 has them, by name: its databases are served as they are, and a
 * database of ours is one to its tools. A table's comment says what its constraints mean to who writes to it.
 */
export const initialTables = `
create table users (
  id uuid not null primary key,
  username varchar(128) not null constraint users_username_key unique,
  display_name varchar(255),
  avatar_url varchar(512),
  lang_tag varchar(18) not null default 'en',
  location varchar(255),
  timezone varchar(255),
  metadata jsonb not null default '{}',
  wallet jsonb not null default '{}',
  email varchar(255) constraint users_email_key unique,
  password bytea constraint users_password_check check (length(password) < 32000),
  facebook_id varchar(128) constraint users_facebook_id_key unique,
  google_id varchar(128) constraint users_google_id_key unique,
  gamecenter_id varchar(128) constraint users_gamecenter_id_key unique,
  steam_id varchar(128) constraint users_steam_id_key unique,
  custom_id varchar(128) constraint users_custom_id_key unique,
  edge_count int not null default 0 constraint users_edge_count_check check (edge_count >= 0),
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  verify_time timestamptz not null default '1970-01-01 00:00:00 UTC',
  disable_time timestamptz not null default '1970-01-01 00:00:00 UTC',
  facebook_instant_game_id varchar(128) constraint users_facebook_instant_game_id_key unique,
  apple_id varchar(128) constraint users_apple_id_key unique
);

create table user_device (
  id varchar(128) not null primary key,
  user_id uuid not null constraint user_device_user_id_fkey references users (id) on delete cascade,
  preferences jsonb not null default '{}',
  push_token_amazon varchar(512) not null default '',
  push_token_android varchar(512) not null default '',
  push_token_huawei varchar(512) not null default '',
  push_token_ios varchar(512) not null default '',
  push_token_web varchar(512) not null default '',
  constraint user_device_user_id_id_key unique (user_id, id)
);

create table user_edge (
  source_id uuid not null
    constraint user_edge_source_id_fkey references users (id) on delete cascade
    constraint user_edge_source_id_check check (source_id <> '00000000-0000-0000-0000-000000000000'),
  position bigint not null,
  update_time timestamptz not null default now(),
  destination_id uuid not null
    constraint user_edge_destination_id_fkey references users (id) on delete cascade
    constraint user_edge_destination_id_check check (destination_id <> '00000000-0000-0000-0000-000000000000'),
  state smallint not null default 0,
  metadata jsonb not null default '{}',
  constraint user_edge_pkey primary key (source_id, state, position),
  constraint user_edge_source_id_destination_id_key unique (source_id, destination_id)
);
create index user_edge_auto_index_fk_destination_id_ref_users on user_edge (destination_id);

create table user_tombstone (
  user_id uuid not null constraint user_tombstone_user_id_key unique,
  create_time timestamptz not null default now(),
  constraint user_tombstone_pkey primary key (create_time, user_id)
);

create table users_notes (
  id uuid not null constraint users_notes_id_key unique,
  user_id uuid not null constraint users_notes_user_id_fkey references users (id) on delete cascade,
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  note text not null,
  create_id uuid,
  update_id uuid,
  constraint users_notes_pkey primary key (user_id, create_time, id)
);

create table notification (
  id uuid not null constraint notification_id_key unique,
  user_id uuid not null constraint notification_user_id_fkey references users (id) on delete cascade,
  subject varchar(255) not null,
  content jsonb not null default '{}',
  code smallint not null,
  sender_id uuid not null,
  create_time timestamptz not null default now(),
  constraint notification_pkey primary key (user_id, create_time, id)
);

create table storage (
  collection varchar(128) collate "C" not null,
  key varchar(128) collate "C" not null,
  user_id uuid not null constraint storage_user_id_fkey references users (id) on delete cascade,
  value jsonb not null default '{}',
  version varchar(32) not null,
  read smallint not null default 1 constraint storage_read_check check (read >= 0),
  write smallint not null default 1 constraint storage_write_check check (write >= 0),
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  constraint storage_pkey primary key (collection, key, user_id)
);
create index collection_read_user_id_key_idx on storage (collection, read, user_id, key);
create index collection_read_key_user_id_idx on storage (collection, read, key, user_id);
create index collection_user_id_read_key_idx on storage (collection, user_id, read, key);
create index storage_auto_index_fk_user_id_ref_users on storage (user_id);

create table message (
  id uuid not null constraint message_id_key unique,
  code smallint not null default 0,
  sender_id uuid not null constraint message_sender_id_fkey references users (id) on delete cascade,
  username varchar(128) not null,
  stream_mode smallint not null,
  stream_subject uuid not null,
  stream_descriptor uuid not null,
  stream_label varchar(128) not null,
  content jsonb not null default '{}',
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  constraint message_pkey
    primary key (stream_mode, stream_subject, stream_descriptor, stream_label, create_time, id),
  constraint message_sender_id_id_key unique (sender_id, id)
);

create table leaderboard (
  id varchar(128) not null primary key,
  authoritative boolean not null default false,
  sort_order smallint not null default 1,
  operator smallint not null default 0,
  reset_schedule varchar(64),
  metadata jsonb not null default '{}',
  create_time timestamptz not null default now(),
  category smallint not null default 0 constraint leaderboard_category_check check (category >= 0),
  description varchar(255) not null default '',
  duration int not null default 0 constraint leaderboard_duration_check check (duration >= 0),
  end_time timestamptz not null default '1970-01-01 00:00:00 UTC',
  join_required boolean not null default false,
  max_size int not null default 100000000 constraint leaderboard_max_size_check check (max_size > 0),
  max_num_score int not null default 1000000 constraint leaderboard_max_num_score_check check (max_num_score > 0),
  title varchar(255) not null default '',
  size int not null default 0,
  start_time timestamptz not null default now(),
  enable_ranks boolean default true
);
create index duration_start_time_end_time_category_idx on leaderboard (duration, start_time, end_time desc, category);
create index leaderboard_create_time_id_idx on leaderboard (create_time, id);

create table leaderboard_record (
  leaderboard_id varchar(128) not null
    constraint leaderboard_record_leaderboard_id_fkey references leaderboard (id) on delete cascade,
  owner_id uuid not null,
  username varchar(128),
  score bigint not null default 0 constraint leaderboard_record_score_check check (score >= 0),
  subscore bigint not null default 0 constraint leaderboard_record_subscore_check check (subscore >= 0),
  num_score int not null default 1 constraint leaderboard_record_num_score_check check (num_score >= 0),
  metadata jsonb not null default '{}',
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  expiry_time timestamptz not null default '1970-01-01 00:00:00 UTC',
  max_num_score int not null default 1000000
    constraint leaderboard_record_max_num_score_check check (max_num_score > 0),
  constraint leaderboard_record_pkey primary key (leaderboard_id, expiry_time, score, subscore, owner_id),
  constraint leaderboard_record_owner_id_leaderboard_id_expiry_time_key
    unique (owner_id, leaderboard_id, expiry_time)
);
create index owner_id_expiry_time_leaderboard_id_idx on leaderboard_record (owner_id, expiry_time, leaderboard_id);

create table wallet_ledger (
  id uuid not null constraint wallet_ledger_id_key unique,
  user_id uuid not null constraint wallet_ledger_user_id_fkey references users (id) on delete cascade,
  changeset jsonb not null,
  metadata jsonb not null,
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  constraint wallet_ledger_pkey primary key (user_id, create_time, id)
);

create table groups (
  id uuid not null constraint groups_id_key unique,
  creator_id uuid not null,
  name varchar(255) not null constraint groups_name_key unique,
  description varchar(255),
  avatar_url varchar(512),
  lang_tag varchar(18) not null default 'en',
  metadata jsonb not null default '{}',
  state smallint not null default 0 constraint groups_state_check check (state >= 0),
  edge_count int not null default 0,
  max_count int not null default 100 constraint groups_max_count_check check (max_count >= 1),
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  disable_time timestamptz not null default '1970-01-01 00:00:00 UTC',
  constraint groups_check check (edge_count >= 1 and edge_count <= max_count),
  constraint groups_pkey primary key (disable_time, lang_tag, edge_count, id)
);
create index edge_count_update_time_id_idx on groups (disable_time, edge_count, update_time, id);
create index update_time_edge_count_id_idx on groups (disable_time, update_time, edge_count, id);

create table group_edge (
  source_id uuid not null
    constraint group_edge_source_id_check check (source_id <> '00000000-0000-0000-0000-000000000000'),
  position bigint not null,
  update_time timestamptz not null default now(),
  destination_id uuid not null
    constraint group_edge_destination_id_check check (destination_id <> '00000000-0000-0000-0000-000000000000'),
  state smallint not null default 0,
  constraint group_edge_pkey primary key (source_id, state, position),
  constraint group_edge_source_id_destination_id_key unique (source_id, destination_id)
);

create table purchase (
  create_time timestamptz not null default now(),
  environment smallint not null default 0,
  product_id varchar(512) not null,
  purchase_time timestamptz not null default now(),
  raw_response jsonb not null default '{}',
  store smallint not null default 0,
  transaction_id varchar(512) not null primary key
    constraint purchase_transaction_id_check check (length(transaction_id) > 0),
  update_time timestamptz not null default now(),
  user_id uuid not null default '00000000-0000-0000-0000-000000000000'
    constraint purchase_user_id_fkey references users (id) on delete set default,
  refund_time timestamptz not null default '1970-01-01 00:00:00 UTC'
);
create index purchase_time_user_id_transaction_id_idx
  on purchase (purchase_time desc, user_id desc, transaction_id desc);

create table subscription (
  original_transaction_id varchar(512) not null primary key
    constraint subscription_original_transaction_id_check check (length(original_transaction_id) > 0),
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now(),
  environment smallint not null default 0,
  product_id varchar(512) not null,
  purchase_time timestamptz not null default now(),
  store smallint not null default 0,
  user_id uuid not null default '00000000-0000-0000-0000-000000000000'
    constraint subscription_user_id_fkey references users (id) on delete set default,
  expire_time timestamptz not null,
  raw_response jsonb not null default '{}',
  raw_notification jsonb not null default '{}',
  refund_time timestamptz not null default '1970-01-01 00:00:00 UTC'
);
create index subscription_time_user_id_transaction_id_idx
  on subscription (purchase_time desc, user_id desc, original_transaction_id desc);

create table console_user (
  create_time timestamptz not null default now(),
  disable_time timestamptz not null default '1970-01-01 00:00:00 UTC',
  email varchar(255) not null constraint console_user_email_uniq unique,
  id uuid not null primary key,
  metadata jsonb not null default '{}',
  password bytea constraint console_user_password_check check (length(password) < 32000),
  update_time timestamptz not null default now(),
  username varchar(128) not null constraint console_user_username_uniq unique,
  mfa_secret bytea,
  mfa_recovery_codes bytea,
  mfa_required boolean default false,
  acl jsonb not null default '{"admin": false}'
);

create table console_audit_log (
  create_time timestamptz not null default now(),
  id uuid not null constraint console_audit_log_id_key unique,
  console_user_id uuid not null,
  console_username text not null,
  email text not null,
  action text not null,
  resource text not null,
  message text not null,
  metadata jsonb not null default '{}',
  constraint console_audit_log_pkey primary key (create_time, console_username, action, resource, id)
);

create table console_acl_template (
  id uuid not null primary key,
  name varchar(64) not null constraint template_name_uniq unique
    constraint console_acl_template_name_check check (length(name) > 0),
  description varchar(64) not null default '',
  acl jsonb not null default '{}',
  create_time timestamptz not null default now(),
  update_time timestamptz not null default now()
);

create table setting (
  name varchar(64) not null constraint setting_name_uniq primary key
    constraint setting_name_check check (length(name) > 0),
  value jsonb not null default '{}',
  update_time timestamptz not null default now()
);
`;
