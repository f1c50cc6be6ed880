import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import type { Log } from '../observability/log.ts';
import type { Session, SocketFormat } from '../realtime/session.ts';
import type { SessionRegistry } from '../realtime/session-registry.ts';
import type { SocketWriterLimits } from '../realtime/socket-writer.ts';
import { clientAddressOf } from './client-address.ts';
import { bearerToken, type TokenVerifier } from './credentials.ts';
import type { EnvelopeDispatcher } from './envelope-dispatcher.ts';
import { Inbox } from './inbox.ts';
import { type SocketHandshake, SocketSession } from './socket-session.ts';

/** What the socket side of the server is made of. */
export interface SocketServerOptions {
  readonly tokens: TokenVerifier;
  readonly dispatcher: EnvelopeDispatcher;
  readonly sessions: SessionRegistry;
  readonly maxMessageBytes: number;
  readonly writerLimits: SocketWriterLimits;
  readonly pingPeriodMs: number;
  readonly pongWaitMs: number;
  /** Messages since the last ping that make the next one unnecessary. */
  readonly pingBackoffThreshold: number;
  /** How long a socket may take to answer a close frame. */
  readonly closeWaitMs: number;
  /** Proxies in front of the server. */
  readonly proxyCount: number;
  readonly log: Log;
  /** Called when a session has been registered; `visible` is what the client asked for by `status`. */
  readonly onOpen: (session: Session, visible: boolean) => void;
  /** Called once when the connection has ended in any way. */
  readonly onClose: (session: Session, presenceReason: number) => void;
}

/** Messages of one socket that may wait for those before them; past this it is not read from. */
const MAX_WAITING_MESSAGES = 64;
/** How often idle sockets are looked for. */
const SWEEP_INTERVAL_MS = 1_000;

/** A `ws` socket that knows its session, so that its listeners can be the same functions for all. */
class NkSocket extends WebSocket {
  session: SocketSession | undefined;
  inbox: Inbox | undefined;
}

/** Sockets at `/ws`: handshake, messages in, idle time and end. */
export class SocketServer {
  readonly #options: SocketServerOptions;
  readonly #sockets: WebSocketServer;
  #sweep: NodeJS.Timeout | undefined;
  #accepting = true;

  constructor(options: SocketServerOptions) {
    this.#options = options;
    const settings = {
      noServer: true,
      perMessageDeflate: false,
      maxPayload: options.maxMessageBytes,
      clientTracking: false,
      closeTimeout: options.closeWaitMs,
      WebSocket: NkSocket as never,
    };
    this.#sockets = new WebSocketServer(settings);
  }

  /** Takes the upgrade requests of a server. */
  attach(server: Server): void {
    server.on('upgrade', (request, stream, head) => this.#upgrade(request, stream, head));
    this.#sweep = setInterval(() => this.#pingIdle(), SWEEP_INTERVAL_MS).unref();
  }

  /** Answers a `GET /ws` that asks for no upgrade. */
  refuse(request: IncomingMessage, url: URL, response: ServerResponse): void {
    const outcome = this.#handshake(request, url);
    const status = typeof outcome === 'number' ? outcome : 400;
    response.writeHead(status, { 'content-type': 'text/plain' }).end(refusalText(status));
  }

  /** Takes no new sockets; those that are open go on. */
  stopAccepting(): void {
    this.#accepting = false;
  }

  /** Tells every socket that the server stops. */
  closeAll(): void {
    clearInterval(this.#sweep);
    for (const session of [...this.#options.sessions.all()]) session.close('the server is shutting down');
  }

  /** Ends every socket without a word. */
  terminateAll(): void {
    for (const session of [...this.#options.sessions.all()]) {
      if (session instanceof SocketSession) session.terminate();
    }
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Node takes its own listener away; without one, a client that resets the connection ends the process.
    stream.on('error', () => stream.destroy());
    const url = URL.parse(request.url ?? '/', 'http://localhost');
    if (url?.pathname !== '/ws') return refuseUpgrade(stream, 404);
    if (!this.#accepting) return refuseUpgrade(stream, 503);
    const handshake = this.#handshake(request, url);
    if (typeof handshake === 'number') return refuseUpgrade(stream, handshake);
    this.#sockets.handleUpgrade(request, stream, head, (socket) => {
      this.#open(socket as NkSocket, stream, handshake, url.searchParams.get('status') === 'true');
    });
  }

  /** The handshake's parameters, or the HTTP status that refuses it. */
  #handshake(request: IncomingMessage, url: URL): SocketHandshake | number {
    const format = url.searchParams.get('format') ?? 'json';
    if (format !== 'json' && format !== 'protobuf') return 400;
    const { authorization } = request.headers;
    const token = authorization === undefined ? url.searchParams.get('token') : bearerToken(authorization);
    const identity = token ? this.#options.tokens.verify(token) : null;
    if (!identity) return 401;
    return {
      identity,
      format: format satisfies SocketFormat,
      lang: url.searchParams.get('lang') || 'en',
      ...clientAddressOf(request, this.#options.proxyCount),
    };
  }

  #open(socket: NkSocket, stream: Duplex, handshake: SocketHandshake, visible: boolean): void {
    const { sessions, writerLimits, dispatcher } = this.#options;
    const session = new SocketSession(socket, stream, handshake, writerLimits);
    socket.session = session;
    socket.inbox = new Inbox(session, dispatcher, MAX_WAITING_MESSAGES);
    socket.on('message', onMessage);
    socket.on('pong', onPong);
    socket.on('error', onError);
    socket.on('close', () => this.#closed(socket));
    sessions.add(session);
    this.#options.onOpen(session, visible);
  }

  #closed(socket: NkSocket): void {
    const session = socket.session;
    if (!session) return;
    session.markClosed();
    socket.inbox?.clear();
    this.#options.sessions.remove(session.id);
    this.#options.onClose(session, session.leaveReason);
  }

  /** Pings who has been silent for a while, and gives up who has been silent for too long. */
  #pingIdle(): void {
    const { sessions, pingPeriodMs, pongWaitMs, pingBackoffThreshold } = this.#options;
    const now = Date.now();
    for (const session of sessions.all()) {
      if (!(session instanceof SocketSession) || session.isPaused) continue;
      if (now - session.lastSeenMs >= pongWaitMs) session.terminate();
      else if (now - session.lastPingMs < pingPeriodMs) continue;
      else if (session.messagesSincePing >= pingBackoffThreshold) session.skipPing(now);
      else session.ping(now);
    }
  }
}

function onMessage(this: WebSocket, data: Buffer, isBinary: boolean): void {
  const { session, inbox } = this as NkSocket;
  if (!session || !inbox || session.isClosed) return;
  session.lastSeenMs = Date.now();
  session.messagesSincePing++;
  if (isBinary !== (session.format === 'protobuf')) return session.close('this socket takes another kind of frame');
  inbox.push(isBinary ? data : data.toString());
}

function onPong(this: WebSocket): void {
  const { session } = this as NkSocket;
  if (session) session.lastSeenMs = Date.now();
}

/** Broken frames: `ws` closes the connection by itself, with the code that says why. */
function onError(this: WebSocket): void {}

function refuseUpgrade(stream: Duplex, status: number): void {
  const text = refusalText(status);
  // A client that keeps its side open must not keep ours.
  stream.once('finish', () => stream.destroy());
  stream.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: text/plain\r\nContent-Length: ${text.length}\r\nConnection: close\r\n\r\n${text}`,
  );
}

function refusalText(status: number): string {
  switch (status) {
    case 401:
      return 'Missing or invalid token';
    case 400:
      return 'Not a valid socket request: it must be an upgrade, with format json or protobuf';
    case 503:
      return 'The server is shutting down';
    default:
      return 'There is nothing at this address';
  }
}
