import { randomUUID } from 'node:crypto';
import { create, type DescMessage, type DescMethodUnary, type MessageInitShape } from '@bufbuild/protobuf';
import type { Db } from '../../src/database/database.ts';
import { type AccountsService, createAccountsFeature } from '../../src/features/accounts/index.ts';
import { type AuthenticationService, createAuthenticationFeature } from '../../src/features/authentication/index.ts';
import type { Feature, OperationCall } from '../../src/features/feature.ts';
import { createLeaderboardsFeature } from '../../src/features/leaderboards/index.ts';
import { createLinkingFeature, type LinkingService } from '../../src/features/linking/index.ts';
import { createMultiUpdateFeature } from '../../src/features/multi-update/index.ts';
import {
  createSessionsFeature,
  type SessionsService,
  SessionTokens,
  StoredRevocations,
  TokenRevocations,
} from '../../src/features/sessions/index.ts';
import { createStorageFeature, type StorageService } from '../../src/features/storage/index.ts';
import { createWalletsFeature, type WalletsService } from '../../src/features/wallets/index.ts';
import type { Identity } from '../../src/protocol/identity.ts';
import { toWireJson } from '../../src/protocol/json-codec.ts';
import { LoadedModules } from '../../src/runtime/loaded-modules.ts';
import type { FakeUser } from './fake-session.ts';
import { moduleCaller, RealtimeScene, storedUser } from './realtime-scene.ts';

export const sessionKeys = { encryptionKey: 'session-key', refreshEncryptionKey: 'refresh-key' };
export const tokenLives = { tokenExpirySec: 60, refreshTokenExpirySec: 3600 };

/** Accounts and what belongs to them, on a database, as a server joins them. */
export class PlayerScene {
  readonly realtime = new RealtimeScene();
  readonly online = new Set<string>();
  readonly db: Db;
  readonly tokens: SessionTokens;
  readonly sessions: SessionsService;
  readonly accounts: AccountsService;
  readonly authentication: AuthenticationService;
  readonly linking: LinkingService;
  readonly storage: StorageService;
  readonly wallets: WalletsService;
  readonly features: readonly Feature[];
  readonly nk: ReturnType<typeof moduleCaller>;
  readonly #revocations: TokenRevocations;

  constructor(db: Db, options: { readonly singleSession?: boolean; readonly others?: readonly Feature[] } = {}) {
    this.db = db;
    this.#revocations = new TokenRevocations(new StoredRevocations(db));
    this.tokens = new SessionTokens({ ...sessionKeys, ...tokenLives }, this.#revocations);
    const session = createSessionsFeature({
      db,
      tokens: this.tokens,
      revocations: this.#revocations,
      sessions: this.realtime.sessions,
      longestExpirySec: tokenLives.refreshTokenExpirySec,
      singleSession: options.singleSession ?? false,
    });
    const account = createAccountsFeature({
      db,
      isOnline: (userId) => this.online.has(userId),
      sessions: session.service,
      userData: () => this.features.flatMap((feature) => feature.userData ?? []),
    });
    const authentication = createAuthenticationFeature({ db, sessions: session.service });
    const linking = createLinkingFeature({ db });
    const storage = createStorageFeature({ db });
    const wallets = createWalletsFeature({ db });
    this.sessions = session.service;
    this.accounts = account.accounts;
    this.authentication = authentication.authentication;
    this.linking = linking.linking;
    this.storage = storage.storage;
    this.wallets = wallets.wallets;
    this.features = [
      session.feature,
      account.feature,
      authentication.feature,
      linking.feature,
      storage.feature,
      wallets.feature,
      createMultiUpdateFeature({ db, accounts: this.accounts, storage: this.storage, wallets: this.wallets }),
      createLeaderboardsFeature({
        db,
        modules: new LoadedModules(),
        withoutRanks: [],
        resetQueueSize: 1,
        log: this.realtime.log,
      }),
      ...(options.others ?? []),
    ];
    this.nk = moduleCaller(this.features.flatMap((feature) => feature.functions ?? []));
  }

  /** As a server that starts on this database: logged-out tokens are read. Ended by {@link stop}. */
  async start(): Promise<void> {
    await this.#revocations.start();
  }

  stop(): void {
    this.#revocations.stop();
  }

  user(name = 'user'): Promise<FakeUser> {
    return storedUser(this.db, name);
  }

  /** A user who signs in by this device. */
  async withDevice(): Promise<FakeUser & { readonly deviceId: string }> {
    const deviceId = `device-${randomUUID()}`;
    const { userId, username } = await this.authentication.byDevice(deviceId, anybody);
    return { id: userId, username, deviceId };
  }

  /** Calls an HTTP operation, as a user or with the server key, and gives what the client reads. */
  async call<I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    caller: FakeUser | null,
    request: MessageInitShape<I>,
    // biome-ignore lint/suspicious/noExplicitAny: tests reach into it
  ): Promise<any> {
    const found = this.features.flatMap((feature) => feature.operations ?? []).find((bound) => bound.method === method);
    if (!found) throw new Error(`there is no operation ${method.name}`);
    const identity: Identity | null = caller && {
      userId: caller.id,
      username: caller.username,
      tokenId: '',
      issuedAt: 0,
      expiresAt: 0,
    };
    const call: OperationCall = {
      identity,
      clientIp: '127.0.0.1',
      clientPort: '50000',
      headers: {},
      query: new URLSearchParams(),
      requestId: 'test',
    };
    const answer = await found.handle(create(method.input, request) as never, call);
    return JSON.parse(toWireJson(method.output, answer as MessageInitShape<O>));
  }
}

/** A sign-in that makes an account when there is none, with a name that the server makes up. */
export const anybody = { username: '', create: true } as const;
