import type { ChannelMessage, Client, Notification, Party, Socket, StreamData } from '@heroiclabs/nakama-js';

interface Pushes {
  readonly message: ChannelMessage;
  readonly notification: Notification;
  readonly stream: StreamData;
  readonly party: Party;
}

/** A player with an open socket. */
export interface Connection {
  readonly userId: string;
  readonly socket: Socket;
  /** The next thing of a kind that the server pushes from now on. */
  next<K extends keyof Pushes>(kind: K): Promise<Pushes[K]>;
  close(): void;
}

/** Signs in by a device and opens a socket; session variables tell modules about the connection. */
export async function connect(client: Client, device: string, vars?: Record<string, string>): Promise<Connection> {
  const session = await client.authenticateDevice(device, true, undefined, vars);
  const socket = client.createSocket();
  const waiting = new Map<string, (push: never) => void>();
  const take = (kind: keyof Pushes) => (push: unknown) => waiting.get(kind)?.(push as never);
  socket.onchannelmessage = take('message');
  socket.onnotification = take('notification');
  socket.onstreamdata = take('stream');
  socket.onparty = take('party');
  socket.ondisconnect = () => {};
  await socket.connect(session, true);
  return {
    userId: session.user_id!,
    socket,
    next: (kind) => new Promise((resolve) => waiting.set(kind, resolve)),
    close: () => socket.disconnect(false),
  };
}
