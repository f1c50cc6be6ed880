import assert from 'node:assert/strict';
import dns from 'node:dns';
import { createServer, type Server } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { refusalOf } from '../../../src/features/http-request/address-policy.ts';
import { createHttpRequestFeature } from '../../../src/features/http-request/index.ts';
import { moduleCalls } from '../../support/module-calls.ts';

interface Response {
  readonly code: number;
  readonly headers: Record<string, string[]>;
  readonly body: string;
}

describe('nk.httpRequest', () => {
  let server: Server;
  let url: string;
  const nk = moduleCalls(createHttpRequestFeature({ allowPrivate: true, allowMetadata: false }));
  const request = async (path: string, ...rest: unknown[]) =>
    (await nk('httpRequest', `${url}${path}`, ...rest)) as Response;
  const seen = async (path: string, ...rest: unknown[]) => JSON.parse((await request(path, ...rest)).body);
  const fails = (call: Promise<unknown>, message?: RegExp) =>
    assert.rejects(call, (error: Error) => !(error instanceof TypeError) && (message ?? /./).test(error.message));

  before(async () => {
    server = createServer((req, res) => {
      const chunks: Buffer[] = [];
      req
        .on('data', (chunk) => chunks.push(chunk))
        .on('end', () => {
          const path = new URL(req.url!, 'http://x');
          switch (path.pathname) {
            case '/cut':
              return void req.socket.destroy();
            case '/half':
              res.writeHead(200, { 'Content-Length': 100 });
              res.write('half', () => req.socket.destroy());
              return;
            case '/silent':
              return;
            case '/endless':
              res.writeHead(200);
              return void res.write('…');
            case '/gzip':
              res.writeHead(200, { 'Content-Encoding': 'gzip' });
              return void res.end(gzipSync('packed ⚓'));
            case '/gzip-cut':
              res.writeHead(200, { 'Content-Encoding': 'gzip' });
              return void res.end(gzipSync('x'.repeat(1000)).subarray(0, 20));
            case '/bomb':
              res.writeHead(200, { 'Content-Encoding': 'gzip' });
              return void res.end(gzipSync(Buffer.alloc(64 * 1024 * 1024)));
            case '/round':
              res.writeHead(302, { location: req.url! });
              return void res.end();
          }
          const moved = path.searchParams.get('moved');
          if (moved) {
            res.writeHead(Number(moved), { location: path.searchParams.get('to') ?? '/there' });
            return void res.end();
          }
          res.writeHead(Number(path.searchParams.get('status') ?? 200), {
            'x-lower-case': 'yes',
            'X-Harbour': Buffer.from('Ærø').toString('latin1'),
            'Set-Cookie': ['a=1', 'b=2'],
          });
          res.end(
            JSON.stringify({
              method: req.method,
              url: req.url,
              headers: req.headers,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  test('sends method, headers and a body in UTF-8, in any spelling of the method', async () => {
    const got = await seen('/arrivals?x=1', 'post', { 'X-Pilot': 'Ida' }, 'Ærø ⚓');
    assert.deepEqual(
      [got.method, got.url, got.body, got.headers['x-pilot']],
      ['POST', '/arrivals?x=1', 'Ærø ⚓', 'Ida'],
    );
    for (const method of ['get', 'PUT', 'Patch', 'delete'])
      assert.equal((await seen('/', method)).method, method.toUpperCase());
    assert.deepEqual(await request('/', 'head').then(({ code, body }) => ({ code, body })), { code: 200, body: '' });
  });
  test('sends no Content-Type of its own', async () => {
    assert.deepEqual(Object.keys((await seen('/', 'post', null, 'x')).headers).sort(), [
      'accept-encoding',
      'content-length',
      'host',
      'nk-call-depth',
      'user-agent',
    ]);
    assert.equal((await seen('/', 'post', { 'user-agent': 'Otter/1' }, '')).headers['user-agent'], 'Otter/1');
  });
  test('every status is a result', async () => {
    for (const status of [201, 204, 304, 404, 500])
      assert.equal((await request(`/?status=${status}`, 'get')).code, status);
  });
  test('headers of the answer have canonical names and a list of lines each', async () => {
    const { headers } = await request('/', 'get');
    assert.deepEqual(headers['X-Lower-Case'], ['yes']);
    assert.deepEqual(headers['Set-Cookie'], ['a=1', 'b=2']);
  });
  test('header values are UTF-8 both ways', async () => {
    const { headers } = await seen('/', 'get', { 'X-Pilot': 'Sørine ⚓' });
    assert.equal(Buffer.from(headers['x-pilot'], 'latin1').toString(), 'Sørine ⚓');
    assert.deepEqual((await request('/', 'get')).headers['X-Harbour'], ['Ærø']);
  });
  test('gzip is unpacked, unless the module asked for it itself', async () => {
    const answer = await request('/gzip', 'get');
    assert.equal(answer.body, 'packed ⚓');
    assert.equal(answer.headers['Content-Encoding'], undefined);
    assert.deepEqual((await request('/gzip', 'get', { 'Accept-Encoding': 'gzip' })).headers['Content-Encoding'], [
      'gzip',
    ]);
  });
  test('redirects: 301 to 303 become get without body, 307 and 308 keep both', async () => {
    for (const status of [301, 302, 303]) {
      const got = await seen(`/?moved=${status}`, 'post', {}, 'lost');
      assert.deepEqual([got.method, got.url, got.body], ['GET', '/there', '']);
    }
    for (const status of [307, 308]) {
      const got = await seen(`/?moved=${status}`, 'post', {}, 'kept');
      assert.deepEqual([got.method, got.url, got.body], ['POST', '/there', 'kept']);
    }
    await fails(request('/round', 'get'), /10 redirects/);
  });
  test('credentials do not follow to another host', async () => {
    const elsewhere = url.replace('127.0.0.1', 'localhost');
    const headers = { Authorization: 'secret', 'X-Pilot': 'Ida' };
    const same = await seen('/?moved=302', 'get', headers);
    assert.equal(same.headers.authorization, 'secret');
    const other = await seen(`/?moved=302&to=${encodeURIComponent(`${elsewhere}/there`)}`, 'get', headers);
    assert.equal(other.headers.authorization, undefined);
    assert.equal(other.headers['x-pilot'], 'Ida');
  });
  test('the time covers head and body', async () => {
    await fails(request('/silent', 'get', {}, null, 50), /within 50 ms/);
    await fails(request('/endless', 'get', {}, null, 50), /within 50 ms/);
    assert.equal((await request('/', 'get', null, null, 0)).code, 200);
    assert.equal((await request('/', 'get', null, null, -1, null)).code, 200);
  });
  test('no whole answer fails', async () => {
    await fails(request('/cut', 'get'));
    await fails(request('/half', 'get'));
    await fails(request('/gzip-cut', 'get'));
    await fails(request('/bomb', 'get'), /larger than/);
    await fails(nk('httpRequest', 'http://127.0.0.1:1/', 'get'), /ECONNREFUSED/);
    await fails(nk('httpRequest', 'gopher://127.0.0.1/', 'get'), /scheme/);
    await fails(nk('httpRequest', 'nonsense', 'get'));
    await fails(nk('httpRequest', 'http://127.0.0.1:notaport/', 'get'));
    await fails(request('/', 'get', { 'bad name': 'x' }));
  });
  test('wrong arguments are TypeErrors', async () => {
    for (const wrong of [
      ['', 'get'],
      [url],
      [url, 'options'],
      [url, 'get', { 'X-Pilot': 7 }],
      [url, 'post', {}, { ship: 'Otter' }],
      [url, 'get', {}, '', 1.5],
      [url, 'get', {}, '', 1, 'yes'],
    ]) {
      await assert.rejects(nk('httpRequest', ...wrong), TypeError, JSON.stringify(wrong));
    }
  });
  test('an idle connection that the other side has closed does no harm', async () => {
    await request('/', 'get');
    server.closeIdleConnections();
    assert.equal((await request('/', 'get')).code, 200);
  });
});

describe('addresses that modules must not reach', () => {
  const strict = moduleCalls(createHttpRequestFeature({ allowPrivate: false, allowMetadata: false }));
  const usual = moduleCalls(createHttpRequestFeature({ allowPrivate: true, allowMetadata: false }));
  const privateHosts = [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '10.1.2.3',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[64:ff9b::10.1.2.3]',
    '[2002:c0a8:101::1]',
    'localhost',
    '0.0.0.0',
  ];
  const metadataHosts = [
    '169.254.169.254',
    '169.254.170.2',
    '0xa9fea9fe',
    '[::ffff:169.254.169.254]',
    '[64:ff9b::a9fe:a9fe]',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '100.100.100.200',
  ];

  test('private ones, when they are switched off: neither by address, in whatever spelling, nor by name', async () => {
    for (const host of privateHosts) {
      const refused = { message: /is a private address, and runtime.http_request_allow_private is off/ };
      await assert.rejects(strict('httpRequest', `http://${host}:1/`, 'get'), refused, host);
    }
  });
  test("where clouds hand out the machine's credentials, by default", async () => {
    for (const nk of [strict, usual]) {
      for (const host of metadataHosts) {
        const refused = { message: /runtime.http_request_allow_metadata is off/ };
        await assert.rejects(nk('httpRequest', `http://${host}:1/`, 'get'), refused, host);
      }
    }
  });
  test('what is allowed is tried', async () => {
    for (const host of ['127.0.0.1', 'localhost', '[::ffff:127.0.0.1]']) {
      await assert.rejects(usual('httpRequest', `http://${host}:1/`, 'get'), /ECONNREFUSED/, host);
    }
    const open = { allowPrivate: true, allowMetadata: true };
    for (const address of ['169.254.169.254', '127.0.0.1', 'fd00:ec2::254']) {
      assert.equal(refusalOf(address, open), undefined, address);
    }
    for (const address of ['203.0.113.1', '8.8.8.8', '2606:4700::1111', '64:ff9b::8.8.8.8', 'example.org']) {
      assert.equal(refusalOf(address, { allowPrivate: false, allowMetadata: false }), undefined, address);
    }
  });
  test('a redirect does not lead there', async (t) => {
    const redirecting = createServer((_request, response) => {
      response.writeHead(302, { Location: 'http://169.254.169.254/latest/meta-data/' }).end();
    });
    await new Promise<void>((done) => redirecting.listen(0, '127.0.0.1', done));
    t.after(() => redirecting.close());
    const { port } = redirecting.address() as AddressInfo;
    await assert.rejects(usual('httpRequest', `http://127.0.0.1:${port}/`, 'get'), /169.254.169.254 is where clouds/);
  });
});

test('a connection that is idle is closed, whatever the server does; one that waits for its answer is not', async (t) => {
  const server = createServer((request, response) => {
    // Longer than a connection may be idle.
    setTimeout(() => response.end(), request.url === '/slow' ? 6_000 : 0);
  });
  server.keepAliveTimeout = 0;
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  t.after(() => void server.close());
  const closed = new Promise<void>((resolve) => {
    server.once('connection', (socket) => socket.once('close', () => resolve()));
  });
  const nk = moduleCalls(createHttpRequestFeature({ allowPrivate: true, allowMetadata: false }));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const answers = ['/', '/slow'].map((path) => nk('httpRequest', url + path, 'get', {}, '', 60_000));
  for (const answer of await Promise.all(answers)) assert.equal((answer as Response).code, 200);
  await closed;
});

describe('names that are looked up', () => {
  const addresses = (list: readonly string[]) =>
    list.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

  test('are refused by what the connection would use, also when they mean another address each time', async (t) => {
    const answers = [['203.0.113.1', '169.254.169.254'], ['169.254.169.254'], ['fd00:ec2::254'], ['10.0.0.1']];
    t.mock.method(dns, 'lookup', (_name: string, _options: unknown, callback: (...given: unknown[]) => void) =>
      callback(null, addresses(answers.shift() ?? [])),
    );
    syncBuiltinESMExports();
    t.after(() => {
      t.mock.restoreAll();
      syncBuiltinESMExports();
    });
    const nk = moduleCalls(createHttpRequestFeature({ allowPrivate: false, allowMetadata: false }));
    for (const kind of ['metadata', 'metadata', 'metadata', 'private']) {
      await assert.rejects(nk('httpRequest', 'http://rebinding.example/', 'get'), new RegExp(`allow_${kind} is off`));
    }
  });
});
