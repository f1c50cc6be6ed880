import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { EmptySchema, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { parseEnvelope } from '../../src/protocol/envelope-codec.ts';
import {
  AddFriendsRequestSchema,
  AuthenticateDeviceRequestSchema,
  EventSchema,
  FriendListSchema,
  ListFriendsRequestSchema,
  UpdateAccountRequestSchema,
  WriteLeaderboardRecordRequestSchema,
  WriteStorageObjectsRequestSchema,
} from '../../src/protocol/gen/nakama/api/api_pb.js';
import { envelopeFromHookJson, envelopeToHookJson, fromHookJson, toHookJson } from '../../src/protocol/hook-json.ts';
import { toWireJson, WireJson } from '../../src/protocol/json-codec.ts';
import { MalformedError } from '../../src/protocol/malformed-error.ts';

/** The message as the hook's `data`. */
function seen<Desc extends DescMessage>(schema: Desc, init: MessageInitShape<Desc>): unknown {
  return JSON.parse(toHookJson(schema, init));
}

test('every field is there; what is nullable and not set is null', () => {
  assert.deepEqual(seen(AuthenticateDeviceRequestSchema, { account: { id: 'phone' } }), {
    account: { id: 'phone', vars: {} },
    create: null,
    username: '',
  });
  assert.deepEqual(seen(AuthenticateDeviceRequestSchema, { create: true }), {
    account: null,
    create: true,
    username: '',
  });
  assert.deepEqual(seen(UpdateAccountRequestSchema, { location: '' }), {
    username: null,
    displayName: null,
    avatarUrl: null,
    langTag: null,
    location: '',
    timezone: null,
  });
  assert.deepEqual(seen(AddFriendsRequestSchema, {}), { ids: [], usernames: [], metadata: '' });
  assert.deepEqual(seen(ListFriendsRequestSchema, {}), { limit: null, state: null, cursor: '' });
  assert.deepEqual(seen(EventSchema, { name: 'e' }), { name: 'e', timestamp: null, external: false, properties: {} });
});

test('an answer that is JSON already is read for the hook', () => {
  const user = { id: 'u', createTime: timestampFromDate(new Date('2024-01-01T00:00:00Z')) };
  const list = { friends: [{ user, state: 0, metadata: '{}' }, { user }], cursor: 'c' };
  const text = toWireJson(FriendListSchema, list);
  assert.equal(toHookJson(FriendListSchema, new WireJson(text)), toHookJson(FriendListSchema, list));
});

test('lists of messages, 64-bit integers as text, enums as numbers, times as ISO 8601', () => {
  assert.deepEqual(seen(WriteStorageObjectsRequestSchema, { objects: [{ collection: 'c', key: 'k', value: '{}' }] }), {
    objects: [{ collection: 'c', key: 'k', value: '{}', version: '', permissionRead: null, permissionWrite: null }],
  });
  assert.deepEqual(seen(WriteLeaderboardRecordRequestSchema, { leaderboardId: 'l', record: { score: 12n } }), {
    leaderboardId: 'l',
    record: { score: '12', subscore: '0', metadata: '', operator: 0 },
  });
  const timestamp = timestampFromDate(new Date('2024-01-01T00:00:00.5Z'));
  assert.equal((seen(EventSchema, { timestamp }) as { timestamp: string }).timestamp, '2024-01-01T00:00:00.500Z');
});

test('what has no fields is null', () => {
  assert.equal(toHookJson(EmptySchema, create(EmptySchema)), 'null');
});

test('an envelope is its cid and its message', () => {
  assert.deepEqual(JSON.parse(envelopeToHookJson(parseEnvelope('{"channel_join":{"target":"lobby","type":1}}'))), {
    cid: '',
    channelJoin: { target: 'lobby', type: 1, persistence: null, hidden: null },
  });
  assert.deepEqual(
    JSON.parse(
      envelopeToHookJson(parseEnvelope('{"cid":"1","match_data_send":{"match_id":"m","op_code":1,"data":"AQ=="}}')),
    ),
    {
      cid: '1',
      matchDataSend: { matchId: 'm', opCode: '1', data: 'AQ==', presences: [], reliable: false },
    },
  );
});

test('a member of a oneof that is not set is absent', () => {
  const { matchJoin } = JSON.parse(envelopeToHookJson(parseEnvelope('{"match_join":{"match_id":""}}')));
  assert.deepEqual(matchJoin, { metadata: {}, matchId: '' });
});

test('a reply is an envelope too, and may be a cid alone', () => {
  const reply = { case: 'channelMessageAck', value: { channelId: 'c', code: 0 } } as const;
  assert.deepEqual(JSON.parse(envelopeToHookJson(reply, '4')), {
    cid: '4',
    channelMessageAck: {
      channelId: 'c',
      messageId: '',
      code: 0,
      username: '',
      createTime: null,
      updateTime: null,
      persistent: null,
      roomName: '',
      groupId: '',
      userIdOne: '',
      userIdTwo: '',
    },
  });
  assert.equal(envelopeToHookJson(null, '4'), '{"cid":"4"}');
});

test('what a hook returns replaces the request, in either spelling', () => {
  const camel = fromHookJson(UpdateAccountRequestSchema, '{"displayName":"a","langTag":null}');
  assert.deepEqual(camel, fromHookJson(UpdateAccountRequestSchema, '{"display_name":"a"}'));
  assert.deepEqual(camel, { $typeName: 'nakama.api.UpdateAccountRequest', displayName: 'a' });
  assert.deepEqual(fromHookJson(ListFriendsRequestSchema, '{}'), create(ListFriendsRequestSchema));
});

test('numbers that a module made are taken: whole ones for integers, also as text', () => {
  const { record } = fromHookJson(WriteLeaderboardRecordRequestSchema, '{"record":{"score":12,"subscore":"3"}}');
  assert.deepEqual([record?.score, record?.subscore], [12n, 3n]);
});

test('an envelope that a hook returned', () => {
  const text = '{"cid":"1","channelMessageSend":{"channelId":"c","content":"{}"}}';
  assert.deepEqual(envelopeFromHookJson(text), parseEnvelope(text));
});

test('an unknown field, a wrong type and what is no object are malformed', () => {
  for (const text of [
    '{"nonsense":1}',
    '{"limit":"many"}',
    '{"limit":1.5}',
    '{"cursor":1}',
    '"a"',
    '1',
    'true',
    '[]',
    'null',
    '',
  ]) {
    assert.throws(() => fromHookJson(ListFriendsRequestSchema, text), MalformedError, text);
  }
  assert.throws(() => envelopeFromHookJson('{"ping":{},"pong":{}}'), MalformedError);
});
