import { randomUUID, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse, STATUS_CODES } from 'node:http';
import { type AddressInfo, isIP } from 'node:net';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { type WebSocket, WebSocketServer } from 'ws';
import type { InspectAddress } from '../../config/inspect-address.ts';
import { UserError } from '../../config/user-error.ts';
import { CALL_DEPTH_HEADER } from '../../protocol/call-depth.ts';
import { DebugConnection } from './debug-connection.ts';
import type { DebugTarget, InspectedModules } from './inspected-modules.ts';

export interface InspectorServerOptions {
  readonly modules: InspectedModules;
  readonly address: InspectAddress;
  /** `runtime.inspect_token`; empty for one that is made now. */
  readonly setToken: string;
  readonly version: string;
  readonly modulesFolder: string;
}

export interface InspectorServer {
  /** `ws://…` with the token; `<token>` stands for one that was set. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Longest message of a debugger. */
const MAX_MESSAGE_BYTES = 16 * 1024 * 1024;
/** What may wait for a debugger that does not read; more ends the connection. */
const MAX_UNSENT_BYTES = 256 * 1024 * 1024;
const CLOSE_GOING_AWAY = 1001;
/** A close frame's reason has 123 bytes at most. */
const MAX_REASON_LENGTH = 100;

/**
 * Lets debuggers that speak the Chrome DevTools Protocol attach to modules, in the manner of Node's own inspector.
 * Every socket's path begins with the token. One that was made is told to who asks on the machine itself (`/json/list`,
 * as Node does); one that was set must be shown for that, too, as the first part of the path. Names of other hosts in
 * the Host header (DNS rebinding) are refused, and so are requests of modules.
 * @throws UserError when the port cannot be had
 */
export async function startInspectorServer(options: InspectorServerOptions): Promise<InspectorServer> {
  const { address, setToken, modules } = options;
  const token = setToken || randomUUID();
  const discovery = new Discovery(options, token);
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, perMessageDeflate: false });
  const http = createServer((request, response) => discovery.answer(request, response));
  http.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, address.host);
    const path = pathOf(request);
    if (refusal) refuse(socket, 403, refusal);
    else if (!isToken(path[0], token)) refuse(socket, 403, 'the token in the path is wrong');
    else sockets.handleUpgrade(request, socket, head, (client) => attach(client, path[1], modules));
  });
  http.listen(address.port, address.host);
  try {
    await once(http, 'listening');
  } catch (error) {
    const { message } = error as Error;
    const place = `${address.host}:${address.port}`;
    throw new UserError(`no debugger port at ${place}: ${message}; choose another with --inspect`, { cause: error });
  }
  const { port } = http.address() as AddressInfo;
  return {
    url: `ws://${isIP(address.host) === 6 ? `[${address.host}]` : address.host}:${port}/${setToken ? '<token>' : token}`,
    async stop() {
      modules.stop();
      const closed = once(http, 'close');
      http.close();
      for (const client of sockets.clients) client.terminate();
      http.closeAllConnections();
      await closed;
    },
  };
}

function attach(client: WebSocket, id: string | undefined, modules: InspectedModules): void {
  const close = (reason: string) => client.close(CLOSE_GOING_AWAY, reason.slice(0, MAX_REASON_LENGTH));
  const attachment = DebugConnection.open(modules, id, {
    send(message) {
      if (client.bufferedAmount > MAX_UNSENT_BYTES) client.terminate();
      else client.send(message);
    },
    close,
  });
  if (typeof attachment === 'string') {
    close(attachment);
    return;
  }
  client.on('message', (message) => attachment.receive(String(message)));
  client.on('close', () => attachment.detach());
  client.on('error', () => client.terminate());
}

/** What there is to attach to, as JSON, at the paths that Chrome and Node use for it. */
class Discovery {
  readonly #options: InspectorServerOptions;
  readonly #token: string;

  constructor(options: InspectorServerOptions, token: string) {
    this.#options = options;
    this.#token = token;
  }

  answer(request: IncomingMessage, response: ServerResponse): void {
    const { address, setToken, version, modules } = this.#options;
    const refusal = refusalOf(request, address.host);
    const path = pathOf(request);
    const showsToken = isToken(path[0], this.#token);
    if (refusal) respond(response, 403, { error: refusal });
    else if (setToken !== '' && !showsToken)
      respond(response, 403, { error: 'the token in the path is missing or wrong' });
    else {
      switch ((showsToken ? path.slice(1) : path).join('/')) {
        case 'json':
        case 'json/list':
          respond(
            response,
            200,
            modules.targets().map((target) => this.#entry(target, request.headers.host!)),
          );
          return;
        case 'json/version':
          respond(response, 200, { Browser: `nk/${version}`, 'Protocol-Version': '1.1' });
          return;
        default:
          respond(response, 404, { error: 'see /json/list' });
      }
    }
  }

  #entry({ id, title }: DebugTarget, host: string): object {
    const socket = `${host}/${this.#token}/${id}`;
    const frontend = (page: string) => `devtools://devtools/bundled/${page}?experiments=true&v8only=true&ws=${socket}`;
    return {
      description: 'nk module',
      devtoolsFrontendUrl: frontend('js_app.html'),
      devtoolsFrontendUrlCompat: frontend('inspector.html'),
      id,
      title,
      type: 'node',
      url: pathToFileURL(this.#options.modulesFolder).href,
      webSocketDebuggerUrl: `ws://${socket}`,
    };
  }
}

/** Why a request is refused whatever it asks for: it comes from a web page, or from a module. */
function refusalOf({ headers }: IncomingMessage, ownHost: string): string | undefined {
  if (headers[CALL_DEPTH_HEADER] !== undefined) return 'modules must not debug';
  const name = (headers.host ?? '')
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase();
  const isKnown = isIP(name) !== 0 || name === 'localhost' || name === ownHost.toLowerCase();
  return isKnown ? undefined : 'the Host header must be an IP address or localhost';
}

function pathOf({ url = '/' }: IncomingMessage): string[] {
  const [path] = url.split('?', 1);
  return path!.split('/').filter((part) => part !== '');
}

function isToken(given: string | undefined, token: string): boolean {
  const [a, b] = [Buffer.from(given ?? ''), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function respond(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body, undefined, 2);
  const headers = {
    'content-type': 'application/json; charset=UTF-8',
    'cache-control': 'no-cache',
    // Chrome's search for targets does not read bodies in chunks.
    'content-length': Buffer.byteLength(text),
  };
  response.writeHead(status, headers).end(text);
}

function refuse(socket: Duplex, status: number, reason: string): void {
  const body = `${reason}\n`;
  const head = `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  socket.end(head + body);
}
