import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { createRpcFeature } from '../../../src/features/rpc/index.ts';
import { RealtimeError, StatusError } from '../../../src/protocol/status.ts';
import { fakeHost } from './fake-host.ts';

const host = fakeHost({
  greet: (ctx, payload) => `${payload} from ${ctx.username}`,
  fail: () => {
    throw new StatusError(5, 'not there');
  },
});
const [binding] = createRpcFeature({ host }).envelopes ?? [];
const session = { origin: { contextText: '{"username":"alice"}' } };
const send = async (id: string, payload = '') => binding!.handle({ id, payload } as never, session as never);
const failsWith = (code: number, message: RegExp) => (error: unknown) =>
  error instanceof RealtimeError && error.code === code && message.test(error.message);

describe('the socket message rpc', () => {
  test('answers with the id as it was sent', async () => {
    assert.equal(binding!.message, 'rpc');
    assert.deepEqual(await send('GreeT', 'hi'), { case: 'rpc', value: { id: 'GreeT', payload: 'hi from alice' } });
  });
  test('no id: 3', () => assert.rejects(send(''), failsWith(3, /id/)));
  test('unknown function: 6', () => assert.rejects(send('nothing'), failsWith(6, /not found/)));
  test('anything thrown: 7, with its message', () => assert.rejects(send('fail'), failsWith(7, /^not there$/)));
});
