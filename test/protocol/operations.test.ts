import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DescMethodUnary } from '@bufbuild/protobuf';
import { Nakama } from '../../src/protocol/gen/nakama/api/service_pb.js';
import { type Operation, type OperationRoute, operations } from '../../src/protocol/operations.ts';

function operationOf(method: DescMethodUnary): Operation {
  return operations.find((operation) => operation.method === method)!;
}

/** What modules can hook: the part of `registerBefore…` and `registerAfter…` that follows. */
const hookNames = `
  AddFriends AddGroupUsers AuthenticateApple AuthenticateCustom AuthenticateDevice AuthenticateEmail
  AuthenticateFacebook AuthenticateFacebookInstantGame AuthenticateGameCenter AuthenticateGoogle AuthenticateSteam
  BanGroupUsers BlockFriends CreateGroup DeleteAccount DeleteFriends DeleteGroup DeleteLeaderboardRecord
  DeleteNotifications DeleteStorageObjects DeleteTournamentRecord DemoteGroupUsers Event GetAccount
  GetMatchmakerStats GetUsers ImportFacebookFriends ImportSteamFriends JoinGroup JoinTournament KickGroupUsers
  LeaveGroup LinkApple LinkCustom LinkDevice LinkEmail LinkFacebook LinkFacebookInstantGame LinkGameCenter
  LinkGoogle LinkSteam ListChannelMessages ListFriends ListFriendsOfFriends ListGroupUsers ListGroups
  ListLeaderboardRecords ListLeaderboardRecordsAroundOwner ListMatches ListNotifications ListParties
  ListStorageObjects ListTournamentRecords ListTournamentRecordsAroundOwner ListTournaments ListUserGroups
  PromoteGroupUsers ReadStorageObjects SessionLogout SessionRefresh UnlinkApple UnlinkCustom UnlinkDevice UnlinkEmail
  UnlinkFacebook UnlinkFacebookInstantGame UnlinkGameCenter UnlinkGoogle UnlinkSteam UpdateAccount UpdateGroup
  ValidatePurchaseApple ValidatePurchaseGoogle ValidatePurchaseHuawei ValidateSubscriptionApple
  ValidateSubscriptionGoogle WriteLeaderboardRecord WriteStorageObjects WriteTournamentRecord
`
  .trim()
  .split(/\s+/);

test('every hook that a module can register belongs to an operation', () => {
  const names = new Set(operations.map((operation) => operation.name));
  assert.deepEqual(
    hookNames.filter((name) => !names.has(name)),
    [],
  );
});

test('no two operations share a method and a path', () => {
  const shape = ({ httpMethod, segments }: OperationRoute) =>
    `${httpMethod} ${segments.map((segment) => ('literal' in segment ? segment.literal : '*')).join('/')}`;
  const shapes = operations.flatMap((operation) => operation.routes.map(shape));
  assert.equal(new Set(shapes).size, shapes.length);
});

test('every path parameter and body names a field of the request', () => {
  for (const { name, method, routes } of operations) {
    const fields = new Set(method.input.fields.map((field) => field.name));
    for (const { segments, body } of routes) {
      for (const segment of segments) {
        if ('parameter' in segment) assert.ok(fields.has(segment.parameter), `${name}: ${segment.parameter}`);
      }
      if (body !== null && body !== '*') assert.ok(fields.has(body), `${name}: ${body}`);
    }
  }
});

test('an operation says how it is reached and who may call it', () => {
  const { name, auth, routes } = operationOf(Nakama.method.authenticateDevice);
  assert.deepEqual([name, auth], ['AuthenticateDevice', 'serverKey']);
  assert.deepEqual(routes, [
    {
      httpMethod: 'POST',
      pathTemplate: '/v2/account/authenticate/device',
      segments: [{ literal: 'v2' }, { literal: 'account' }, { literal: 'authenticate' }, { literal: 'device' }],
      body: 'account',
    },
  ]);
});

test('signing in and refreshing take the server key, the rest a session', () => {
  for (const { name, auth } of operations) {
    const expected = /^Authenticate|^SessionRefresh$/.test(name) ? 'serverKey' : 'session';
    if (name === 'RpcFunc') assert.equal(auth, 'rpc');
    else if (name === 'Healthcheck') assert.equal(auth, 'none');
    else assert.equal(auth, expected, name);
  }
});

test('an operation may have a second route', () => {
  const { routes } = operationOf(Nakama.method.listStorageObjects);
  assert.deepEqual(
    routes.map(({ pathTemplate }) => pathTemplate),
    ['/v2/storage/{collection}', '/v2/storage/{collection}/{user_id}'],
  );
  assert.deepEqual(
    operationOf(Nakama.method.writeTournamentRecord).routes.map(({ httpMethod, body }) => [httpMethod, body]),
    [
      ['PUT', 'record'],
      ['POST', 'record'],
    ],
  );
});
