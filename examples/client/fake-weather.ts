import { once } from 'node:events';
import { createServer } from 'node:http';

/** A weather service in which it is always as warm as it is told; answers as open-meteo.com does. */
export async function startFakeWeather(port: number, celsius: number): Promise<{ close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ current: { temperature_2m: celsius } }));
  });
  await once(server.listen(port, '127.0.0.1'), 'listening');
  return {
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
