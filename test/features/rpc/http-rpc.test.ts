import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type HttpRpcRequest, handleHttpRpc } from '../../../src/features/rpc/index.ts';
import type { Identity } from '../../../src/protocol/identity.ts';
import { StatusError } from '../../../src/protocol/status.ts';
import { fakeHost } from './fake-host.ts';

const alice: Identity = {
  userId: 'u-1',
  username: 'alice',
  vars: { team: 'red' },
  tokenId: 't',
  issuedAt: 1,
  expiresAt: 2,
};

const host = fakeHost({
  echo: (_ctx, payload) => payload,
  ctx: (ctx) => JSON.stringify(ctx),
  fail: (_ctx, payload) => {
    throw new StatusError(Number(payload), 'it failed');
  },
  crash: () => {
    throw new TypeError('a bug of the server');
  },
});

function call(given: Partial<Omit<HttpRpcRequest, 'query' | 'body'>> & { query?: string; body?: string }) {
  const request: HttpRpcRequest = {
    method: 'POST',
    id: 'echo',
    rawHeaders: [],
    identity: alice,
    clientIp: '1.2.3.4',
    clientPort: '5',
    requestId: 'r-1',
    ...given,
    query: new URLSearchParams(given.query),
    body: Buffer.from(given.body ?? ''),
  };
  return handleHttpRpc(request, host);
}

describe('the payload', () => {
  test('is a JSON string both ways', async () => {
    assert.deepEqual(await call({ body: ' "a\\"ø" ' }), {
      status: 200,
      contentType: 'application/json',
      body: '{"payload":"a\\"ø"}',
    });
  });
  test('is empty without a body, with null, and for GET', async () => {
    for (const given of [{}, { body: 'null' }, { body: '""' }, { method: 'GET', body: '"x"', query: 'payload=x' }]) {
      assert.equal((await call(given)).body, '{"payload":""}');
    }
  });
  test('anything else is refused', async () => {
    for (const body of ['{"a":1}', '5', 'true', '[]', 'Alice', '"x']) {
      const answer = await call({ body });
      assert.equal(answer.status, 400);
      assert.equal(JSON.parse(answer.body).code, 3);
    }
  });
});

describe('unwrap', () => {
  test('takes and gives the body as it is, whatever its value', async () => {
    for (const query of ['unwrap', 'unwrap=', 'unwrap=false']) {
      assert.deepEqual(await call({ query, body: '<a/>', rawHeaders: ['CONTENT-type', 'application/xml'] }), {
        status: 200,
        contentType: 'application/xml',
        body: '<a/>',
      });
    }
  });
  test('is text/plain without a type of the request', async () => {
    assert.equal((await call({ query: 'unwrap', body: 'x' })).contentType, 'text/plain');
  });
  test('failures stay JSON objects', async () => {
    const answer = await call({ id: 'fail', query: 'unwrap', body: '5' });
    assert.equal(answer.contentType, 'application/json');
    assert.deepEqual(JSON.parse(answer.body), { code: 5, error: 'it failed', message: 'it failed' });
  });
});

describe('refusals', () => {
  test('no id: 3, unknown id: 5', async () => {
    assert.equal((await call({ id: '' })).status, 400);
    const unknown = await call({ id: 'nothing' });
    assert.equal(unknown.status, 404);
    assert.equal(JSON.parse(unknown.body).code, 5);
    assert.equal(typeof JSON.parse(unknown.body).error, 'string');
  });
  test('an unknown code is status 500 and keeps its number', async () => {
    const answer = await call({ id: 'fail', body: '"77"' });
    assert.equal(answer.status, 500);
    assert.equal(JSON.parse(answer.body).code, 77);
  });
  test('failures of the server itself are not answered here', async () => {
    await assert.rejects(call({ id: 'crash' }), /a bug of the server/);
  });
});

describe('ctx', () => {
  const ctx = async (given: Parameters<typeof call>[0]) =>
    JSON.parse(JSON.parse((await call({ id: 'CTX', ...given })).body).payload);

  test('with a session', async () => {
    const given = {
      query: 'tag=x&tag=y&empty=&unwrapped',
      rawHeaders: ['x-game-version', '1.2', 'HOST', 'h', 'X-GAME-VERSION', '1.3', 'accept', '*/*'],
    };
    const expected = {
      userId: 'u-1',
      username: 'alice',
      userSessionExp: 2,
      vars: { team: 'red' },
      queryParams: { tag: ['x', 'y'], empty: [''], unwrapped: [''] },
      headers: { 'X-Game-Version': ['1.2', '1.3'], Accept: ['*/*'] },
      clientIp: '1.2.3.4',
      clientPort: '5',
    };
    assert.deepEqual(await ctx(given), expected);
    assert.deepEqual(await ctx(given), expected, 'the second call of the same token');
  });
  test('requests of one caller are each told their own headers', async () => {
    for (const rawHeaders of [['A', '1'], ['A', '1'], ['A', '2'], ['A', '1'], ['A', '1', 'B', '2'], []]) {
      const { headers } = await ctx({ rawHeaders });
      const expected: Record<string, string[]> = {};
      for (let i = 0; i < rawHeaders.length; i += 2) expected[rawHeaders[i]!] = [rawHeaders[i + 1]!];
      assert.deepEqual(headers, expected);
    }
  });
  test('with the HTTP key there is no user, and the key is not told', async () => {
    assert.deepEqual(await ctx({ identity: null, query: 'http_key=secret&a=b' }), {
      queryParams: { a: ['b'] },
      headers: {},
      clientIp: '1.2.3.4',
      clientPort: '5',
    });
  });
  test('no session variables: the property is absent', async () => {
    const { vars: _, ...plain } = alice;
    assert.equal('vars' in (await ctx({ identity: plain })), false);
    assert.equal('vars' in (await ctx({ identity: { ...plain, vars: {} } })), false);
  });
  test('parameters called like built-in properties are parameters', async () => {
    const { queryParams } = await ctx({ query: '__proto__=x&constructor=y&http_key=k' });
    assert.deepEqual(Object.entries(queryParams), [
      ['__proto__', ['x']],
      ['constructor', ['y']],
    ]);
  });
});
