import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
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
  const nk = moduleCalls(createHttpRequestFeature({ allowPrivate: true }));
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

describe('without private addresses', () => {
  const nk = moduleCalls(createHttpRequestFeature({ allowPrivate: false }));

  test('neither by address, in whatever spelling, nor by name', async () => {
    const hosts = [
      '127.0.0.1',
      '2130706433',
      '0x7f.1',
      '10.1.2.3',
      '169.254.169.254',
      '[::1]',
      '[::ffff:127.0.0.1]',
      '[fe80::1]',
      'localhost',
      '0.0.0.0',
    ];
    for (const host of hosts) {
      await assert.rejects(nk('httpRequest', `http://${host}:1/`, 'get'), /is a private address/, host);
    }
  });
});
