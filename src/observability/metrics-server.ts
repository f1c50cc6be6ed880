import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { UserError } from '../config/user-error.ts';
import type { Metrics } from './metrics.ts';

export interface MetricsServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Lets Prometheus fetch the metrics at `http://…:port/`, the process's own numbers among them.
 * @throws UserError when the port cannot be had
 */
export async function serveMetrics(metrics: Metrics, port: number, address = ''): Promise<MetricsServer> {
  metrics.collectProcess();
  const server = createServer((_request, response) => {
    metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.listen(port, address || undefined);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { message } = error as Error;
    throw new UserError(`no metrics on port ${port}: ${message}; choose another with --metrics.prometheus_port`, {
      cause: error,
    });
  }
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
