import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DescMethodUnary } from '@bufbuild/protobuf';
import { Nakama } from '../../src/protocol/gen/nakama/api/service_pb.js';
import { type Operation, operations } from '../../src/protocol/operations.ts';
import { requestBuilder } from '../../src/protocol/request-message.ts';
import { Status, StatusError } from '../../src/protocol/status.ts';

function operationOf(method: DescMethodUnary): Operation {
  return operations.find((operation) => operation.method === method)!;
}

interface Parts {
  path?: Record<string, string>;
  query?: string;
  body?: string | Uint8Array;
  route?: number;
}

/** The request message, as plain data. */
function build(
  method: DescMethodUnary,
  { path = {}, query = '', body = '', route = 0 }: Parts,
): Record<string, unknown> {
  const builder = requestBuilder(method, operationOf(method).routes[route]!);
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  return builder({ pathParameters: path, query: new URLSearchParams(query), body: bytes }) as unknown as Record<
    string,
    unknown
  >;
}

function refuses(method: DescMethodUnary, parts: Parts, pattern = /./): void {
  assert.throws(
    () => build(method, parts),
    (error) => error instanceof StatusError && error.code === Status.INVALID_ARGUMENT && pattern.test(error.message),
    JSON.stringify(parts),
  );
}

const { updateAccount, listStorageObjects, writeStorageObjects, authenticateDevice, event } = Nakama.method;
const firstObject = (body: unknown) =>
  (build(writeStorageObjects, { body: JSON.stringify({ objects: [body] }) }).objects as Record<string, unknown>[])[0]!;
const refusesObject = (json: string) => refuses(writeStorageObjects, { body: `{"objects":[${json}]}` });

test('every route of every operation can be built from nothing', () => {
  for (const { method, routes } of operations) {
    for (const route of routes.keys()) assert.equal(build(method, { route }).$typeName, method.input.typeName);
  }
});

test('a missing, empty or blank body is an empty object', () => {
  for (const body of ['', '   ', '\n\t', '{}']) {
    assert.deepEqual(build(updateAccount, { body }), { $typeName: 'nakama.api.UpdateAccountRequest' });
  }
  assert.deepEqual(build(authenticateDevice, {}).account, {
    $typeName: 'nakama.api.AccountDevice',
    id: '',
    vars: {},
  });
});

test('names are taken in snake_case and camelCase, in exact case', () => {
  const message = build(updateAccount, {
    body: '{"display_name":"Grace","avatarUrl":"a","TIMEZONE":"x","Lang_Tag":"y"}',
  });
  assert.deepEqual(message, { $typeName: 'nakama.api.UpdateAccountRequest', displayName: 'Grace', avatarUrl: 'a' });
});

test('unknown fields of any type are ignored, but must be JSON', () => {
  const junk =
    '{"a":{"b":[1,-2.5e3,{"c":null}],"d":{}},"e":"\\u00e9","f":true,"g":[],"h":false,"location":"Arlington"}';
  assert.equal(build(updateAccount, { body: junk }).location, 'Arlington');
  for (const bad of [
    '{"a":{"b":[1,]}}',
    '{"a":tru}',
    '{"a":"\\x"}',
    '{"a":"\\ud800"}',
    '{"a":01}',
    '{"a":{1:2}}',
    '{"a":[1}}',
  ]) {
    refuses(updateAccount, { body: bad });
  }
  refuses(updateAccount, { body: `{"a":${'['.repeat(20_000)}${']'.repeat(20_000)}}` }, /deep/);
});

test('a body that is no object is refused', () => {
  for (const body of [
    'null',
    '[]',
    '"a"',
    '1',
    '{"location":',
    '{"location":"a",}',
    "{'location':'a'}",
    '{"location":"a" /* */}',
    '{location:"a"}',
    '{"location" "a"}',
    '{"location":"a"',
    '\ufeff{}',
  ]) {
    refuses(updateAccount, { body });
    refuses(authenticateDevice, { body });
  }
});

test('bytes that are not UTF-8, raw control characters and lone surrogates are refused', () => {
  refuses(updateAccount, {
    body: Buffer.concat([Buffer.from('{"location":"'), Buffer.from([0xff]), Buffer.from('"}')]),
  });
  for (const text of ['\\ud800', '\\udc00', '\\ud800x', '\\ud800\\u0041', '\n', '\\u12', '\\']) {
    refuses(updateAccount, { body: `{"location":"${text}"}` });
  }
  assert.equal(
    build(updateAccount, { body: '{"location":"\\ud83d\\ude00 \\u0041\\/\\n\\"\\\\ 😀"}' }).location,
    '😀 A/\n"\\ 😀',
  );
});

test('what follows the first object is not looked at', () => {
  for (const rest of ['{}', ' garbage', '}', ',']) {
    assert.equal(build(updateAccount, { body: `{"location":"a"}${rest}` }).location, 'a');
  }
});

test('the same field twice is refused, in one style or both, at any depth', () => {
  for (const body of [
    '{"location":"a","location":"a"}',
    '{"display_name":"a","displayName":"a"}',
    '{"location":null,"location":"a"}',
  ]) {
    refuses(updateAccount, { body }, /twice/);
  }
  refusesObject('{"key":"a","key":"b"}');
  refusesObject('{"permission_read":1,"permissionRead":1}');
  refuses(event, { body: '{"properties":{"a":"1","a":"2"}}' }, /twice/);
  assert.equal(build(updateAccount, { body: '{"x":1,"x":2,"location":"a"}' }).location, 'a');
});

test('null is the same as leaving a field out, and is no element of a list or map', () => {
  assert.deepEqual(build(updateAccount, { body: '{"location":null,"timezone":"UTC"}' }), {
    $typeName: 'nakama.api.UpdateAccountRequest',
    timezone: 'UTC',
  });
  assert.deepEqual(build(writeStorageObjects, { body: '{"objects":null}' }).objects, []);
  assert.deepEqual(build(event, { body: '{"name":null,"properties":null,"timestamp":null}' }), {
    $typeName: 'nakama.api.Event',
    name: '',
    properties: {},
    external: false,
  });
  refusesObject('null');
  refuses(event, { body: '{"properties":{"a":null}}' });
});

test('values of the wrong type are refused', () => {
  for (const value of ['1', 'true', '{}', '[]', '{"value":"a"}'])
    refuses(updateAccount, { body: `{"location":${value}}` });
  for (const value of ['"a"', '{}', '1']) refuses(writeStorageObjects, { body: `{"objects":${value}}` });
  for (const value of ['"a"', '[]', '1']) refuses(event, { body: `{"properties":${value}}` });
  for (const value of ['"true"', '1', '{}']) refuses(event, { body: `{"external":${value}}` });
  refuses(event, { body: '{"properties":{"a":1}}' });
});

test('integers may be strings of digits and may be written as numbers that are whole', () => {
  for (const [json, value] of [
    ['2', 2],
    ['"2"', 2],
    ['1.0', 1],
    ['"1.0"', 1],
    ['1e2', 100],
    ['15e-1e', null],
    ['1500e-2', 15],
    ['-0', 0],
    ['2147483647', 2147483647],
  ] as const) {
    if (value === null) refusesObject(`{"permission_read":${json}}`);
    else assert.equal(firstObject(JSON.parse(`{"permission_read":${json}}`)).permissionRead ?? null, value, json);
  }
  for (const [json, value] of [
    ['1.0', 1],
    ['1e2', 100],
    ['1500e-2', 15],
    ['-0.0', 0],
  ] as const) {
    const message = build(writeStorageObjects, { body: `{"objects":[{"permission_read":${json}}]}` });
    assert.equal((message.objects as { permissionRead: number }[])[0]!.permissionRead, value, json);
  }
  for (const bad of [
    '1.5',
    '"1.5"',
    '"two"',
    '""',
    '" 2"',
    '"2 "',
    '"0x2"',
    '2147483648',
    '-2147483649',
    '1e10',
    '1e999999999',
    'true',
    '{}',
    '[2]',
    '1.00000000000000000001',
    '01',
    '+1',
    '.5',
    '1.',
    '1e',
  ]) {
    refusesObject(`{"permission_read":${bad}}`);
  }
});

test('64-bit integers keep all their digits', () => {
  const score = (json: string) => {
    const message = build(Nakama.method.writeLeaderboardRecord, {
      path: { leaderboard_id: 'l' },
      body: `{"score":${json}}`,
    });
    return (message.record as { score: bigint }).score;
  };
  assert.equal(score('9223372036854775807'), 9223372036854775807n);
  assert.equal(score('"-9223372036854775808"'), -9223372036854775808n);
  assert.equal(score('9007199254740993'), 9007199254740993n);
  assert.equal(score('1.5e1'), 15n);
  for (const bad of ['9223372036854775808', '-9223372036854775809', '1e30', '-1e30', '0.5'])
    assert.throws(() => score(bad), StatusError);
});

test('wrapper fields take the plain value, and an empty one is a value', () => {
  assert.equal(firstObject({ permission_write: 0 }).permissionWrite, 0);
  assert.equal(build(updateAccount, { body: '{"location":""}' }).location, '');
  refuses(updateAccount, { body: '{"location":{"value":"a"}}' });
});

test('times are RFC 3339', () => {
  const seconds = (text: string) => {
    const { timestamp } = build(event, { body: JSON.stringify({ timestamp: text }) }) as {
      timestamp?: { seconds: bigint; nanos: number };
    };
    return [timestamp?.seconds, timestamp?.nanos];
  };
  assert.deepEqual(seconds('2024-02-29T12:00:00Z'), [1709208000n, 0]);
  assert.deepEqual(seconds('2024-02-29T12:00:00.5Z'), [1709208000n, 500_000_000]);
  assert.deepEqual(seconds('2024-02-29T12:00:00.123456789+01:30'), [1709202600n, 123_456_789]);
  assert.deepEqual(seconds('1969-12-31T23:59:59.25-00:00'), [-1n, 250_000_000]);
  for (const bad of [
    '',
    'yesterday',
    '2023-02-29T12:00:00Z',
    '2024-02-30T12:00:00Z',
    '2024-01-01T24:00:00Z',
    '2024-01-01T12:60:00Z',
    '2024-01-01',
    '2024-01-01T12:00:00',
    '2024-01-01 12:00:00Z',
    '2024-01-01T12:00:00z',
    '2024-01-01T12:00:00.1234567890Z',
    '0000-01-01T00:00:00Z',
    '2024-01-01T12:00:00+25:00',
    '2024-01-01T12:00:00+01:60',
  ]) {
    assert.throws(() => seconds(bad), StatusError, bad);
  }
});

test('an enum is a number or a name; an unknown name is ignored', () => {
  const operator = (json: string) => {
    const message = build(Nakama.method.writeLeaderboardRecord, { body: `{"operator":${json}}` });
    return (message.record as { operator: number }).operator;
  };
  assert.deepEqual(
    [operator('2'), operator('"SET"'), operator('77'), operator('"NOPE"'), operator('null')],
    [2, 2, 77, 0, 0],
  );
  assert.throws(() => operator('1.5'), StatusError);
});

test('maps keep every key, also those that objects have of their own', () => {
  const message = build(event, { body: '{"properties":{"a":"1","__proto__":"2","constructor":"3","":"4"}}' });
  assert.deepEqual(Object.entries(message.properties as object), [
    ['a', '1'],
    ['__proto__', '2'],
    ['constructor', '3'],
    ['', '4'],
  ]);
});

test('path parameters win over the body, and are not read from the query', () => {
  const group = build(Nakama.method.updateGroup, {
    path: { group_id: 'path' },
    body: '{"group_id":"body","name":"n"}',
  });
  assert.deepEqual([group.groupId, group.name], ['path', 'n']);
  const listed = build(listStorageObjects, { path: { collection: 'saves' }, query: 'collection=other&user_id=u' });
  assert.deepEqual([listed.collection, listed.userId], ['saves', 'u']);
});

test('beside a body that is one field, the others come from the query', () => {
  const message = build(authenticateDevice, {
    query: 'create=true&username=ada&account.id=no&account=no',
    body: '{"id":"phone","vars":{"a":"b"}}',
  });
  assert.deepEqual(message, {
    $typeName: 'nakama.api.AuthenticateDeviceRequest',
    account: { $typeName: 'nakama.api.AccountDevice', id: 'phone', vars: { a: 'b' } },
    create: true,
    username: 'ada',
  });
});

test('a whole-request body leaves nothing to the query, and a route without one does not read it', () => {
  assert.equal('location' in build(updateAccount, { query: 'location=a', body: '{}' }), false);
  assert.deepEqual(build(Nakama.method.addFriends, { query: 'ids=1', body: '{"ids":["2"]' }).ids, ['1']);
});

test('lists in the query repeat the name; brackets and commas are no lists', () => {
  const ids = (query: string) => build(Nakama.method.getUsers, { query }).ids;
  assert.deepEqual(ids('ids=a&ids=b'), ['a', 'b']);
  assert.deepEqual(ids('ids=a,b'), ['a,b']);
  assert.deepEqual(ids('ids[]=a'), ['', 'a']);
  assert.deepEqual(build(Nakama.method.getUsers, { query: 'facebookIds=1&facebook_ids=2' }).facebookIds, ['1', '2']);
});

test('a single value given twice is refused', () => {
  refuses(listStorageObjects, { query: 'limit=10&limit=10' }, /limit/);
  refuses(listStorageObjects, { query: 'limit[]=10' });
  refuses(listStorageObjects, { query: 'cursor=a&cursor=b' });
});

test('integers in the query are decimal and of 32 bits', () => {
  const limit = (text: string) => build(listStorageObjects, { query: `limit=${text}` }).limit;
  assert.deepEqual([limit('10'), limit('-1'), limit('007'), limit('%2B5')], [10, -1, 7, 5]);
  for (const bad of ['', '1.0', '1e2', 'ten', '2147483648', '0x1', '1 ', '1_000'])
    assert.throws(() => limit(bad), StatusError, bad);
});

test('64-bit and unsigned integers in the query', () => {
  const { listLeaderboardRecords, listTournaments } = Nakama.method;
  assert.equal(build(listLeaderboardRecords, { query: 'expiry=9007199254740993' }).expiry, 9007199254740993n);
  assert.equal(build(listTournaments, { query: 'start_time=4294967295' }).startTime, 4294967295);
  refuses(listTournaments, { query: 'start_time=-1' });
  refuses(listLeaderboardRecords, { query: 'expiry=9223372036854775808' });
});

test('booleans in the query', () => {
  const create = (text: string) => build(authenticateDevice, { query: `create=${text}` }).create;
  for (const yes of ['true', '1', 't', 'T', 'TRUE', 'True']) assert.equal(create(yes), true);
  for (const no of ['false', '0', 'f', 'F', 'FALSE', 'False']) assert.equal(create(no), false);
  for (const bad of ['', 'yes', 'tRUE', '2']) assert.throws(() => create(bad), StatusError, bad);
});

test('an empty string in the query is an empty string; unknown names are ignored', () => {
  const message = build(Nakama.method.listMatches, { query: 'label=&colour=red&colour=blue&x.y=1' });
  assert.equal(message.label, '');
  assert.equal('query' in message, false);
});

test('fields within fields in the query', () => {
  assert.equal(build(listStorageObjects, { query: 'limit.value=5' }).limit, 5);
  assert.equal('limit' in build(listStorageObjects, { query: 'limit.other=5' }), false);
  refuses(listStorageObjects, { query: 'cursor.value=5' });
});

test('an RPC body is one JSON string', () => {
  const payload = (body: string) => build(Nakama.method.rpcFunc, { path: { id: 'f' }, body }).payload;
  assert.deepEqual(
    [payload('"a\\"b"'), payload(' "a" '), payload('null'), payload(''), payload(' ')],
    ['a"b', 'a', '', '', ''],
  );
  for (const bad of ['{}', '1', 'true', '[]', '"a', '"a" "b"']) assert.throws(() => payload(bad), StatusError, bad);
});
