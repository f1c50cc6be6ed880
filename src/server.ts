import { type Config, responseHeaders } from './config/config.ts';
import { inspectAddress } from './config/inspect-address.ts';
import { type Db, openDatabase } from './database/database.ts';
import { createAccountsFeature } from './features/accounts/index.ts';
import { createAuthenticationFeature } from './features/authentication/index.ts';
import { createChatFeature, StoredGroupMembership } from './features/chat/index.ts';
import { createEventsFeature } from './features/events/index.ts';
import { envelope, type Feature, operation } from './features/feature.ts';
import { createFriendsFeature } from './features/friends/index.ts';
import { createGroupsFeature } from './features/groups/index.ts';
import { createHttpRequestFeature } from './features/http-request/index.ts';
import { createLeaderboardsFeature } from './features/leaderboards/index.ts';
import { createLinkingFeature } from './features/linking/index.ts';
import { createLocalCacheFeature } from './features/local-cache/index.ts';
import { createMatchesFeature } from './features/matches/index.ts';
import { createMatchmakerFeature } from './features/matchmaker/index.ts';
import { createMetricsFeature } from './features/metrics/index.ts';
import { createModuleFilesFeature } from './features/module-files/index.ts';
import { createMultiUpdateFeature } from './features/multi-update/index.ts';
import { createNotificationsFeature } from './features/notifications/index.ts';
import { createPartiesFeature } from './features/parties/index.ts';
import { createPasswordsFeature } from './features/passwords/index.ts';
import { createRpcFeature } from './features/rpc/index.ts';
import {
  createSessionsFeature,
  SessionTokens,
  StoredRevocations,
  TokenRevocations,
} from './features/sessions/index.ts';
import { createProviders, createSocialFeature, friendSources } from './features/social/index.ts';
import { createSqlFeature } from './features/sql/index.ts';
import { createStatusFeature } from './features/status/index.ts';
import { createStorageFeature } from './features/storage/index.ts';
import { createStorageIndexFeature } from './features/storage-index/index.ts';
import { createStreamsFeature } from './features/streams/index.ts';
import { createWalletsFeature } from './features/wallets/index.ts';
import { EnvelopeDispatcher } from './gateway/envelope-dispatcher.ts';
import { Gateway } from './gateway/gateway.ts';
import { operationRoutes } from './gateway/http-api.ts';
import { createHttpServer } from './gateway/http-server.ts';
import { SocketServer } from './gateway/socket-server.ts';
import type { Log } from './observability/log.ts';
import { Metrics } from './observability/metrics.ts';
import { serveMetrics } from './observability/metrics-server.ts';
import { version } from './own-files.ts';
import { Nakama } from './protocol/gen/nakama/api/service_pb.js';
import { MessageRouter } from './realtime/message-router.ts';
import { MicrosecondClock } from './realtime/microsecond-clock.ts';
import { PresenceEvents } from './realtime/presence-events.ts';
import { PresenceTracker } from './realtime/presence-tracker.ts';
import { SessionRegistry } from './realtime/session-registry.ts';
import { problemText } from './runtime/bundle/build-error.ts';
import { type BuildOutcome, ModuleBundler } from './runtime/bundle/bundler.ts';
import { missingFunctions } from './runtime/coverage.ts';
import { InspectedModules } from './runtime/inspector/inspected-modules.ts';
import { LoadedModules } from './runtime/loaded-modules.ts';
import type { Registration } from './runtime/module-host.ts';
import { ModuleReloader } from './runtime/reload/module-reloader.ts';
import { ServedModules } from './runtime/served-modules.ts';
import { StopList } from './stop-list.ts';

/** What a server is started with. */
export interface ServerOptions {
  readonly config: Config;
  /** The folder with the game's modules. */
  readonly modulesDir: string;
  /** `memory`, `pglite:DIR` or `postgres://…`. */
  readonly database: string;
  /** Reload modules when their files change. */
  readonly watch: boolean;
  readonly log: Log;
  /** Told when the server cannot go on: it answers, but nothing that needs its database will succeed again. */
  readonly onFatal?: (error: Error) => void;
}

/** A server that takes requests. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly databaseDescription: string;
  /** Which rule chose the modules, in words. */
  readonly chosenBy: string;
  /** Names of the modules that were loaded. */
  readonly modules: readonly string[];
  readonly registrations: readonly Registration[];
  /** Where debuggers attach, `ws://…`; absent where they may not. A token that was set is not in it. */
  readonly debuggerUrl?: string;
  /** Stops taking requests, finishes those that run, tells the sockets, and closes what it opened. */
  stop(): Promise<void>;
}

/**
 * Starts a server: database, features, modules, gateway. When a part fails to start, those before it are stopped.
 * @throws Error whose message says what to do: database unreachable, modules that do not load, port taken
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log, modulesDir } = options;
  const graceMs = config.shutdown_grace_sec * 1000;
  const started = new StopList(log);
  try {
    const bundler = new ModuleBundler(modulesDir, {
      entry: config.runtime.js_entrypoint,
      readOnlyGlobals: config.runtime.js_read_only_globals,
      isInspected: config.runtime.inspect !== '',
    });
    started.add(() => bundler.close());
    // Bundling runs while the database opens.
    const building = bundler.build();
    building.catch(() => {});
    const database = await openDatabase({
      url: options.database,
      poolSize: config.database.max_open_conns,
      log,
      ...(options.onFatal && { onFatal: options.onFatal }),
    });
    started.add(() => database.stop());

    const parts = joinParts(config, database.db, modulesDir, log);
    for (const feature of parts.features) {
      await feature.start?.();
      started.add(async () => feature.stop?.());
    }
    started.add(() => parts.gateway.closeConnections(graceMs));
    const build = await building;
    for (const warning of build.warnings) log.warn(problemText(warning));
    const times = parts.metrics.calls;
    const inspection = config.runtime.inspect === '' ? undefined : new InspectedModules();
    const { functions } = parts;
    const served = await ServedModules.start(build, { config, functions, version, log, times, inspection });
    parts.modules.attach(served.host);
    started.add(() => served.host.stop(graceMs));
    const inspector = inspection && (await serveInspector(inspection, config, modulesDir));
    started.add(async () => inspector?.stop());
    await announceModules(parts.features);
    if (options.watch) {
      const reloader = new ModuleReloader({
        bundler,
        log,
        apply: async (next) => {
          await served.replace(next);
          await announceModules(parts.features);
        },
        onReload: (isGood) => parts.metrics.reloads.inc({ outcome: isGood ? 'ok' : 'error' }),
      });
      await reloader.start(build);
      started.add(() => reloader.stop());
    } else {
      await bundler.close();
    }
    if (config.metrics.prometheus_port > 0) {
      const metrics = await serveMetrics(parts.metrics, config.metrics.prometheus_port, config.socket.address);
      started.add(() => metrics.stop());
    }
    const port = await parts.gateway.listen(config.socket.port, config.socket.address, config.socket.protocol);
    started.add(async () => parts.gateway.stopAccepting());
    return {
      url: `http://${config.socket.address || '127.0.0.1'}:${port}`,
      port,
      databaseDescription: database.describe(),
      chosenBy: build.discovery.because,
      modules: build.bundles.map((bundle) => bundle.name),
      registrations: served.host.registrations(),
      ...(inspector && { debuggerUrl: inspector.url }),
      stop: () => started.stopAll(),
    };
  } catch (error) {
    await started.stopAll();
    throw error;
  }
}

/** Opens the debuggers' way to the modules; only who asks for it loads what that takes. */
async function serveInspector(modules: InspectedModules, config: Config, modulesFolder: string) {
  const { startInspectorServer } = await import('./runtime/inspector/inspector-server.ts');
  const { inspect, inspect_token } = config.runtime;
  return startInspectorServer({
    modules,
    address: inspectAddress(inspect)!,
    setToken: inspect_token,
    version,
    modulesFolder,
  });
}

/** Lets the features take up what the modules that serve now have registered. */
async function announceModules(features: readonly Feature[]): Promise<void> {
  for (const feature of features) await feature.modulesLoaded?.();
}

/** What loading a folder of modules once has shown. */
export interface LoadedOnce {
  readonly registrations: readonly Registration[];
  /** Names of the module API that nothing implements. */
  readonly unimplemented: readonly string[];
}

/** Loads modules against a database in memory and stops again: for `nk check`. */
export async function loadModulesOnce(build: BuildOutcome, config: Config, log: Log): Promise<LoadedOnce> {
  const started = new StopList(log);
  try {
    const database = await openDatabase({ url: 'memory', log });
    started.add(() => database.stop());
    const parts = joinParts(config, database.db, build.discovery.folder, log);
    const served = await ServedModules.start(build, { config, functions: parts.functions, version, log });
    started.add(() => served.host.stop(0));
    const implemented = [...parts.functions, ...(await localFunctions())].map((fn) => fn.name);
    return { registrations: served.host.registrations(), unimplemented: missingFunctions(implemented) };
  } finally {
    await started.stopAll();
  }
}

/** The nk functions that do not need the server process; only listed here, so loaded only when asked for. */
async function localFunctions(): Promise<readonly { readonly name: string }[]> {
  const [{ isolateFunctions }, { workerFunctions }] = await Promise.all([
    import('./runtime/worker/prelude/utilities/index.ts'),
    import('./runtime/worker/functions/index.ts'),
  ]);
  return [...isolateFunctions, ...workerFunctions];
}

/** Makes every part and joins them; nothing runs yet. */
function joinParts(config: Config, db: Db, modulesFolder: string, log: Log) {
  const sessions = new SessionRegistry();
  const { max_channels, max_matches, max_parties, max_streams, max_follows } = config.session;
  const tracker = new PresenceTracker(config.name, {
    channels: max_channels,
    matches: max_matches,
    parties: max_parties,
    streams: max_streams,
  });
  const router = new MessageRouter(sessions, tracker);
  const events = new PresenceEvents(tracker);
  const clock = new MicrosecondClock();
  const metrics = new Metrics(config);
  const modules = new LoadedModules();

  const revocations = new TokenRevocations(new StoredRevocations(db));
  const tokens = new SessionTokens(
    {
      encryptionKey: config.session.encryption_key,
      refreshEncryptionKey: config.session.refresh_encryption_key,
      tokenExpirySec: config.session.token_expiry_sec,
      refreshTokenExpirySec: config.session.refresh_token_expiry_sec,
    },
    revocations,
  );
  const session = createSessionsFeature({
    db,
    tokens,
    revocations,
    sessions,
    longestExpirySec: Math.max(config.session.token_expiry_sec, config.session.refresh_token_expiry_sec),
    singleSession: config.session.single_session,
  });
  const status = createStatusFeature({ db, sessions, tracker, router, events, maxFollows: max_follows });
  const notification = createNotificationsFeature({ db, sessions, router, clock, log });
  const chat = createChatFeature({
    db,
    sessions,
    tracker,
    router,
    events,
    clock,
    notifications: notification.notifications,
    groups: new StoredGroupMembership(db),
    log,
  });
  const match = createMatchesFeature({
    sessions,
    modules,
    tracker,
    router,
    events,
    nodeId: config.name,
    tokenKey: config.session.encryption_key,
    singleMatch: config.session.single_match,
  });

  const account = createAccountsFeature({
    db,
    isOnline: (userId) => status.statuses.isOnline(userId),
    sessions: session.service,
    userData: () => features.flatMap((feature) => feature.userData ?? []),
  });

  const storage = createStorageFeature({ db });
  const wallet = createWalletsFeature({ db });
  const authentication = createAuthenticationFeature({ db, sessions: session.service });
  const link = createLinkingFeature({ db });
  const providers = createProviders(config);
  const friend = createFriendsFeature({
    db,
    notifications: notification.notifications,
    tracker,
    clock,
    log,
    sources: friendSources(providers),
    isOnline: (userId) => status.statuses.isOnline(userId),
  });

  const matchmaking = createMatchmakerFeature({
    sessions,
    modules,
    matches: match.matches,
    nodeId: config.name,
    settings: {
      maxTickets: config.matchmaker.max_tickets,
      intervalSec: config.matchmaker.interval_sec,
      maxIntervals: config.matchmaker.max_intervals,
      revPrecision: config.matchmaker.rev_precision,
      revThreshold: config.matchmaker.rev_threshold,
    },
    onRound: (report) => metrics.noteMatchmakerRound(report),
    log,
  });

  const features: Feature[] = [
    connectionFeature,
    session.feature,
    authentication.feature,
    account.feature,
    link.feature,
    createSocialFeature({
      providers,
      sessions: session.service,
      authentication: authentication.authentication,
      linking: link.linking,
      friends: friend.friends,
      log,
    }),
    storage.feature,
    createStorageIndexFeature({ db, storage: storage.storage, modules, log }),
    wallet.feature,
    friend.feature,
    createMultiUpdateFeature({ db, accounts: account.accounts, storage: storage.storage, wallets: wallet.wallets }),
    notification.feature,
    createStreamsFeature({ sessions, tracker, router, events }),
    status.feature,
    chat.feature,
    match.feature,
    createGroupsFeature({
      db,
      clock,
      events: chat.groupEvents,
      notifications: notification.notifications,
      isOnline: (userId) => status.statuses.isOnline(userId),
      log,
    }).feature,
    matchmaking.feature,
    createPartiesFeature({
      sessions,
      tracker,
      router,
      events,
      matchmaker: matchmaking.matchmaker,
      nodeId: config.name,
      isSingleParty: config.session.single_party,
    }),
    createLeaderboardsFeature({
      db,
      modules,
      withoutRanks: config.leaderboard.blacklist_rank_cache,
      resetQueueSize: config.leaderboard.callback_queue_size,
      log,
    }),
    createEventsFeature({ log }),
    createLocalCacheFeature(),
    createHttpRequestFeature({
      allowPrivate: config.runtime.http_request_allow_private,
      allowMetadata: config.runtime.http_request_allow_metadata,
    }),
    createSqlFeature({ db }),
    createPasswordsFeature(),
    createMetricsFeature({ metrics, log }),
    createModuleFilesFeature({ modulesFolder }),
    createRpcFeature({ host: modules }),
  ];

  const dispatcher = new EnvelopeDispatcher(
    features.flatMap((feature) => feature.envelopes ?? []),
    modules,
    metrics.calls,
    log,
  );
  const sockets = new SocketServer({
    tokens,
    dispatcher,
    sessions,
    maxMessageBytes: config.socket.max_message_size_bytes,
    writerLimits: { maxQueuedMessages: config.socket.outgoing_queue_size, maxQueuedBytes: MAX_QUEUED_BYTES },
    pingPeriodMs: config.socket.ping_period_ms,
    pongWaitMs: config.socket.pong_wait_ms,
    pingBackoffThreshold: config.socket.ping_backoff_threshold,
    closeWaitMs: config.socket.close_ack_wait_ms,
    proxyCount: config.socket.proxy_count,
    log,
    onOpen: (opened, visible) => {
      metrics.sessions.set(sessions.count);
      status.statuses.sessionOpened(opened, visible);
      if (config.session.single_socket) session.service.disconnectOthers(opened);
    },
    onClose: (closed, reason) => {
      metrics.sessions.set(sessions.count);
      tracker.untrackSession(closed.id, reason);
      status.statuses.sessionClosed(closed.id);
      matchmaking.matchmaker.sessionClosed(closed.id);
    },
  });
  const http = createHttpServer({
    routes: operationRoutes(features.flatMap((feature) => feature.operations ?? [])),
    modules,
    tokens,
    serverKey: config.socket.server_key,
    httpKey: config.runtime.http_key,
    maxBodyBytes: config.socket.max_request_size_bytes,
    readTimeoutMs: config.socket.read_timeout_ms,
    writeTimeoutMs: config.socket.write_timeout_ms,
    maxCallDepth: config.runtime.http_request_depth,
    idleTimeoutMs: config.socket.idle_timeout_ms,
    proxyCount: config.socket.proxy_count,
    responseHeaders: responseHeaders(config),
    times: metrics.calls,
    log,
    refuseSocket: (request, url, response) => sockets.refuse(request, url, response),
  });
  const functions = features.flatMap((feature) => feature.functions ?? []);
  return { features, functions, modules, metrics, gateway: new Gateway(http, sockets) };
}

/** Bytes that may wait for one slow socket, beside the limit on their number. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;

/** What a client may ask for the connection's sake. */
const connectionFeature: Feature = {
  name: 'connection',
  operations: [operation(Nakama.method.healthcheck, () => ({}))],
  envelopes: [envelope('ping', () => ({ case: 'pong', value: {} })), envelope('pong', () => undefined)],
};
