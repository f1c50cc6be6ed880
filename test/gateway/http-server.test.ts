import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { gzipSync } from 'node:zlib';
import { moduleFolder } from '../support/module-folder.ts';
import { RawClient } from '../support/raw-client.ts';
import { suiteServer } from '../support/server.ts';

const serverKey = `Basic ${Buffer.from('defaultkey:').toString('base64')}`;
const signInPath = '/v2/account/authenticate/device';

const modulesDir = await moduleFolder({ after }, { 'main.js': 'function InitModule() {}' });

describe('HTTP', () => {
  const server = suiteServer('memory', { modulesDir });
  let session: string;

  before(async () => {
    const answer = await request('POST', signInPath, { authorization: serverKey }, JSON.stringify(account()));
    session = `Bearer ${JSON.parse(answer.text).token}`;
  });

  const account = () => ({ id: `device-${randomUUID()}` });

  async function request(
    method: string,
    path: string,
    headers: Record<string, string> = {},
    body?: string | Buffer<ArrayBuffer>,
  ) {
    const response = await fetch(server.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body }),
    });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** `status/code` of an answer, `status` alone where it has none. */
  const outcome = async (...args: Parameters<typeof request>): Promise<string> => {
    const { status, text } = await request(...args);
    const { code } = text === '' ? {} : JSON.parse(text);
    return code === undefined ? String(status) : `${status}/${code}`;
  };

  it('knows its routes by their exact spelling, and their methods, before it looks at credentials', async () => {
    assert.equal(await outcome('GET', '/'), '200');
    assert.equal(await outcome('GET', '/healthcheck', { authorization: 'nonsense' }), '200');
    for (const path of ['/v1/account', '/v2/Account', '/v2/account/', '/nothing']) {
      assert.equal(await outcome('GET', path, { authorization: session }), '404/5', path);
    }
    for (const method of ['PATCH', 'POST']) assert.equal(await outcome(method, '/v2/account'), '501/12', method);
    assert.equal(await outcome('POST', '/'), '404/5');
  });

  it('answers errors with a code and a message, as JSON, and no more', async () => {
    const { headers, text } = await request('GET', '/v2/account');
    assert.match(headers.get('content-type')!, /^application\/json/);
    assert.deepEqual(Object.keys(JSON.parse(text)).sort(), ['code', 'message']);
    assert.ok(headers.get('www-authenticate'));
  });

  it('looks at the body, then the credentials, then the values', async () => {
    assert.equal(await outcome('POST', signInPath, { authorization: 'Basic eDp5' }, '{'), '400/3');
    assert.equal(await outcome('POST', signInPath, { authorization: 'Basic eDp5' }, '{"id":"x"}'), '401/16');
    assert.equal(await outcome('POST', signInPath, { authorization: serverKey }, '{"id":"x"}'), '400/3');
  });

  it('takes the server key to sign in and a session for the rest, by their exact schemes', async () => {
    const body = JSON.stringify(account());
    for (const authorization of ['', session, serverKey.replace('Basic', 'basic'), 'Basic ZGVmYXVsdGtleQ==']) {
      assert.equal(await outcome('POST', signInPath, { authorization }, body), '401/16', authorization);
    }
    for (const authorization of ['', serverKey, session.replace('Bearer', 'bearer'), `${session}x`]) {
      assert.equal(await outcome('GET', '/v2/account', { authorization }), '401/16', authorization);
    }
    assert.equal(await outcome('GET', `/v2/account?token=${session.slice(7)}`), '401/16');
    assert.equal(await outcome('GET', '/v2/account', { authorization: session }), '200');
  });

  it('says that what cannot be stored is the fault of who asks, without a word of SQL', async () => {
    const { status, text } = await request('GET', '/v2/user?usernames=a%00b', { authorization: session });
    assert.equal(status, 400);
    assert.doesNotMatch(text, /encoding|byte sequence|UTF8/);
  });

  it('reads compressed bodies, and compresses for who takes it', async () => {
    const body = gzipSync(JSON.stringify(account()));
    assert.equal(
      await outcome('POST', signInPath, { authorization: serverKey, 'content-encoding': 'gzip' }, body),
      '200',
    );
    const cutOff = body.subarray(0, body.length - 9);
    assert.equal(
      await outcome('POST', signInPath, { authorization: serverKey, 'content-encoding': 'gzip' }, cutOff),
      '400/3',
    );
    const bomb = gzipSync('x'.repeat(1_000_000));
    assert.equal(
      await outcome('POST', signInPath, { authorization: serverKey, 'content-encoding': 'gzip' }, bomb),
      '429/8',
    );
    const plain = await request('GET', '/healthcheck', { 'accept-encoding': 'br' });
    assert.equal(plain.headers.get('content-encoding'), null);
    const packed = await request('GET', '/healthcheck', { 'accept-encoding': 'gzip' });
    assert.deepEqual([packed.headers.get('content-encoding'), packed.text], ['gzip', '{}']);
    assert.equal(packed.headers.get('vary'), 'Accept-Encoding');
  });

  it('serves those who would rather speak HTTP/2 or TLS on the same connection, and says nothing of it', async () => {
    for (const upgrade of ['h2c', 'TLS/1.2']) {
      const client = await RawClient.connect(server);
      const body = JSON.stringify(account());
      client.send(
        [
          `POST ${signInPath} HTTP/1.1`,
          'Host: localhost',
          `Authorization: ${serverKey}`,
          'Connection: Upgrade',
          `Upgrade: ${upgrade}`,
          `Content-Length: ${body.length}`,
          `\r\n${body}`,
        ].join('\r\n'),
      );
      await client.until((received) => received.includes('\r\n\r\n'));
      assert.match(String(client.received), /^HTTP\/1\.1 200 /, upgrade);
      client.drop();
    }
  });

  it('lets pages of any origin call it, with the headers that clients send', async () => {
    const origin = { origin: 'https://game.example' };
    for (const path of ['/healthcheck', '/nothing', '/v2/account']) {
      const { headers } = await request('GET', path, origin);
      assert.equal(headers.get('access-control-allow-origin'), '*', path);
    }
    assert.equal((await request('GET', '/healthcheck')).headers.get('access-control-allow-origin'), null);
    const preflight = (method: string, wanted: string) =>
      request('OPTIONS', '/nothing', {
        ...origin,
        'access-control-request-method': method,
        'access-control-request-headers': wanted,
      });
    const allowed = await preflight('PUT', 'authorization,content-type');
    assert.deepEqual([allowed.status, allowed.headers.get('access-control-allow-methods')], [200, 'PUT']);
    assert.equal((await preflight('PUT', 'x-own')).status, 403);
    assert.equal((await preflight('PATCH', 'authorization')).status, 405);
  });
});
