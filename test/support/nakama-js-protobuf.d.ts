/** The package's own declarations are not reachable through its `exports`. */
declare module '@heroiclabs/nakama-js-protobuf' {
  import type { WebSocketAdapter } from '@heroiclabs/nakama-js';

  export const WebSocketAdapterPb: new () => WebSocketAdapter;
}
