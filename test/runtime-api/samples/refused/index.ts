import type {
  BeforeHookFunction,
  Context,
  Initializer,
  MatchHandler,
  Nakama,
  RpcFunction,
} from 'nk-server/runtime-api';

declare const ctx: Context;
declare const nk: Nakama;
declare const initializer: Initializer;

// @ts-expect-error a name that no function has
nk.acountGetId('');
// @ts-expect-error text is needed where a user is meant
nk.accountGetId(7);
// @ts-expect-error there need not be a user
nk.accountGetId(ctx.userId);
// @ts-expect-error the result is no promise
nk.accountGetId('').then(() => {});
// @ts-expect-error the result is a promise
nk.async.accountGetId('').user;
// @ts-expect-error promises are made of functions, not of what holds them
nk.async.async;
// @ts-expect-error content is an object
nk.notificationSend('', 'subject', 'text', 1);
// @ts-expect-error an audience is by vars, sessionIds or where
nk.notificationSend('', 'subject', {}, 1, null, false, { users: [] });
// @ts-expect-error an audience is by one of them
nk.notificationSend('', 'subject', {}, 1, null, false, { vars: {}, sessionIds: [] });
// @ts-expect-error vars are text
nk.notificationSendAll('subject', {}, 1, false, { vars: { level: 3 } });
// @ts-expect-error whom to choose is answered at once
nk.streamSend({ mode: 9 }, 'data', null, true, { where: async () => true });
// @ts-expect-error it may be in no stream
nk.streamUserGet('', '', { mode: 9 }).status;
// @ts-expect-error streams are sent text
nk.streamSend({ mode: 9 }, { some: 'data' });
// @ts-expect-error permissions are 0, 1 or 2
nk.storageWrite([{ collection: 'c', key: 'k', value: {}, permissionRead: 3 }]);
// @ts-expect-error a value is an object
nk.storageWrite([{ collection: 'c', key: 'k', value: 'text' }]);
// @ts-expect-error a sort order that there is not
nk.leaderboardCreate('id', true, 'upwards');
// @ts-expect-error the cache keeps no objects
nk.localcachePut('key', { some: 'object' });
// @ts-expect-error a method that HTTP has, but not this function
nk.httpRequest('https://example.org', 'options');
// @ts-expect-error an RPC answers text
export const rpc: RpcFunction = () => ({ an: 'object' });
// @ts-expect-error also when it is async
export const asyncRpc: RpcFunction = async () => 7;
// @ts-expect-error a hook returns its request
export const hook: BeforeHookFunction<{ id: string }> = () => ({ id: 7 });
// @ts-expect-error a socket message that there is not
initializer.registerRtBefore('ChannelJoined', (_ctx, _logger, _nk, envelope) => envelope);
// @ts-expect-error a hook's envelope is that of its message
initializer.registerRtBefore('ChannelJoin', (_ctx, _logger, _nk, envelope) => envelope.matchJoin);
// @ts-expect-error all callbacks but matchMigrate are needed
export const handler: MatchHandler = { matchInit: () => ({ state: {}, tickRate: 1 }) };
