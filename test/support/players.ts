import { randomUUID } from 'node:crypto';
import { Client, type DefaultSocket, type Session, type Socket } from '@heroiclabs/nakama-js';
import { WebSocketAdapterPb } from '@heroiclabs/nakama-js-protobuf';

/** How a socket writes its messages; the stock client does both. */
export type SocketKind = 'json' | 'protobuf';

/** A player with the stock JavaScript client. */
export interface Player {
  readonly client: Client;
  readonly session: Session;
  readonly userId: string;
}

/** A stock client of the server. */
export function clientFor(server: { readonly port: number }, key = 'defaultkey'): Client {
  return new Client(key, '127.0.0.1', String(server.port));
}

/** Signs a new player in by device. */
export async function signIn(
  server: { readonly port: number },
  vars?: Record<string, string>,
  username?: string,
): Promise<Player> {
  const client = clientFor(server);
  const session = await client.authenticateDevice(`device-${randomUUID()}`, true, username, vars);
  return { client, session, userId: session.user_id! };
}

/** Less than the client's own limit, for its timer holds the process also when the socket has long been open. */
const CONNECT_LIMIT_MS = 5000;

/** Opens a socket of the stock client. */
export async function openSocket(player: Player, kind: SocketKind = 'json', isVisible = true): Promise<Socket> {
  const adapter = kind === 'protobuf' ? new WebSocketAdapterPb() : undefined;
  const socket = player.client.createSocket(false, false, adapter);
  socket.ondisconnect = () => {};
  await (socket as DefaultSocket).connect(player.session, isVisible, CONNECT_LIMIT_MS);
  return socket;
}

/** Collects what a listener of the stock client is called with; `next()` waits for one. */
export class Inbox<T> {
  readonly #items: T[] = [];
  #waiting: ((item: T) => void) | undefined;

  readonly push = (item: T): void => {
    if (this.#waiting) {
      const take = this.#waiting;
      this.#waiting = undefined;
      take(item);
    } else {
      this.#items.push(item);
    }
  };

  /** The next item, which may have come already. */
  next(): Promise<T> {
    const item = this.#items.shift();
    return item === undefined ? new Promise((resolve) => (this.#waiting = resolve)) : Promise.resolve(item);
  }

  get isEmpty(): boolean {
    return this.#items.length === 0;
  }
}
