import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { clientAddressOf } from '../../src/gateway/client-address.ts';

/** `address:port` of the client of a request from 10.0.0.9:4000 with this header. */
function addressOf(forwarded: string | undefined, proxyCount: number): string {
  const request = {
    headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded },
    socket: { remoteAddress: '::ffff:10.0.0.9', remotePort: 4000 },
  } as unknown as IncomingMessage;
  const { clientIp, clientPort } = clientAddressOf(request, proxyCount);
  return `${clientIp}:${clientPort}`;
}

test('without the header, or without proxies to believe, the client is the peer', () => {
  assert.equal(addressOf(undefined, 1), '10.0.0.9:4000');
  assert.equal(addressOf('1.1.1.1', 0), '10.0.0.9:4000');
});

test('as many entries from the end count as there are proxies; what the client itself wrote before them does not', () => {
  assert.equal(addressOf('6.6.6.6, 1.1.1.1', 1), '1.1.1.1:');
  assert.equal(addressOf('6.6.6.6, 1.1.1.1, 10.0.0.8', 2), '1.1.1.1:');
});

test('with fewer entries than proxies it is the first', () => {
  assert.equal(addressOf('1.1.1.1', 3), '1.1.1.1:');
});

test('entries may have ports and be IPv6; what is no address is passed over', () => {
  assert.equal(addressOf('1.1.1.1:55', 1), '1.1.1.1:55');
  assert.equal(addressOf('[2001:db8::1]:55', 1), '2001:db8::1:55');
  assert.equal(addressOf('2001:db8::1', 1), '2001:db8::1:');
  assert.equal(addressOf('1.1.1.1, unknown, ', 1), '1.1.1.1:');
  assert.equal(addressOf('unknown', 1), '10.0.0.9:4000');
});
