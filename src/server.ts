import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Config } from './config/config.ts';
import { type OpenDatabase, openDatabase } from './database/database.ts';
import { createAccountsFeature } from './features/accounts/index.ts';
import { createAuthenticationFeature } from './features/authentication/index.ts';
import { createChatFeature, StoredGroupMembership } from './features/chat/index.ts';
import { envelope, type Feature, operation } from './features/feature.ts';
import { createLinkingFeature } from './features/linking/index.ts';
import { createMultiUpdateFeature } from './features/multi-update/index.ts';
import { createNotificationsFeature } from './features/notifications/index.ts';
import { createRpcFeature } from './features/rpc/index.ts';
import { createSessionsFeature, SessionTokens, StoredRevocations, TokenRevocations } from './features/sessions/index.ts';
import { createStatusFeature } from './features/status/index.ts';
import { createStorageFeature } from './features/storage/index.ts';
import { createStreamsFeature } from './features/streams/index.ts';
import { createWalletsFeature } from './features/wallets/index.ts';
import { EnvelopeDispatcher } from './gateway/envelope-dispatcher.ts';
import { operationRoutes } from './gateway/http-api.ts';
import { createHttpServer } from './gateway/http-server.ts';
import { SocketServer } from './gateway/socket-server.ts';
import type { Log } from './observability/log.ts';
import { Nakama } from './protocol/gen/nakama/api/service_pb.js';
import { MessageRouter } from './realtime/message-router.ts';
import { MicrosecondClock } from './realtime/microsecond-clock.ts';
import { PresenceEvents } from './realtime/presence-events.ts';
import { PresenceTracker } from './realtime/presence-tracker.ts';
import { SessionRegistry } from './realtime/session-registry.ts';
import { LoadedModules } from './runtime/loaded-modules.ts';

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
}

/** A server that takes requests. */
export interface RunningServer {
  readonly url: string;
  readonly port: number;
  readonly databaseDescription: string;
  /** Stops taking requests, finishes those that run, tells the sockets, and closes what it opened. */
  stop(): Promise<void>;
}

/**
 * Starts a server: database, features, modules, gateway. When a part fails to start, those before it are stopped.
 * @throws Error whose message says what to do: database unreachable, modules that do not load, port taken
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { config, log } = options;
  const database = await openDatabase({
    url: options.database,
    poolSize: config.database.max_open_conns,
    log,
  });
  const parts = joinParts(config, database, log);
  for (const feature of parts.features) await feature.start?.();

  const { http, sockets } = parts;
  sockets.attach(http);
  http.listen(config.socket.port, config.socket.address || undefined);
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;

  return {
    url: `http://${config.socket.address || '127.0.0.1'}:${port}`,
    port,
    databaseDescription: database.describe(),
    async stop() {
      const closed = once(http, 'close');
      http.close();
      http.closeIdleConnections();
      sockets.stop();
      await closed;
      for (const feature of parts.features) await feature.stop?.();
      await database.stop();
    },
  };
}

/** Makes every part and joins them; nothing runs yet. */
function joinParts(config: Config, { db }: OpenDatabase, log: Log) {
  const sessions = new SessionRegistry();
  const tracker = new PresenceTracker(config.name);
  const router = new MessageRouter(sessions, tracker);
  const events = new PresenceEvents(tracker);
  const clock = new MicrosecondClock();
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
  const status = createStatusFeature({ db, sessions, tracker, router, events });
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

  const account = createAccountsFeature({
    db,
    isOnline: (userId) => status.statuses.isOnline(userId),
    sessions: session.service,
    userData: () => features.flatMap((feature) => feature.userData ?? []),
  });

  const storage = createStorageFeature({ db });
  const wallet = createWalletsFeature({ db });

  const features: Feature[] = [
    connectionFeature,
    session.feature,
    createAuthenticationFeature({ db, sessions: session.service }),
    account.feature,
    createLinkingFeature({ db }).feature,
    storage.feature,
    wallet.feature,
    createMultiUpdateFeature({ db, accounts: account.accounts, storage: storage.storage, wallets: wallet.wallets }),
    notification.feature,
    createStreamsFeature({ sessions, tracker, router, events }),
    status.feature,
    chat.feature,
    createRpcFeature({ host: modules }),
  ];

  const dispatcher = new EnvelopeDispatcher(
    features.flatMap((feature) => feature.envelopes ?? []),
    modules,
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
    closeWaitMs: config.socket.close_ack_wait_ms,
    log,
    onOpen: (opened, visible) => status.statuses.sessionOpened(opened, visible),
    onClose: (closed, reason) => {
      tracker.untrackSession(closed.id, reason);
      status.statuses.sessionClosed(closed.id);
    },
  });
  const http = createHttpServer({
    routes: operationRoutes(features.flatMap((feature) => feature.operations ?? [])),
    modules,
    tokens,
    serverKey: config.socket.server_key,
    httpKey: config.runtime.http_key,
    maxBodyBytes: config.socket.max_request_size_bytes,
    idleTimeoutMs: config.socket.idle_timeout_ms,
    log,
    refuseSocket: (request, url, response) => sockets.refuse(request, url, response),
  });
  return { features, modules, http, sockets };
}

/** Bytes that may wait for one slow socket, beside the limit on their number. */
const MAX_QUEUED_BYTES = 16 * 1024 * 1024;

/** What a client may ask for the connection's sake. */
const connectionFeature: Feature = {
  name: 'connection',
  operations: [operation(Nakama.method.healthcheck, () => ({}))],
  envelopes: [envelope('ping', () => ({ case: 'pong', value: {} })), envelope('pong', () => undefined)],
};
