import { lookup } from 'node:dns';
import { Agent as HttpAgent, type IncomingMessage, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { CALL_DEPTH_HEADER } from '../../protocol/call-depth.ts';
import { type AddressPolicy, refusalOf } from './address-policy.ts';

/** Largest body of an answer, unpacked. */
export const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
/** Connections to one host; more requests wait, within their own time. */
const MAX_SOCKETS_PER_HOST = 64;
const MAX_IDLE_SOCKETS = 64;
/** Then an idle connection is closed, as that of Node's own agent: some servers never do. */
const IDLE_TIMEOUT_MS = 5_000;
const USER_AGENT = 'nk';
/** Methods that may be sent twice without harm. Source: RFC 9110, 9.2.2. */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'PUT', 'DELETE']);

const agentOptions = {
  keepAlive: true,
  maxSockets: MAX_SOCKETS_PER_HOST,
  maxFreeSockets: MAX_IDLE_SOCKETS,
  // Of a connection in use the agent says so to its request, which has a time of its own.
  timeout: IDLE_TIMEOUT_MS,
};
const httpAgent = new HttpAgent(agentOptions);
const httpsAgent = new HttpsAgent(agentOptions);
const insecureAgent = new HttpsAgent({ ...agentOptions, rejectUnauthorized: false });

/** One request to one URL, redirects not followed. */
export interface Exchange {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined for no body. */
  readonly body: Buffer | undefined;
  readonly insecure: boolean;
  readonly depth: number;
  readonly policy: AddressPolicy;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  /** Pairs of name and value, as on the wire. */
  readonly rawHeaders: readonly string[];
  readonly location: string | undefined;
  readonly body: Buffer;
}

/** Sends one request and reads the whole answer. @throws Error when there is none, it is cut off or too large */
export async function exchange(given: Exchange): Promise<Answer> {
  const response = await send(given);
  const packed = /^\s*(x-)?gzip\s*$/i.test(response.headers['content-encoding'] ?? '');
  // A client that asked for gzip itself gets what it asked for.
  const unpack = packed && !hasHeader(given.headers, 'accept-encoding') && given.method !== 'HEAD';
  const body = await readBody(response, unpack);
  return {
    status: response.statusCode ?? 0,
    rawHeaders: unpack ? withoutPacking(response.rawHeaders) : response.rawHeaders,
    location: response.headers.location,
    body,
  };
}

function send({ url, method, headers, body, insecure, depth, policy, signal }: Exchange): Promise<IncomingMessage> {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw new Error(`the scheme ${url.protocol} is not known`);
  const host = url.hostname.replace(/^\[|\]$/g, '');
  throwRefusal(host, host, policy);
  const secure = url.protocol === 'https:';
  const own: Record<string, string> = { [CALL_DEPTH_HEADER]: String(depth) };
  if (!hasHeader(headers, 'user-agent')) own['User-Agent'] = USER_AGENT;
  if (!hasHeader(headers, 'accept-encoding')) own['Accept-Encoding'] = 'gzip';
  if (body) own['Content-Length'] = String(body.length);
  const options = {
    method,
    headers: { ...sendable(headers), ...own },
    signal,
    rejectUnauthorized: !insecure,
    lookup: guardedLookup(policy),
  };
  const attempt = (agent: HttpAgent | false, again: boolean) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const request = (secure ? requestHttps : requestHttp)(url, { ...options, agent }, resolve);
      request.on('error', (error: NodeJS.ErrnoException) => {
        // The other side had closed the idle connection just when it was used again.
        const stale = request.reusedSocket && error.code === 'ECONNRESET';
        if (again && stale && REPEATABLE.has(method)) resolve(attempt(false, false));
        else reject(error);
      });
      // HTTP/1.1 connections stay open without being told to.
      if (agent) request.removeHeader('connection');
      request.end(body);
    });
  return attempt(secure ? (insecure ? insecureAgent : httpsAgent) : httpAgent, true);
}

async function readBody(response: IncomingMessage, unpack: boolean): Promise<Buffer> {
  // The failure of either end reaches whoever reads.
  const stream = unpack ? pipeline(response, createGunzip(), () => {}) : response;
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) {
      response.destroy();
      throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}

/** Looks a name up and refuses addresses: after the look-up that the connection uses, so that a name cannot stand for one. */
function guardedLookup(policy: AddressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error) return callback(error, []);
      try {
        for (const { address } of addresses) throwRefusal(hostname, address, policy);
      } catch (refusal) {
        return callback(refusal as Error, []);
      }
      if (options.all) return callback(null, addresses);
      const first = addresses[0]!;
      callback(null, first.address, first.family);
    });
  };
}

function throwRefusal(host: string, address: string, policy: AddressPolicy): void {
  const refusal = refusalOf(address, policy);
  if (refusal !== undefined) throw new Error(`${host} ${refusal}`);
}

function hasHeader(headers: Readonly<Record<string, string>>, name: string): boolean {
  return Object.keys(headers).some((given) => given.toLowerCase() === name);
}

/** Headers that frame the message, or bound what it causes, are the client's own; values go out as UTF-8, which Node writes as the bytes of Latin-1. */
function sendable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const lines = Object.entries(headers).filter(([name]) => !ownHeaders.has(name.toLowerCase()));
  return Object.fromEntries(lines.map(([name, value]) => [name, Buffer.from(value).toString('latin1')]));
}

const ownHeaders: ReadonlySet<string> = new Set([
  'content-length',
  'transfer-encoding',
  'connection',
  CALL_DEPTH_HEADER,
]);

/** What no longer holds once the body is unpacked. */
function withoutPacking(rawHeaders: readonly string[]): string[] {
  const kept: string[] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    if (/^content-(encoding|length)$/i.test(rawHeaders[i]!)) continue;
    kept.push(rawHeaders[i]!, rawHeaders[i + 1]!);
  }
  return kept;
}
