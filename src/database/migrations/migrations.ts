import { initialTables } from './initial-tables.ts';

/** One step of the schema. Steps run in order, each once, and are never changed after a release. */
export interface Migration {
  readonly id: string;
  /** SQL for PostgreSQL and PGlite alike; several statements may stand in one text. */
  readonly sql: string;
  /** True for what a database made by Nakama has already: there it is only noted as done. */
  readonly isReference?: boolean;
}

/**
 * All migrations. Steps that are not `isReference` are our own additions, and those are new tables, nullable columns or
 * indexes only, so that Nakama goes on working with the database.
 */
export const migrations: readonly Migration[] = [
  { id: '0001-nakama-3.40', sql: initialTables, isReference: true },
  {
    id: '0002-display-name-index',
    isReference: true,
    // The extension is not in every server's reach (embedded, managed, CockroachDB); the index only speeds up the
    // console's search by display name. The first rows come after it: an index that is made on a table with one row
    // lets the planner think, until the table is analyzed, that a page holds one.
    sql: `
      do $$
      begin
        if exists (select from pg_available_extensions where name = 'pg_trgm') then
          create extension if not exists pg_trgm;
          create index users_display_name_idx on users using gin (display_name gin_trgm_ops);
        end if;
      exception when insufficient_privilege or undefined_object or feature_not_supported then
        null;
      end $$;
      insert into users (id, username) values ('00000000-0000-0000-0000-000000000000', '') on conflict do nothing;
      insert into setting (name, value) values ('utc_toggle', 'false') on conflict do nothing;
    `,
  },
  // Ours: notifications for those connections of a user whose session variables hold these.
  { id: '0003-notification-vars', sql: 'alter table notification add column if not exists nk_vars jsonb' },
  {
    // Ours: tokens that were logged out, until they would have expired; the reference forgets them at a restart.
    id: '0004-token-revocation',
    sql: `
      create table nk_token_revocation (
        user_id uuid not null,
        kind smallint not null,
        token_id text not null,
        issued_before timestamptz not null,
        until timestamptz not null,
        primary key (user_id, kind, token_id)
      );
      create index nk_token_revocation_until_idx on nk_token_revocation (until);
    `,
  },
  {
    // Ours: the groups that have banned a user, for when the account is deleted; a ban has no row of the user's own.
    id: '0005-group-ban-index',
    sql: 'create index if not exists nk_group_edge_ban_idx on group_edge (destination_id) where state = 4',
  },
  {
    // Ours: groups by name in any case; the unique index has the names as they are, and in the database's collation.
    id: '0006-group-name-index',
    sql: 'create index if not exists nk_groups_lower_name_idx on groups ((lower(name) collate "C"), name)',
  },
  {
    // Ours: the open groups, or the closed ones, in each order in which they are listed: however rare they are, a
    // listing of them reads no others.
    id: '0007-group-state-indexes',
    sql: `
      create index if not exists nk_groups_state_update_idx
        on groups (disable_time, state, update_time, edge_count, id);
      create index if not exists nk_groups_state_count_idx
        on groups (disable_time, state, edge_count, update_time, id);
      create index if not exists nk_groups_state_lang_idx on groups (disable_time, state, lang_tag, edge_count, id);
    `,
  },
];

/**
 * The ids in `migration_info` of a database that Nakama 3.40 has migrated, oldest first. Source: the names of its
 * migration files.
 */
export const referenceMigrationIds: readonly string[] = [
  '20180103142001_initial_schema.sql',
  '20180805174141-tournaments.sql',
  '20200116134800-facebook-instant-games.sql',
  '20200615102232-apple.sql',
  '20201005180855-console.sql',
  '20210416090601-purchase.sql',
  '20220426122825-subscription.sql',
  '20221027145900-subscription-raw-columns.sql',
  '20230222172540-purchases-not-null-uid-1.sql',
  '20230222172540-purchases-not-null-uid-2.sql',
  '20230706095800-leaderboard-list-index.sql',
  '20240715155039-leaderboard-rank-enable.sql',
  '20240725115145-purchase-index-change.sql',
  '20240801100859-add-console-user-mfa.sql',
  '20250113112512_add_user_edge_metadata.sql',
  '20250703094700-add-console-settings.sql',
  '20250926112031-console-fine-grained-acl.sql',
  '20251015150737-add-user-notes-audit-acl-templates.sql',
  '20260319134532-add-display-name-index.sql',
];
