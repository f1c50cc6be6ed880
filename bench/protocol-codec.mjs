// Time of one envelope through the JSON and binary codecs. Run: node bench/protocol-codec.mjs
import { create, fromJson, toJson } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  envelopeToBinary,
  envelopeToJson,
  parseEnvelope,
  parseEnvelopeBinary,
} from '../src/protocol/envelope-codec.ts';
import { Nakama } from '../src/protocol/gen/nakama/api/service_pb.js';
import { EnvelopeSchema } from '../src/protocol/gen/nakama/realtime/realtime_pb.js';
import { envelopeFromHookJson, envelopeToHookJson } from '../src/protocol/hook-json.ts';
import { operations } from '../src/protocol/operations.ts';
import { requestBuilder } from '../src/protocol/request-message.ts';

function operationOf(method) {
  return operations.find((operation) => operation.method === method);
}

const rounds = 300_000;
const id = '7d9b2a58-8d2c-4a53-9f0e-1f4f8d6f2a10';
const now = timestampFromMs(1_790_000_000_000);
const payload = JSON.stringify({ items: Array.from({ length: 9 }, (_, i) => ({ id: i, name: `sword ${i}` })) });

const envelopes = {
  'rpc, payload of 200 bytes': { case: 'rpc', value: { id: 'rewards_claim', payload: payload.slice(0, 200) } },
  'rpc, payload without escapes': { case: 'rpc', value: { id: 'rewards_claim', payload: 'x'.repeat(200) } },
  channelMessageSend: {
    case: 'channelMessageSend',
    value: { channelId: `2...${id}`, content: '{"text":"hello there"}' },
  },
  channelMessageAck: {
    case: 'channelMessageAck',
    value: {
      channelId: `2...${id}`,
      messageId: id,
      code: 0,
      username: 'ada',
      createTime: now,
      updateTime: now,
      persistent: true,
      roomName: 'lobby',
    },
  },
  channelMessage: {
    case: 'channelMessage',
    value: {
      channelId: `2...${id}`,
      messageId: id,
      code: 0,
      senderId: id,
      username: 'ada',
      content: '{"text":"hello there"}',
      createTime: now,
      updateTime: now,
      persistent: true,
      roomName: 'lobby',
    },
  },
  notifications: {
    case: 'notifications',
    value: {
      notifications: [
        { id, subject: 'gift', content: '{"coins":100}', code: 7, senderId: id, createTime: now, persistent: true },
      ],
    },
  },
  matchDataSend: {
    case: 'matchDataSend',
    value: { matchId: `${id}.nk`, opCode: 3n, data: new Uint8Array(40).fill(7), reliable: true },
  },
};

function microseconds(work) {
  for (let i = 0; i < rounds / 10; i++) work();
  const start = process.hrtime.bigint();
  for (let i = 0; i < rounds; i++) work();
  return (Number(process.hrtime.bigint() - start) / 1000 / rounds).toFixed(2);
}

const rows = {};
for (const [name, message] of Object.entries(envelopes)) {
  const text = envelopeToJson(message, '42');
  const hookText = envelopeToHookJson(message, '42');
  const bytes = envelopeToBinary(message, '42');
  rows[name] = {
    'to JSON': microseconds(() => envelopeToJson(message, '42')),
    'from JSON': microseconds(() => parseEnvelope(text)),
    'to binary': microseconds(() => envelopeToBinary(message, '42')),
    'from binary': microseconds(() => parseEnvelopeBinary(bytes)),
    'to hook': microseconds(() => envelopeToHookJson(message, '42')),
    'from hook': microseconds(() => envelopeFromHookJson(hookText)),
    'protobuf-es to JSON': microseconds(() =>
      JSON.stringify(
        toJson(EnvelopeSchema, create(EnvelopeSchema, { cid: '42', message }), {
          useProtoFieldName: true,
          enumAsInteger: true,
        }),
      ),
    ),
    'protobuf-es from JSON': microseconds(() => fromJson(EnvelopeSchema, JSON.parse(text))),
  };
}
console.log('µs per envelope');
console.table(rows);

const encode = (value) => Buffer.from(JSON.stringify(value));
const requests = {
  'AuthenticateDevice, body and query': [
    Nakama.method.authenticateDevice,
    {
      pathParameters: {},
      query: new URLSearchParams('create=true&username=ada'),
      body: encode({ id, vars: { level: '1' } }),
    },
  ],
  'WriteStorageObjects, one of 300 bytes': [
    Nakama.method.writeStorageObjects,
    {
      pathParameters: {},
      query: new URLSearchParams(),
      body: encode({
        objects: [
          { collection: 'saves', key: 'slot1', value: JSON.stringify({ text: 'y'.repeat(280) }), permission_read: 1 },
        ],
      }),
    },
  ],
  'ListLeaderboardRecords, query': [
    Nakama.method.listLeaderboardRecords,
    {
      pathParameters: { leaderboard_id: 'weekly' },
      query: new URLSearchParams(`limit=10&owner_ids=${id}`),
      body: Buffer.alloc(0),
    },
  ],
};
const requestRows = {};
for (const [name, [method, source]] of Object.entries(requests)) {
  const build = requestBuilder(method, operationOf(method).routes[0]);
  requestRows[name] = { build: microseconds(() => build(source)) };
}
console.log('µs per request');
console.table(requestRows);
