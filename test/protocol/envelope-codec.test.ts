import assert from 'node:assert/strict';
import { test } from 'node:test';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { OutgoingMessage } from '../../src/protocol/envelope.ts';
import {
  envelopeToBinary,
  envelopeToJson,
  MalformedError,
  parseEnvelope,
  parseEnvelopeBinary,
} from '../../src/protocol/envelope-codec.ts';

function malformed(text: string): void {
  assert.throws(() => parseEnvelope(text), MalformedError, text);
}

test('an envelope is a cid and one message', () => {
  assert.deepEqual(parseEnvelope('{"cid":"7","rpc":{"id":"f","payload":"{}"}}'), {
    $typeName: 'nakama.realtime.Envelope',
    cid: '7',
    message: { case: 'rpc', value: { $typeName: 'nakama.api.Rpc', id: 'f', payload: '{}', httpKey: '' } },
  });
});

test('names may be snake_case or camelCase, mixed', () => {
  const snake = parseEnvelope('{"channel_join":{"target":"lobby","type":"1","persistence":true}}');
  const camel = parseEnvelope('\t{ "channelJoin" : {"target":"lobby","type":1.0,"persistence":true,"hidden":null} } ');
  assert.deepEqual(snake, camel);
  assert.equal(snake.message.case, 'channelJoin');
});

test('an envelope without a message is well-formed, and says so', () => {
  for (const text of ['{}', '{"cid":"1"}', '{"ping":null}', '{"cid":null,"rpc":null}']) {
    assert.equal(parseEnvelope(text).message.case, undefined, text);
  }
  assert.equal(parseEnvelope('{"ping":null,"pong":{}}').message.case, 'pong');
});

test('a member of a oneof is set even when it is empty; two are malformed', () => {
  const join = parseEnvelope('{"match_join":{"token":""}}').message;
  assert.deepEqual(join.case === 'matchJoin' && join.value.id, { case: 'token', value: '' });
  malformed('{"match_join":{"token":"a","match_id":"b"}}');
});

test('whatever is no envelope is malformed', () => {
  for (const text of [
    '',
    ' ',
    'null',
    '[]',
    '1',
    '"a"',
    'ping',
    '{',
    '{"ping":{}',
    '{"ping":{}}x',
    '{"ping":{}}{"ping":{}}',
    '{"ping":{},}',
    '\ufeff{"ping":{}}',
  ]) {
    malformed(text);
  }
});

test('unknown and repeated fields, two messages and wrong types are malformed', () => {
  for (const text of [
    '{"nonsense":{}}',
    '{"ping":{"x":1}}',
    '{"rpc":{"id":"a","x":null}}',
    '{"ping":{},"pong":{}}',
    '{"ping":{},"ping":{}}',
    '{"rpc":{"id":"a","id":"b"}}',
    '{"channelJoin":{},"channel_join":{}}',
    '{"cid":1,"ping":{}}',
    '{"cid":"1","cid":"1","ping":{}}',
    '{"ping":[]}',
    '{"ping":"x"}',
    '{"rpc":{"id":1}}',
    '{"channel_join":{"type":1.5}}',
    '{"channel_join":{"persistence":"true"}}',
    '{"status_follow":{"user_ids":"a"}}',
    '{"status_follow":{"user_ids":[null]}}',
    '{"match_data_send":{"data":"#"}}',
  ]) {
    malformed(text);
  }
});

test('what goes out repeats the cid and leaves out what is empty', () => {
  assert.equal(envelopeToJson({ case: 'pong', value: {} }, '3'), '{"cid":"3","pong":{}}');
  assert.equal(envelopeToJson({ case: 'pong', value: {} }), '{"pong":{}}');
  assert.equal(envelopeToJson({ case: undefined }, '3'), '{"cid":"3"}');
  assert.equal(envelopeToJson({ case: 'rpc', value: { id: 'f', payload: '' } }, ''), '{"rpc":{"id":"f"}}');
  assert.equal(envelopeToJson({ case: 'error', value: { code: 0, message: 'm' } }, ''), '{"error":{"message":"m"}}');
});

test('nested messages, times, wrappers and 64-bit integers go out as clients read them', () => {
  const createTime = timestampFromDate(new Date('2024-01-01T00:00:00Z'));
  const message: OutgoingMessage = {
    case: 'channelMessage',
    value: { channelId: 'c', code: 0, createTime, persistent: true },
  };
  assert.equal(
    envelopeToJson(message),
    '{"channel_message":{"channel_id":"c","code":0,"create_time":"2024-01-01T00:00:00Z","persistent":true}}',
  );
  const data: OutgoingMessage = {
    case: 'matchData',
    value: { matchId: 'm', opCode: 5n, data: new Uint8Array([1]), presence: { userId: 'u' } },
  };
  assert.equal(
    envelopeToJson(data),
    '{"match_data":{"match_id":"m","presence":{"user_id":"u"},"op_code":"5","data":"AQ=="}}',
  );
});

test('text and bytes carry the same envelope', () => {
  const messages: OutgoingMessage[] = [
    { case: 'rpc', value: { id: 'f', payload: 'Grüße 😀' } },
    { case: 'channelMessageSend', value: { channelId: 'c', content: '{}' } },
    {
      case: 'matchmakerAdd',
      value: {
        minCount: 2,
        maxCount: 4,
        query: '*',
        countMultiple: 2,
        stringProperties: { a: 'b' },
        numericProperties: { c: 1.5 },
      },
    },
    { case: 'matchDataSend', value: { matchId: 'm', opCode: -1n, presences: [{ userId: 'u' }] } },
    { case: 'statusUpdate', value: { status: '' } },
    { case: 'ping', value: {} },
  ];
  for (const message of messages) {
    const bytes = envelopeToBinary(message, '9');
    assert.deepEqual(parseEnvelopeBinary(bytes), parseEnvelope(envelopeToJson(message, '9')), message.case);
  }
  assert.equal(parseEnvelopeBinary(envelopeToBinary({ case: undefined }, '9')).message.case, undefined);
});

test('a large message in bytes does not disturb those around it', () => {
  const small: OutgoingMessage = { case: 'rpc', value: { id: 'f', payload: 'small' } };
  const before = envelopeToBinary(small, '1');
  const large = envelopeToBinary({ case: 'rpc', value: { id: 'f', payload: 'x'.repeat(200_000) } }, '2');
  const after = envelopeToBinary(small, '1');
  assert.deepEqual(before, after);
  const { message } = parseEnvelopeBinary(large);
  assert.equal(message.case === 'rpc' && message.value.payload.length, 200_000);
});

test('a message that cannot be written in bytes leaves nothing behind', () => {
  assert.throws(() => envelopeToBinary({ case: 'rpc', value: { id: 5, payload: 'x' } as never }));
  assert.equal(envelopeToBinary({ case: undefined }).length, 0);
});

test('bytes that are no envelope are malformed', () => {
  for (const bytes of [[0xff], [0x0a, 0x05, 0x41], [0x0a, 0x01, 0xff], [0x07]]) {
    assert.throws(() => parseEnvelopeBinary(new Uint8Array(bytes)), MalformedError, String(bytes));
  }
  assert.equal(parseEnvelopeBinary(new Uint8Array()).message.case, undefined);
});
