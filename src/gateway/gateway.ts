import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../config/user-error.ts';
import type { SocketServer } from './socket-server.ts';

/** The edge as a whole: one port for HTTP and sockets, opened and closed. */
export class Gateway {
  readonly #http: Server;
  readonly #sockets: SocketServer;
  /** Resolves when the last connection has gone; made when closing begins. */
  #closed: Promise<unknown> | undefined;

  constructor(http: Server, sockets: SocketServer) {
    this.#http = http;
    this.#sockets = sockets;
    sockets.attach(http);
  }

  /**
   * Starts to take requests. Port 0 is any free one, an empty address all of those of the protocol: `tcp`, IPv4 and
   * IPv6, `tcp4` or `tcp6`.
   * @returns the port
   * @throws Error that says what to do when the port is taken or not allowed
   */
  async listen(port: number, address: string, protocol = 'tcp'): Promise<number> {
    const host = address || (protocol === 'tcp4' ? '0.0.0.0' : undefined);
    this.#http.listen({ port, host, ipv6Only: protocol === 'tcp6' });
    try {
      await once(this.#http, 'listening');
    } catch (error) {
      throw explained(error, port, address);
    }
    return (this.#http.address() as AddressInfo).port;
  }

  /** Takes no new connections; those that are open go on. */
  stopAccepting(): void {
    this.#closed ??= once(this.#http, 'close');
    this.#http.close();
    this.#sockets.stopAccepting();
  }

  /** Tells every socket that the server stops and waits until all connections are gone, at most for `graceMs`. */
  async closeConnections(graceMs: number): Promise<void> {
    if (!this.#closed) return;
    this.#sockets.closeAll();
    this.#http.closeIdleConnections();
    const late = setTimeout(() => {
      this.#sockets.terminateAll();
      this.#http.closeAllConnections();
    }, graceMs);
    await this.#closed;
    clearTimeout(late);
  }
}

function explained(error: unknown, port: number, address: string): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const place = address ? `${address}:${port}` : `port ${port}`;
  switch (code) {
    case 'EADDRINUSE':
      return new UserError(`${place} is taken: stop what listens there, or choose another with --port`, {
        cause: error,
      });
    case 'EACCES':
      return new UserError(`${place} needs rights that this user does not have: choose a port above 1023 with --port`, {
        cause: error,
      });
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return new UserError(`this machine has no address ${address}: choose another with --host`, { cause: error });
    default:
      return new UserError(`cannot listen on ${place}: ${message}`, { cause: error });
  }
}
