import assert from 'node:assert/strict';
import { type IncomingHttpHeaders, request } from 'node:http';
import { describe, it, type TestContext } from 'node:test';
import { InspectedModules } from '../../../src/runtime/inspector/inspected-modules.ts';
import { startInspectorServer } from '../../../src/runtime/inspector/inspector-server.ts';
import { attachDebugger } from '../../support/debug-client.ts';

describe('the address for debuggers', () => {
  it('tells what to attach to, as Node does', async (t) => {
    const { url, host, path } = await inspector(t);
    assert.match(url, /^ws:\/\/127\.0\.0\.1:\d+\/[\da-f-]{36}$/);
    const [target] = await json(host, '/json/list');
    assert.equal(target.type, 'node');
    assert.equal(target.title, 'game');
    assert.equal(target.webSocketDebuggerUrl, `${url}/game`);
    assert.equal(target.devtoolsFrontendUrl.split('&ws=')[1], `${host}/${path}/game`);
    assert.deepEqual(await json(host, '/json'), [target]);
    assert.deepEqual(await json(host, '/json/version'), { Browser: 'nk/1.2.3', 'Protocol-Version': '1.1' });
    assert.equal((await get(host, '/anything')).status, 404);
  });

  it('answers in one piece of a length that it names, since Chrome (chrome://inspect) reads nothing else', async (t) => {
    const { host } = await inspector(t);
    for (const path of ['/json/list', '/json/version']) {
      const { body, headers } = await get(host, path);
      assert.equal(headers['content-length'], `${Buffer.byteLength(body)}`, path);
      assert.equal(headers['transfer-encoding'], undefined, path);
    }
  });

  it('two servers have different tokens', async (t) => {
    assert.notEqual((await inspector(t)).path, (await inspector(t)).path);
  });

  it('sockets with the token are taken, for a module or for the first; those without are refused', async (t) => {
    const { url, host, path } = await inspector(t);
    const first = await attachDebugger(url);
    assert.deepEqual(await first.send('Debugger.enable'), { heard: 'Debugger.enable' });
    for (const wrong of ['/', '/game', `/${path.slice(0, -1)}/game`, `/${path}x/game`, `//${path.toUpperCase()}`]) {
      await assert.rejects(attachDebugger(`ws://${host}${wrong}`), /403/, wrong);
    }
  });

  it('a second debugger, and one of a module that is not there, are told why they cannot', async (t) => {
    const { url } = await inspector(t);
    await attachDebugger(`${url}/game`);
    assert.equal(await (await attachDebugger(`${url}/game`)).closed, 'another debugger is attached to game');
    assert.equal(await (await attachDebugger(`${url}/other`)).closed, 'there is no such module');
  });

  it('names of other hosts are refused: web pages cannot come by a name of theirs that stands for this host', async (t) => {
    const { url, host } = await inspector(t);
    for (const name of ['attacker.example', 'localhost.attacker.example', '127.0.0.1.attacker.example', ':9229']) {
      assert.equal((await get(host, '/json/list', { host: name })).status, 403, name);
      await assert.rejects(attachDebugger(url, { host: name }), /403/, name);
    }
    for (const name of ['localhost', 'LOCALHOST:9229', '127.0.0.1', '[::1]:9229', '10.0.0.1:9229']) {
      assert.equal((await get(host, '/json/list', { host: name })).status, 200, name);
    }
  });

  it('what modules request is refused, the token notwithstanding', async (t) => {
    const { url, host, path } = await inspector(t);
    const headers = { 'nk-call-depth': '1' };
    assert.equal((await get(host, '/json/list', headers)).status, 403);
    assert.equal((await get(host, `/${path}/json/list`, headers)).status, 403);
    await assert.rejects(attachDebugger(url, headers), /403/);
  });

  it('a token that was set is told to nobody, and must be shown for everything', async (t) => {
    const token = 'a-token-that-is-long_enough';
    const { url, host } = await inspector(t, token);
    assert.equal(url, `ws://${host}/<token>`);
    for (const path of ['/json', '/json/list', '/json/version', '/wrong/json/list']) {
      const { status, body } = await get(host, path);
      assert.equal(status, 403, path);
      assert.ok(!body.includes(token));
    }
    const [target] = await json(host, `/${token}/json/list`);
    await attachDebugger(target.webSocketDebuggerUrl);
    await assert.rejects(attachDebugger(`ws://${host}/${token}x`), /403/);
  });

  it('a taken port is told in one line', async (t) => {
    const { host } = await inspector(t);
    const port = Number(host.split(':')[1]);
    await assert.rejects(
      inspector(t, '', port),
      new RegExp(`no debugger port at 127\\.0\\.0\\.1:${port}: .*--inspect`),
    );
  });
});

/** An inspector of one module `game`, whose isolate answers each command with the command. */
async function inspector(t: TestContext, setToken = '', port = 0) {
  const modules = new InspectedModules();
  const worker = {
    send(head: string, body = '') {
      if (!head.startsWith('Q m')) return;
      const { id, method } = JSON.parse(body);
      const answer = JSON.stringify({ id, result: { heard: method } });
      setImmediate(() => modules.take(worker, ['Q', 'm', '1'], answer, ''));
    },
  };
  modules.take(worker, ['Q', 's', '1', '1', 'main'], '', 'game');
  const address = { host: '127.0.0.1', port, isLoopback: true };
  const server = await startInspectorServer({ modules, address, setToken, version: '1.2.3', modulesFolder: '/game' });
  t.after(() => server.stop());
  const [, , host, path] = server.url.split('/') as [string, string, string, string];
  return { url: server.url, host, path };
}

// biome-ignore lint/suspicious/noExplicitAny: what is read is what the test asks for
async function json(host: string, path: string): Promise<any> {
  const { status, body } = await get(host, path);
  assert.equal(status, 200, body);
  return JSON.parse(body);
}

/** As `fetch`, which sets the Host header by itself. */
function get(host: string, path: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number; body: string; headers: IncomingHttpHeaders }>((resolve, reject) => {
    const [hostname, port] = host.split(':');
    const sent = request({ hostname, port, path, headers, agent: false }, async (response) => {
      let body = '';
      for await (const chunk of response) body += String(chunk);
      resolve({ status: response.statusCode!, body, headers: response.headers });
    });
    sent.on('error', reject).end();
  });
}
