import assert from 'node:assert/strict';
import { test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AccountSchema,
  ChannelMessageSchema,
  EventSchema,
  LeaderboardRecordSchema,
  NotificationSchema,
  ValidatedPurchaseSchema,
} from '../../src/protocol/gen/nakama/api/api_pb.js';
import { MatchDataSchema, MatchmakerAddSchema } from '../../src/protocol/gen/nakama/realtime/realtime_pb.js';
import { readJson, toWireJson } from '../../src/protocol/json-codec.ts';
import { MalformedError } from '../../src/protocol/malformed-error.ts';

const strictly = { ignoreUnknown: false, ignoreRest: false };

test('fields with their default value are left out, nullable ones that are set are kept', () => {
  assert.equal(toWireJson(AccountSchema, create(AccountSchema)), '{}');
  assert.equal(toWireJson(AccountSchema, { wallet: '', devices: [], user: {} }), '{"user":{}}');
  assert.equal(toWireJson(ChannelMessageSchema, { code: 0, persistent: false }), '{"code":0,"persistent":false}');
});

test('names are snake_case, 64-bit integers text, enums and 32-bit integers numbers', () => {
  assert.equal(
    toWireJson(LeaderboardRecordSchema, { leaderboardId: 'l', score: 2n ** 53n + 1n, numScore: 3, maxNumScore: 9 }),
    '{"leaderboard_id":"l","score":"9007199254740993","num_score":3,"max_num_score":9}',
  );
});

test('times are in UTC with as many digits as they need, in threes', () => {
  const written = (date: string, nanos = 0) => {
    const time = timestampFromDate(new Date(date));
    return JSON.parse(toWireJson(NotificationSchema, { createTime: { ...time, nanos: time.nanos + nanos } }))
      .create_time;
  };
  assert.equal(written('2024-02-29T12:00:00Z'), '2024-02-29T12:00:00Z');
  assert.equal(written('2024-02-29T12:00:00.120Z'), '2024-02-29T12:00:00.120Z');
  assert.equal(written('2024-02-29T12:00:00Z', 120_000), '2024-02-29T12:00:00.000120Z');
  assert.equal(written('2024-02-29T12:00:00Z', 1), '2024-02-29T12:00:00.000000001Z');
  assert.equal(written('1969-12-31T23:59:59.999Z'), '1969-12-31T23:59:59.999Z');
});

test('bytes are base64, of whatever kind of byte array', () => {
  const data = new Uint8Array([0, 251, 255, 254]).subarray(1);
  assert.equal(toWireJson(MatchDataSchema, { data }), '{"data":"+//+"}');
  assert.equal(toWireJson(MatchDataSchema, { data: Buffer.from([0]) }), '{"data":"AA=="}');
});

test('bytes are read from both alphabets, padded or not', () => {
  const bytes = (text: string) => [...readJson(MatchDataSchema, JSON.stringify({ data: text }), strictly).data];
  for (const text of ['+//+', '-__-']) assert.deepEqual(bytes(text), [251, 255, 254]);
  for (const text of ['AA==', 'AA']) assert.deepEqual(bytes(text), [0]);
  assert.deepEqual(bytes(''), []);
  for (const bad of ['A', 'AAAAA', '+_', 'AA=', 'A A=', 'ä', 'AA==AA==', '===='])
    assert.throws(() => bytes(bad), MalformedError, bad);
});

test('doubles may be text, also those that JSON has no number for', () => {
  const number = (json: string) =>
    readJson(MatchmakerAddSchema, `{"numeric_properties":{"n":${json}}}`, strictly).numericProperties.n;
  assert.deepEqual(
    [number('1.5e3'), number('"-2.5"'), number('"Infinity"'), number('"-Infinity"')],
    [1500, -2.5, Infinity, -Infinity],
  );
  assert.ok(Number.isNaN(number('"NaN"')));
  for (const bad of ['1e400', '"1e400"', '"0x1"', '" 1"', '"inf"', '""', 'true', 'NaN'])
    assert.throws(() => number(bad), MalformedError, bad);
  assert.equal(
    toWireJson(MatchmakerAddSchema, { numericProperties: { n: Infinity } }),
    '{"numeric_properties":{"n":"Infinity"}}',
  );
});

test('plain objects will do, and null counts as not set', () => {
  assert.equal(
    toWireJson(EventSchema, { name: 'e', timestamp: { seconds: 5n } }),
    '{"name":"e","timestamp":"1970-01-01T00:00:05Z"}',
  );
  const loose = { name: 'e', timestamp: null, properties: null } as never;
  assert.equal(toWireJson(EventSchema, loose), '{"name":"e"}');
});

test('a reader says what it expected, and where', () => {
  assert.throws(
    () => readJson(EventSchema, '{"name":5}', strictly),
    (error) => error instanceof MalformedError && /string.*offset 8/.test(error.message),
  );
});

test('what follows a message is an error unless it is to be ignored', () => {
  assert.throws(() => readJson(EventSchema, '{} {}', strictly), MalformedError);
  assert.equal(readJson(EventSchema, '{"name":"e"} {}', { ...strictly, ignoreRest: true }).name, 'e');
  assert.equal(readJson(EventSchema, ' {"name":"e"} \n', strictly).name, 'e');
});

test('an unknown name of an enum is an error where unknown fields are', () => {
  const text = '{"store":"NOPE"}';
  assert.throws(() => readJson(ValidatedPurchaseSchema, text, strictly), MalformedError);
  assert.equal(readJson(ValidatedPurchaseSchema, text, { ...strictly, ignoreUnknown: true }).store, 0);
  assert.equal(readJson(ValidatedPurchaseSchema, '{"store":"GOOGLE_PLAY_STORE"}', strictly).store, 1);
});
