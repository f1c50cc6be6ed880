import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { moduleFolder } from '../support/module-folder.ts';
import { startTestServer } from '../support/server.ts';

/** An RPC that tells what requests to addresses (a JSON list) come to. */
const attacker = `
function InitModule(ctx, logger, nk, initializer) {
  initializer.registerRpc('fetch', (ctx, logger, nk, payload) => JSON.stringify(JSON.parse(payload).map((url) => {
    const headers = { Host: 'localhost', 'nk-call-depth': '0', 'NK-Call-Depth': '', Upgrade: 'websocket', Connection: 'Upgrade' };
    try { const { code, body } = nk.httpRequest(url, 'get', headers, '', 2000); return code + body; }
    catch (error) { return error.message; }
  })));
}
`;

describe('who may debug', () => {
  it('nobody by default: the server listens for clients and for nothing else', async () => {
    const before = listeners();
    const server = await startTestServer();
    assert.equal(server.debuggerUrl, undefined);
    assert.equal(listeners() - before, 1);
    const inspected = await startTestServer({ config: { 'runtime.inspect': '127.0.0.1:0' } });
    assert.ok(inspected.debuggerUrl);
    assert.equal(listeners() - before, 3);
  });

  it('not a module: what nk.httpRequest asks the inspector is refused, and tells no token', async (t) => {
    const modulesDir = await moduleFolder(t, { 'main.js': attacker });
    const server = await startTestServer({ modulesDir, config: { 'runtime.inspect': '127.0.0.1:0' } });
    const { host, port, pathname } = new URL(server.debuggerUrl!);
    const urls = [
      `http://${host}/json/list`,
      `http://localhost:${port}/json`,
      `http://[::ffff:127.0.0.1]:${port}/json/list`,
      `http://${host}${pathname}`,
    ];
    const response = await fetch(`${server.url}/v2/rpc/fetch?http_key=defaulthttpkey&unwrap`, {
      method: 'POST',
      body: JSON.stringify(urls),
    });
    const answers = (await response.json()) as string[];
    assert.equal(answers.length, urls.length);
    for (const answer of answers) assert.doesNotMatch(answer, /webSocketDebuggerUrl|^1|^2/);
    assert.match(answers[0]!, /^403.*modules must not debug/s);
    assert.doesNotMatch(JSON.stringify(answers.slice(0, 3)), new RegExp(pathname.slice(1)));
  });
});

/** Servers of this process that listen. */
function listeners(): number {
  return process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
}
