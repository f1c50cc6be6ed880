import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { databaseFailure } from '../database/database-failure.ts';
import type { OperationCall } from '../features/feature.ts';
import { type HttpRpcResponse, handleHttpRpc, refuseHttpRpc } from '../features/rpc/http-rpc.ts';
import type { CallTimes } from '../observability/call-times.ts';
import type { Log } from '../observability/log.ts';
import { nextRequestId } from '../observability/request-id.ts';
import type { Identity } from '../protocol/identity.ts';
import { parseQueryString } from '../protocol/query-string.ts';
import { Status, StatusError } from '../protocol/status.ts';
import type { ModuleHost } from '../runtime/module-host.ts';
import { callDepthOf } from './call-depth.ts';
import { clientAddressOf } from './client-address.ts';
import { allowOrigin, answerPreflight, isPreflight } from './cors.ts';
import { basicUsername, bearerToken, isSameSecret, type TokenVerifier } from './credentials.ts';
import { OperationRunner, type OperationTarget } from './http-api.ts';
import { BodyTooLargeError, readBody } from './request-body.ts';
import { send, sendError, sendJson } from './response-body.ts';
import type { RouteTable } from './route-table.ts';

/** What the HTTP side of the server is made of. */
export interface HttpServerOptions {
  readonly routes: RouteTable<OperationTarget>;
  readonly modules: ModuleHost;
  readonly tokens: TokenVerifier;
  readonly serverKey: string;
  readonly httpKey: string;
  readonly maxBodyBytes: number;
  /** How long a request may take to arrive, its headers and its body together. */
  readonly readTimeoutMs: number;
  /** How long a response may take to leave once it is ready. */
  readonly writeTimeoutMs: number;
  /** Calls of modules that may lead to a request, each by `nk.httpRequest`. */
  readonly maxCallDepth: number;
  readonly idleTimeoutMs: number;
  /** Proxies in front of the server. */
  readonly proxyCount: number;
  /** Headers for every response that does not set them itself. */
  readonly responseHeaders: ReadonlyMap<string, string>;
  readonly times: CallTimes;
  readonly log: Log;
  /** Answers `GET /ws` without an upgrade. */
  readonly refuseSocket: (request: IncomingMessage, url: URL, response: ServerResponse) => void;
}

/** Header block limit: 9 KiB pass and 16 KiB do not, as in the reference. */
const MAX_HEADER_BYTES = 16 * 1024;
/** How often requests that take too long to arrive are looked for. */
const LATE_REQUESTS_INTERVAL_MS = 1_000;

/** The HTTP server, not yet listening. */
export function createHttpServer(options: HttpServerOptions): Server {
  const api = new HttpApi(options);
  const { readTimeoutMs, idleTimeoutMs } = options;
  const settings = {
    maxHeaderSize: MAX_HEADER_BYTES,
    headersTimeout: readTimeoutMs,
    requestTimeout: readTimeoutMs,
    connectionsCheckingInterval: Math.min(readTimeoutMs, LATE_REQUESTS_INTERVAL_MS),
    keepAliveTimeout: idleTimeoutMs,
    noDelay: true,
    // Clients that would like to speak HTTP/2 or TLS ask for it this way (Java's HttpClient does so by default), and
    // are served as if they had not.
    shouldUpgradeCallback: ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === 'websocket',
    // Of a request without a body nothing is to be read: 0.8 µs less for each.
    optimizeEmptyRequests: true,
  };
  return createServer(settings, (request, response) => api.handle(request, response));
}

class HttpApi {
  readonly #options: HttpServerOptions;
  readonly #runner: OperationRunner;
  readonly #onReady: (this: ServerResponse) => void;

  constructor(options: HttpServerOptions) {
    this.#options = options;
    this.#onReady = lateResponseGuard(options.writeTimeoutMs);
    this.#runner = new OperationRunner(options.modules, options.times, options.log);
  }

  handle(request: IncomingMessage, response: ServerResponse): void {
    response.on('prefinish', this.#onReady);
    for (const [name, value] of this.#options.responseHeaders) response.setHeader(name, value);
    if (isPreflight(request)) return answerPreflight(request, response);
    allowOrigin(request, response);
    const { path, query } = splitUrl(request.url ?? '/');
    if (path === '/ws' && request.method === 'GET') {
      return this.#options.refuseSocket(request, new URL(request.url!, 'http://localhost'), response);
    }
    if (path === '/' && request.method === 'GET') return void response.writeHead(200, { 'content-length': 0 }).end();
    const requestId = nextRequestId();
    this.#serve(request, response, path, query, requestId).catch((error) =>
      this.#fail(request, response, error, requestId),
    );
  }

  async #serve(
    request: IncomingMessage,
    response: ServerResponse,
    path: string,
    query: string,
    requestId: string,
  ): Promise<void> {
    const { routes, maxBodyBytes, maxCallDepth } = this.#options;
    const match = routes.find(request.method ?? 'GET', decodePath(path));
    if (!match.found) {
      request.resume();
      if (match.reason === 'unknown-path') throw new StatusError(Status.NOT_FOUND, 'there is nothing at this address');
      throw new StatusError(Status.UNIMPLEMENTED, `${request.method} is not what this address takes`);
    }
    const { target, parameters } = match;
    const depth = callDepthOf(request, maxCallDepth);
    const body = await readBody(request, maxBodyBytes);
    const search = parseQueryString(query);
    if (target.operation.auth === 'rpc') {
      const answer = await this.#rpc(request, parameters.id ?? '', search, body, requestId, depth);
      return send(request, response, answer.status, answer.contentType, answer.body);
    }
    const message = target.build({ pathParameters: parameters, query: search, body });
    const call: OperationCall = {
      identity: this.#authorize(request, target),
      ...clientAddressOf(request, this.#options.proxyCount),
      headers: request.headers,
      query: search,
      requestId,
      ...depth,
    };
    sendJson(request, response, 200, await this.#runner.run(target, message, call));
  }

  #authorize(request: IncomingMessage, target: OperationTarget): Identity | null {
    switch (target.operation.auth) {
      case 'none':
        return null;
      case 'serverKey': {
        const key = basicUsername(request.headers.authorization);
        if (key === null || !isSameSecret(key, this.#options.serverKey)) {
          throw new StatusError(
            Status.UNAUTHENTICATED,
            'the server key is required, as the user name of Basic credentials',
          );
        }
        return null;
      }
      default: {
        const token = bearerToken(request.headers.authorization);
        const identity = token ? this.#options.tokens.verify(token) : null;
        if (!identity)
          throw new StatusError(Status.UNAUTHENTICATED, 'the session token is missing, invalid or has expired');
        return identity;
      }
    }
  }

  #rpc(
    request: IncomingMessage,
    id: string,
    query: URLSearchParams,
    body: Buffer,
    requestId: string,
    depth: { readonly depth?: number },
  ): Promise<HttpRpcResponse> | HttpRpcResponse {
    const caller = this.#authorizeRpc(request, query);
    if (caller === 'refused') {
      return refuseHttpRpc(Status.UNAUTHENTICATED, 'a session token or the HTTP key is required');
    }
    return handleHttpRpc(
      {
        method: request.method ?? 'POST',
        id,
        query,
        rawHeaders: request.rawHeaders,
        body,
        identity: caller,
        ...clientAddressOf(request, this.#options.proxyCount),
        requestId,
        ...depth,
      },
      this.#options.modules,
    );
  }

  /** Who calls an RPC; null with the HTTP key. The key parameter is looked at first, and then decides alone. */
  #authorizeRpc(request: IncomingMessage, query: URLSearchParams): Identity | null | 'refused' {
    const { httpKey, tokens } = this.#options;
    const { authorization } = request.headers;
    const key = query.get('http_key') ?? basicUsername(authorization);
    if (key !== null) return isSameSecret(key, httpKey) ? null : 'refused';
    const token = bearerToken(authorization);
    return (token && tokens.verify(token)) || 'refused';
  }

  #fail(request: IncomingMessage, response: ServerResponse, error: unknown, requestId: string): void {
    if (response.headersSent || response.destroyed) {
      response.destroy();
      return;
    }
    if (error instanceof BodyTooLargeError) response.setHeader('connection', 'close');
    if (error instanceof StatusError) return sendError(request, response, error.code, error.message);
    const known = databaseFailure(error);
    if (known?.code === Status.INVALID_ARGUMENT) return sendError(request, response, known.code, known.message);
    const { method, url } = request;
    const facts = { err: error, request: requestId, method, path: url?.split('?')[0] };
    this.#options.log.error(facts, 'a request failed');
    if (known) return sendError(request, response, known.code, known.message);
    sendError(request, response, Status.INTERNAL, 'the server failed to answer this request');
  }
}

function splitUrl(url: string): { path: string; query: string } {
  const mark = url.indexOf('?');
  return mark < 0 ? { path: url, query: '' } : { path: url.slice(0, mark), query: url.slice(mark + 1) };
}

function decodePath(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    throw new StatusError(Status.INVALID_ARGUMENT, 'the address is not properly percent-encoded');
  }
}

/** Ends the connection of a response that the peer does not take. */
function lateResponseGuard(limitMs: number): (this: ServerResponse) => void {
  return function onReady() {
    const { socket } = this;
    if (!socket || socket.writableLength === 0) return;
    const late = setTimeout(() => socket.destroy(), limitMs);
    this.once('close', () => clearTimeout(late));
  };
}
