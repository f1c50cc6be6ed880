import { EventEmitter, once } from 'node:events';
import { after } from 'node:test';
import { WebSocket } from 'ws';

type Params = Record<string, unknown>;

/** What a debugger is told without having asked. */
export interface DebugEvent {
  readonly method: string;
  // biome-ignore lint/suspicious/noExplicitAny: the protocol's shapes are many, and tests read them as they are
  readonly params: any;
}

/** A debugger that speaks the Chrome DevTools Protocol. */
export class DebugClient {
  /** Everything that it was told, in order. */
  readonly events: DebugEvent[] = [];
  /** Sends a message to the other side. */
  transmit: (message: string) => void = () => {};
  readonly #heard = new EventEmitter().setMaxListeners(0);
  #lastId = 0;
  #read = 0;

  /** Takes a message of the other side. */
  receive(text: string): void {
    const message = JSON.parse(text);
    if (message.id !== undefined) this.#heard.emit(`${message.id}`, message);
    else {
      this.events.push(message);
      this.#heard.emit('event');
    }
  }

  /** Gives a command. Resolves to its result. @throws Error with the text that it is refused with */
  // biome-ignore lint/suspicious/noExplicitAny: as for events
  async send(method: string, params: Params = {}): Promise<any> {
    const id = ++this.#lastId;
    const answered = once(this.#heard, `${id}`);
    this.transmit(JSON.stringify({ id, method, params }));
    const [{ result, error }] = await answered;
    if (error) throw new Error(error.message);
    return result;
  }

  /** The next event of a kind after the one that was asked for last; waits for it. */
  async next(
    method: string,
    matches: (params: DebugEvent['params']) => boolean = () => true,
  ): Promise<DebugEvent['params']> {
    for (;;) {
      const at = this.events.findIndex((event, i) => {
        return i >= this.#read && event.method === method && matches(event.params);
      });
      if (at >= 0) {
        this.#read = at + 1;
        return this.events[at]!.params;
      }
      await once(this.#heard, 'event');
    }
  }
}

/** A debugger that came over a socket. */
export class SocketDebugClient extends DebugClient {
  /** Resolves to why the connection was closed. */
  readonly closed: Promise<string>;
  readonly #socket: WebSocket;

  constructor(socket: WebSocket) {
    super();
    this.#socket = socket;
    this.closed = new Promise((resolve) => socket.on('close', (_code, reason) => resolve(String(reason))));
    socket.on('error', () => {});
    this.transmit = (message) => socket.send(message);
    socket.on('message', (message) => this.receive(String(message)));
  }

  /** Goes away without a word. */
  drop(): void {
    this.#socket.terminate();
  }
}

/** Attaches to an address; dropped by the end of the test or suite. @throws Error when the socket is refused */
export async function attachDebugger(url: string, headers: Record<string, string> = {}): Promise<SocketDebugClient> {
  const socket = new WebSocket(url, { headers });
  const client = new SocketDebugClient(socket);
  await once(socket, 'open');
  after(() => socket.terminate());
  return client;
}

/** What an inspector offers to attach to, by an address that it named. */
export async function debugTargets(url: string): Promise<{ title: string; webSocketDebuggerUrl: string }[]> {
  const { host } = new URL(url);
  return (await (await fetch(`http://${host}/json/list`)).json()) as Awaited<ReturnType<typeof debugTargets>>;
}
