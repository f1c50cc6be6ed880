import { choice, flag, integer, list, notUsedYet, type Setting, secret, text } from './setting.ts';

const compat = { compat: true } as const;
const later = { later: true } as const;
const atLeastOne = { min: 1 } as const;
const port = { min: 0, max: 65_535 } as const;

/**
 * Every setting there is. Names and defaults are those of Nakama's configuration where they mean the same, so that its
 * YAML files and flags work; the ones marked `compat` are accepted and change nothing, those marked `later` wait for
 * their feature.
 */
export const schema = {
  name: text('nk', 'Name of this node; part of match ids and of the metrics, unique in a cluster.'),
  data_dir: text('', 'Folder of the embedded database; empty: `.nk` beside the modules.'),
  shutdown_grace_sec: integer(10, 'How long calls and matches may take to end when the server is asked to stop.'),

  'logger.level': choice(['debug', 'info', 'warn', 'error'], 'info', 'The least serious lines that are written.'),
  'logger.format': choice(['auto', 'pretty', 'json'], 'auto', 'auto: pretty on a terminal, JSON elsewhere.'),
  'logger.stdout': flag(true, 'Write the log to the standard output.'),
  'logger.file': text('', 'Also write the log, as JSON, to this file.'),
  'logger.rotation': flag(false, 'Rotation of the log file.', compat),
  'logger.max_size': integer(100, 'Rotation of the log file.', compat),
  'logger.max_age': integer(0, 'Rotation of the log file.', compat),
  'logger.max_backups': integer(0, 'Rotation of the log file.', compat),
  'logger.local_time': flag(false, 'Rotation of the log file.', compat),
  'logger.compress': flag(false, 'Rotation of the log file.', compat),

  'metrics.prometheus_port': integer(0, 'Port on which Prometheus may fetch the metrics; 0: none.', port),
  'metrics.prefix': text('nakama', "What the metrics' names begin with; empty: nothing."),
  'metrics.custom_prefix': text('custom', "What the names of the modules' own metrics begin with."),
  'metrics.custom_scope_limit': integer(
    10_000,
    'How many metrics the modules may make, labels counted apart; 0: no limit.',
  ),
  'metrics.namespace': text('', 'Kept apart from the prefix.', compat),
  'metrics.reporting_freq_sec': integer(60, 'Metrics are always current.', compat),

  'session.encryption_key': secret('defaultencryptionkey', 'Signs session tokens.'),
  'session.token_expiry_sec': integer(60, 'Life of a session token.', atLeastOne),
  'session.refresh_encryption_key': secret('defaultrefreshencryptionkey', 'Signs refresh tokens.'),
  'session.refresh_token_expiry_sec': integer(3600, 'Life of a refresh token.', atLeastOne),
  'session.single_socket': flag(false, "One socket a user: a new one closes the user's others."),
  'session.single_match': flag(false, 'One match a user: joining one leaves the others. Needs session.single_socket.'),
  'session.single_party': flag(false, 'One party a user: joining one leaves the others. Needs session.single_socket.'),
  'session.single_session': flag(false, "One session a user: a new one ends the user's earlier tokens."),
  'session.max_channels': integer(1000, 'Chat channels that a socket may be in at a time.', atLeastOne),
  // With one at a time (session.single_match, session.single_party) the new one is joined before the old one is left.
  'session.max_matches': integer(256, 'Matches that a socket may be in at a time.', { min: 2 }),
  'session.max_parties': integer(256, 'Parties that a socket may be in at a time.', { min: 2 }),
  'session.max_streams': integer(10_000, 'Streams that modules may put a socket into.', atLeastOne),
  'session.max_follows': integer(10_000, 'Users whose status a socket may follow at a time.', atLeastOne),

  'socket.server_key': secret('defaultkey', 'What clients show before they have a session.'),
  'socket.port': integer(7350, 'Port for clients, HTTP and sockets; 0: any free one.', port),
  'socket.address': text('', 'Address to listen on; empty: all of them.'),
  'socket.protocol': choice(['tcp', 'tcp4', 'tcp6'], 'tcp', 'tcp: IPv4 and IPv6.'),
  'socket.max_message_size_bytes': integer(
    4096,
    'Longest message that a socket accepts; a longer one closes it.',
    atLeastOne,
  ),
  'socket.max_request_size_bytes': integer(262_144, 'Longest HTTP request body.', atLeastOne),
  'socket.read_timeout_ms': integer(10_000, 'How long an HTTP request may take to arrive.', atLeastOne),
  'socket.write_timeout_ms': integer(10_000, 'How long an HTTP response may take to leave.', atLeastOne),
  'socket.idle_timeout_ms': integer(60_000, 'How long an idle HTTP connection is kept.', atLeastOne),
  'socket.pong_wait_ms': integer(
    25_000,
    'How long a silent socket is kept; longer than socket.ping_period_ms.',
    atLeastOne,
  ),
  'socket.ping_period_ms': integer(15_000, 'Time between pings to a socket.', atLeastOne),
  'socket.ping_backoff_threshold': integer(20, 'Messages in a ping period that make its ping unnecessary.', atLeastOne),
  'socket.close_ack_wait_ms': integer(2000, 'How long a closing socket waits for the client to agree.', atLeastOne),
  'socket.outgoing_queue_size': integer(64, 'Messages that may wait for a slow socket; more close it.', atLeastOne),
  'socket.response_headers': list([], 'Headers for every HTTP response, as `Name=value`.'),
  'socket.proxy_count': integer(1, 'Proxies in front of the server: whose X-Forwarded-For entry is the client.'),
  'socket.write_wait_ms': integer(5000, 'A slow socket is bounded by socket.outgoing_queue_size.', compat),
  'socket.read_buffer_size_bytes': integer(4096, 'Buffers grow as needed.', compat),
  'socket.write_buffer_size_bytes': integer(4096, 'Buffers grow as needed.', compat),
  'socket.ssl_certificate': text('', 'TLS belongs to the proxy in front; must stay empty.', compat),
  'socket.ssl_private_key': text('', 'TLS belongs to the proxy in front; must stay empty.', compat),

  'database.address': list([], 'postgres://… of the database, or `memory`; empty: the embedded one in data_dir.', {
    secret: true,
  }),
  'database.max_open_conns': integer(
    20,
    'Connections to PostgreSQL at most; the embedded database has one.',
    atLeastOne,
  ),
  'database.conn_max_lifetime_ms': integer(3_600_000, 'Idle connections close by themselves.', compat),
  'database.max_idle_conns': integer(100, 'Idle connections close by themselves.', compat),
  'database.dns_scan_interval_sec': integer(60, 'Names are looked up at each connection.', compat),

  'runtime.env': list([], '`KEY=VALUE` for `ctx.env` of the modules; may hold secrets.', { secret: true }),
  'runtime.path': text('', "Folder of the game's modules."),
  'runtime.http_key': secret('defaulthttpkey', 'Lets servers call RPCs over HTTP without a session.'),
  'runtime.js_entrypoint': text('', 'The module to begin with, relative to the folder; empty: found by rule.'),
  'runtime.js_read_only_globals': flag(false, "Freeze the modules' global objects after they have loaded."),
  'runtime.coarse_clock_ms': integer(
    0,
    "The step in which the modules' clocks advance, so that they cannot measure what takes less; 0: the machine's own.",
  ),
  'runtime.http_request_allow_private': flag(true, 'Lets `nk.httpRequest` reach this host and private networks.'),
  'runtime.http_request_allow_metadata': flag(
    false,
    "Lets `nk.httpRequest` reach link-local and other addresses where clouds hand out the machine's credentials.",
  ),
  'runtime.http_request_depth': integer(
    4,
    'How deep requests may be nested that modules make of this server itself by `nk.httpRequest`.',
  ),
  'runtime.inspect': text(
    '',
    'Where debuggers attach to the modules, `host:port`; empty: nowhere. Modules then run in one isolate each.',
  ),
  'runtime.inspect_token': secret(
    '',
    'What debuggers show, first part of the path; empty: a new one with every start. Needed where others than this host reach runtime.inspect.',
  ),
  'runtime.workers': integer(0, 'Processes that run modules; 0: one for each core but one.'),
  'runtime.min_isolates': integer(1, 'Isolates of a module kept warm in each worker.', atLeastOne),
  'runtime.max_isolates': integer(8, 'Isolates of a module in each worker at most; further calls wait.', atLeastOne),
  'runtime.event_queue_size': integer(65_536, 'Events that may wait for the modules; more are dropped.', {
    ...atLeastOne,
    ...later,
  }),
  'runtime.limits.heap_mb': integer(128, 'JavaScript heap of an isolate.', { min: 16 }),
  'runtime.limits.array_buffer_mb': integer(64, 'ArrayBuffers of an isolate.', atLeastOne),
  'runtime.limits.call_time_ms': integer(5000, 'Wall time of a call, its nk calls included.', atLeastOne),
  'runtime.limits.call_cpu_ms': integer(5000, 'How long a call may compute without a break.', atLeastOne),
  'runtime.limits.match_cpu_ms': integer(
    1000,
    "How long a match's functions may compute without a break; matches beside it wait for them.",
    atLeastOne,
  ),
  'runtime.limits.init_time_ms': integer(30_000, 'Wall time for loading the modules and InitModule.', atLeastOne),
  'runtime.limits.init_cpu_ms': integer(
    7500,
    'How long loading a module and InitModule may compute without a break.',
    atLeastOne,
  ),
  'runtime.limits.pending_host_calls': integer(256, 'nk calls of one isolate that may be under way.', atLeastOne),
  'runtime.limits.log_lines_per_call': integer(
    256,
    'Log lines of a call; further ones are counted and dropped.',
    atLeastOne,
  ),
  'runtime.limits.payload_bytes': integer(
    16_777_216,
    'Size of what one call passes into or out of a module.',
    atLeastOne,
  ),
  'runtime.limits.log_line_bytes': integer(4096, 'Length of a log line; a longer one is cut.', atLeastOne),
  'runtime.limits.timers': integer(1000, 'Timers of one isolate that may be running.', atLeastOne),
  'runtime.limits.pending_calls': integer(
    20_000,
    'Calls into one module that may wait for an answer; more are refused.',
    atLeastOne,
  ),
  'runtime.limits.pending_bytes': integer(
    67_108_864,
    'Size of what the calls that wait in one module brought along; more are refused.',
    atLeastOne,
  ),
  'runtime.limits.worker_memory_mb': integer(1024, 'Memory of a worker process; over it, the worker is replaced.', {
    min: 64,
  }),
  'runtime.limits.worker_silence_ms': integer(
    5000,
    'How long a worker process may say nothing; over it, the worker is replaced.',
    { min: 1000 },
  ),
  'runtime.js_min_count': integer(16, 'See runtime.min_isolates.', compat),
  'runtime.js_max_count': integer(32, 'See runtime.max_isolates.', compat),
  'runtime.event_queue_workers': integer(8, 'Events go to any free isolate.', compat),
  'runtime.min_count': integer(0, 'Lua modules are not run.', compat),
  'runtime.max_count': integer(0, 'Lua modules are not run.', compat),
  'runtime.call_stack_size': integer(0, 'Lua modules are not run.', compat),
  'runtime.registry_size': integer(0, 'Lua modules are not run.', compat),
  'runtime.read_only_globals': flag(true, 'Lua modules are not run.', compat),
  'runtime.lua_min_count': integer(16, 'Lua modules are not run.', compat),
  'runtime.lua_max_count': integer(48, 'Lua modules are not run.', compat),
  'runtime.lua_call_stack_size': integer(128, 'Lua modules are not run.', compat),
  'runtime.lua_registry_size': integer(512, 'Lua modules are not run.', compat),
  'runtime.lua_read_only_globals': flag(true, 'Lua modules are not run.', compat),
  'runtime.lua_api_stacktrace': flag(false, 'Lua modules are not run.', compat),

  'match.input_queue_size': integer(128, 'Messages of players that may wait for the next tick.', atLeastOne),
  'match.call_queue_size': integer(
    128,
    "Calls of a match's handler that may wait; a match that falls behind further is ended.",
    atLeastOne,
  ),
  'match.signal_queue_size': integer(10, 'Signals to a match that may wait.', atLeastOne),
  'match.join_attempt_queue_size': integer(128, 'Join attempts to a match that may be under way.', atLeastOne),
  'match.deferred_queue_size': integer(128, 'Deferred broadcasts that may wait for the end of a tick.', atLeastOne),
  'match.join_marker_deadline_ms': integer(15_000, 'Who was let in is in at once.', compat),
  'match.max_empty_sec': integer(0, 'A match without players ends after this time; 0: never.'),
  'match.label_update_interval_ms': integer(1000, 'Labels of matches are always current.', compat),
  'party.idle_check_interval_ms': integer(30_000, 'A party without members ends at once.', compat),
  'party.label_update_interval_ms': integer(1000, 'Labels of parties are always current.', compat),

  'tracker.event_queue_size': integer(1024, 'Presence events are not queued apart.', compat),

  'matchmaker.max_tickets': integer(3, 'Tickets that a session or a party may have at a time.', atLeastOne),
  'matchmaker.interval_sec': integer(15, 'Time between two rounds of matchmaking.', { min: 1, max: 86_400 }),
  'matchmaker.max_intervals': integer(
    2,
    'Rounds in which a ticket looks for its highest count; in the last one fewer will do.',
    atLeastOne,
  ),
  'matchmaker.rev_precision': flag(
    false,
    'Everybody in a match must suit the queries of all others, not only the query of the ticket that looked.',
  ),
  'matchmaker.rev_threshold': integer(
    1,
    'Intervals that a round may take before it goes on without matchmaker.rev_precision; 0: any number.',
  ),

  'leaderboard.blacklist_rank_cache': list([], 'Leaderboards whose records carry no rank; `*`: all of them.'),
  'leaderboard.callback_queue_size': integer(65_536, 'Resets that may wait for the modules.', atLeastOne),
  'leaderboard.callback_queue_workers': integer(8, 'Resets go to any free isolate.', compat),
  'leaderboard.rank_cache_workers': integer(1, 'Ranks are read one leaderboard after another.', compat),

  'storage.disable_index_only': flag(false, 'Read the objects of index-only storage indices from the database.'),

  'social.timeout_ms': integer(5000, 'How long a sign-in waits for an answer of another company.', atLeastOne),
  'social.steam.publisher_key': secret('', 'For signing in with Steam.'),
  'social.steam.app_id': integer(0, 'For signing in with Steam.'),
  'social.steam.api_url': text('https://partner.steam-api.com', "Steam's web API; for tests and proxies."),
  'social.facebook.graph_url': text('https://graph.facebook.com/v22.0', "Facebook's Graph API; for tests and proxies."),
  'social.facebook_instant_game.app_secret': secret('', 'For signing in from Facebook Instant Games.'),
  'social.facebook_limited_login.app_id': text(
    '',
    'For signing in with Facebook Limited Login: who tokens must be for.',
  ),
  'social.facebook_limited_login.certs_url': text(
    'https://limited.facebook.com/.well-known/oauth/openid/jwks/',
    "Facebook's signing keys; for tests and proxies.",
  ),
  'social.facebook_limited_login.issuers': list(
    ['https://www.facebook.com', 'https://facebook.com'],
    'Who may have issued tokens of Facebook Limited Login; for tests and proxies.',
  ),
  'social.apple.bundle_id': text('', 'For signing in with Apple: who tokens must be for; several with commas.'),
  'social.apple.certs_url': text('https://appleid.apple.com/auth/keys', "Apple's signing keys; for tests and proxies."),
  'social.apple.issuer': text('https://appleid.apple.com', 'Who must have issued tokens; for tests and proxies.'),
  'social.google.client_ids': list([], 'For signing in with Google: who tokens may be for; empty: anybody.'),
  'social.google.certs_url': text(
    'https://www.googleapis.com/oauth2/v3/certs',
    "Google's signing keys; for tests and proxies.",
  ),
  'social.google.issuers': list(
    ['https://accounts.google.com', 'accounts.google.com'],
    'Who may have issued tokens; for tests and proxies.',
  ),
  'social.google.players_url': text(
    'https://www.googleapis.com/games/v1/players/me',
    'Where Google Play Games tells who a player is; for tests and proxies.',
  ),
  'social.gamecenter.key_origin': text(
    'https://*.apple.com',
    'Where the public keys of Game Center must be from; for tests and proxies.',
  ),
  'google_auth.credentials_json': secret(
    '',
    'For signing in with Google Play Games: the client secrets file, as JSON.',
  ),

  ...notUsedYet({
    'iap.apple.shared_password': secret('', "For validating purchases in Apple's store."),
    'iap.apple.notifications_endpoint_id': secret('', "Path of the endpoint for notices from Apple's store."),
    'iap.google.client_email': text('', "For validating purchases in Google's store."),
    'iap.google.private_key': secret('', "For validating purchases in Google's store."),
    'iap.google.notifications_endpoint_id': secret('', "Path of the endpoint for notices from Google's store."),
    'iap.google.refund_check_period_min': integer(0, 'Refunds come as notices.', compat),
    'iap.google.package_name': text('', 'Refunds come as notices.', compat),
    'iap.huawei.public_key': text('', "For validating purchases in Huawei's store."),
    'iap.huawei.client_id': text('', "For validating purchases in Huawei's store."),
    'iap.huawei.client_secret': secret('', "For validating purchases in Huawei's store."),
    'iap.facebook_instant.app_secret': secret('', 'For validating purchases in Facebook Instant Games.'),
    'iap.samsung.package_name': text('', "The only package that purchases in Samsung's store may be for; empty: any."),

    'satori.url': text('', 'Address of a Satori server.'),
    'satori.api_key_name': text('', 'Name of the Satori API key.'),
    'satori.api_key': secret('', 'Satori API key.'),
    'satori.signing_key': secret('', 'Signs Satori session tokens.'),
    'satori.server_key': secret('', 'Satori server key.'),
    'satori.http_timeout_ms': integer(10_000, 'How long a request to Satori may take.', atLeastOne),
    'satori.retry_count': integer(0, 'How often a failed request to Satori is tried again.', { max: 3 }),
    'satori.cache_mode': choice(['context', 'time'], 'context', 'How long answers of Satori are kept.'),
    'satori.cache_ttl_sec': integer(300, 'How long answers are kept with satori.cache_mode time.', atLeastOne),
    'satori.cache_disabled': flag(false, 'Keep no answers of Satori.'),
    'satori.cache_enabled': flag(false, 'See satori.cache_disabled.', compat),
  }),

  'console.port': integer(7351, 'There is no console.', compat),
  'console.address': text('', 'There is no console.', compat),
  'console.max_message_size_bytes': integer(4_194_304, 'There is no console.', compat),
  'console.read_timeout_ms': integer(10_000, 'There is no console.', compat),
  'console.write_timeout_ms': integer(60_000, 'There is no console.', compat),
  'console.idle_timeout_ms': integer(300_000, 'There is no console.', compat),
  'console.username': text('admin', 'There is no console.', compat),
  'console.password': secret('password', 'There is no console.', compat),
  'console.token_expiry_sec': integer(86_400, 'There is no console.', compat),
  'console.signing_key': secret('defaultsigningkey', 'There is no console.', compat),
  'console.disable_display_name_search': flag(false, 'There is no console.', compat),
} as const satisfies Record<string, Setting<unknown>>;

/** A setting's full name, as in flags: `session.token_expiry_sec`. */
export type Key = keyof typeof schema;

export const keys = Object.keys(schema) as readonly Key[];

/** The setting of a key, without its particular type. */
export function settingOf(key: Key): Setting<string | number | boolean | readonly string[]> {
  return schema[key];
}

/** True for the name of a setting. */
export function isKey(name: string): name is Key {
  return Object.hasOwn(schema, name);
}
