import type { IncomingMessage } from 'node:http';
import { isIP, type Socket } from 'node:net';

/** Where a request comes from. */
export interface ClientAddress {
  readonly clientIp: string;
  /** Empty when a proxy does not tell. */
  readonly clientPort: string;
}

/**
 * Tells the client's address, with `proxyCount` proxies of one's own in front of the server (`socket.proxy_count`).
 * Each proxy appends whom it speaks for to X-Forwarded-For, so that many entries from the end are to be trusted; what
 * stands before them is what the client says of itself. Requests that came past the proxies have no such entries:
 * then it is the peer.
 */
export function clientAddressOf(request: IncomingMessage, proxyCount: number): ClientAddress {
  const forwarded = proxyCount > 0 ? request.headers['x-forwarded-for'] : undefined;
  if (typeof forwarded === 'string') {
    const entries = forwarded
      .split(',')
      .map(parseEntry)
      .filter((entry) => entry !== null);
    const client = entries.at(-proxyCount) ?? entries[0];
    if (client) return client;
  }
  return peerOf(request.socket);
}

/** Who is at the other end of each connection: it stays the same. */
const peers = new WeakMap<Socket, ClientAddress>();

function peerOf(socket: Socket): ClientAddress {
  let peer = peers.get(socket);
  if (!peer) {
    const { remoteAddress = '', remotePort = '' } = socket;
    peer = { clientIp: withoutMapping(remoteAddress), clientPort: String(remotePort) };
    peers.set(socket, peer);
  }
  return peer;
}

/** An address alone or with a port: `1.2.3.4:567`, `[::1]:567`. Null for what is none. */
function parseEntry(entry: string): ClientAddress | null {
  const text = entry.trim();
  if (isIP(text)) return { clientIp: withoutMapping(text), clientPort: '' };
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? '';
  return isIP(address) ? { clientIp: withoutMapping(address), clientPort: port } : null;
}

/** An IPv4 address as such, also where it came over IPv6. */
function withoutMapping(address: string): string {
  return address.startsWith('::ffff:') && address.includes('.') ? address.slice('::ffff:'.length) : address;
}
