import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { create } from '@bufbuild/protobuf';
import { createEventsFeature } from '../../../src/features/events/index.ts';
import { type Log, silentLog } from '../../../src/observability/log.ts';
import { EventSchema } from '../../../src/protocol/gen/nakama/api/api_pb.js';
import { moduleCalls } from '../../support/module-calls.ts';

const noted: unknown[] = [];
const log: Log = { ...silentLog, debug: (fields: unknown) => noted.push((fields as { event: unknown }).event) };
const feature = createEventsFeature({ log });
const identity = { userId: 'u-1', username: 'alice', tokenId: 't', issuedAt: 0, expiresAt: 0 };

describe('POST /v2/event', () => {
  const handle = feature.operations![0]!.handle;

  test('an event of a client is external whatever it says, and the after hook sees it so', async () => {
    const event = create(EventSchema, {
      name: 'sneaky',
      properties: { a: 'b' },
      external: false,
      timestamp: { seconds: 5n, nanos: 0 },
    });
    assert.deepEqual(await handle(event as never, { identity } as never), {});
    assert.equal(event.external, true);
    assert.deepEqual(noted.pop(), {
      name: 'sneaky',
      properties: { a: 'b' },
      external: true,
      userId: 'u-1',
      timestampSec: 5,
    });
  });
  test('somebody must be signed in', () => {
    assert.throws(() => handle(create(EventSchema) as never, { identity: null } as never), { code: 16 });
  });
});

describe('nk.event', () => {
  const nk = moduleCalls(feature);

  test('gives nothing back', async () => {
    assert.equal(await nk('event', 'arrival', { ship: 'Otter' }, 1_700_000_000, true), undefined);
    assert.deepEqual(noted.pop(), {
      name: 'arrival',
      properties: { ship: 'Otter' },
      external: true,
      timestampSec: 1_700_000_000,
    });
    await nk('event', 'arrival', {});
    assert.deepEqual(noted.pop(), { name: 'arrival', properties: {}, external: false });
  });
  test('properties are required and all text, the name is text', async () => {
    await assert.rejects(nk('event', 'arrival'), TypeError);
    await assert.rejects(nk('event', 'arrival', { tons: 120 }), TypeError);
    await assert.rejects(nk('event', 4, {}), TypeError);
    await assert.rejects(nk('event', 'arrival', {}, 1.5), TypeError);
  });
});
