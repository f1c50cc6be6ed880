import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspectAddress } from '../../src/config/inspect-address.ts';
import { loadConfig } from '../../src/config/load.ts';

test('an address is a host and a port, or either', () => {
  const [host, port] = ['127.0.0.1', 9229];
  assert.deepEqual(inspectAddress('127.0.0.2:9300'), { host: '127.0.0.2', port: 9300, isLoopback: true });
  assert.deepEqual(inspectAddress('9300'), { host, port: 9300, isLoopback: true });
  assert.deepEqual(inspectAddress(':0'), { host, port: 0, isLoopback: true });
  assert.deepEqual(inspectAddress('localhost'), { host: 'localhost', port, isLoopback: true });
  assert.deepEqual(inspectAddress('[::1]:9300'), { host: '::1', port: 9300, isLoopback: true });
});

test('only addresses of this host count as loopback', () => {
  for (const text of ['0.0.0.0:9229', '[::]:9229', '10.0.0.1', 'game.example', 'localhost.example', '128.0.0.1']) {
    assert.equal(inspectAddress(text)?.isLoopback, false, text);
  }
});

test('what is no address is none', () => {
  for (const text of ['', ':', 'a b', '127.0.0.1:99999', '[127.0.0.1]:1', '::1', 'http://127.0.0.1:9229', '1.2.3.4:']) {
    assert.equal(inspectAddress(text), undefined, text);
  }
});

test('others than this host may debug only where a token is set', () => {
  const load = (environment: NodeJS.ProcessEnv) => loadConfig({ environment }).config.runtime;
  assert.throws(() => load({ NK_RUNTIME_INSPECT: '0.0.0.0:9229' }), /NK_RUNTIME_INSPECT.*runtime\.inspect_token/);
  assert.throws(() => load({ NK_RUNTIME_INSPECT: 'no address' }), /must be host:port/);
  assert.throws(() => load({ NK_RUNTIME_INSPECT_TOKEN: 'short' }), /16 or more letters/);
  const token = 'a-token-that-is-long_enough';
  const { inspect } = load({ NK_RUNTIME_INSPECT: '0.0.0.0:9229', NK_RUNTIME_INSPECT_TOKEN: token });
  assert.equal(inspect, '0.0.0.0:9229');
  assert.equal(load({}).inspect, '', 'nobody may by default');
});
