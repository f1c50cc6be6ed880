import { BlockList, isIP } from 'node:net';

const DEFAULT_HOST = '127.0.0.1';
/** Node's own port for debuggers. */
const DEFAULT_PORT = 9229;
const MAX_PORT = 65_535;

/** Where debuggers attach when nothing is named. */
export const DEFAULT_INSPECT_ADDRESS = `${DEFAULT_HOST}:${DEFAULT_PORT}`;

export interface InspectAddress {
  readonly host: string;
  /** 0 for any free one. */
  readonly port: number;
  /** True when only this machine reaches it. */
  readonly isLoopback: boolean;
}

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8);
loopback.addAddress('::1', 'ipv6');

/** Reads `host:port`, `host` or `port`, with IPv6 addresses in brackets; undefined for what is none of them. */
export function inspectAddress(text: string): InspectAddress | undefined {
  const isPort = /^:?\d+$/.test(text);
  const whole = isPort ? `${DEFAULT_HOST}:${text.replace(':', '')}` : text;
  const [, bracketed, name, portText] = /^(?:\[([^\]]+)\]|([\w.-]+))(?::(\d+))?$/.exec(whole) ?? [];
  const host = bracketed ?? name;
  const port = Number(portText ?? DEFAULT_PORT);
  if (host === undefined || port > MAX_PORT || (bracketed !== undefined && isIP(bracketed) !== 6)) return undefined;
  return { host, port, isLoopback: isLoopback(host) };
}

function isLoopback(host: string): boolean {
  const family = isIP(host);
  return family === 0 ? host.toLowerCase() === 'localhost' : loopback.check(host, family === 6 ? 'ipv6' : 'ipv4');
}
