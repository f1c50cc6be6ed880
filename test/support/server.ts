import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createConfig, type Value } from '../../src/config/config.ts';
import type { Key } from '../../src/config/schema.ts';
import { type Log, silentLog } from '../../src/observability/log.ts';
import { type RunningServer, type ServerOptions, startServer } from '../../src/server.ts';
import { createTestDatabase } from './databases.ts';

/** The modules that the README shows. */
export const exampleModules = fileURLToPath(new URL('../../examples/modules', import.meta.url));

export interface TestServerOptions {
  readonly modulesDir?: string;
  readonly database?: string;
  readonly watch?: boolean;
  readonly config?: Partial<Record<Key, Value>>;
  readonly log?: Log;
}

/** Starts a server on a free port, by default on the example modules and a database in memory; stopped by the tests' end. */
export async function startTestServer(options: TestServerOptions = {}): Promise<RunningServer> {
  const server = await startServer(serverOptions(options));
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    await server.stop();
  };
  after(stop);
  return { ...server, stop };
}

/**
 * Inside `describe`: a server for its tests on a database of a kind, started before the first and stopped after the
 * last. Read its properties in tests only.
 */
export function suiteServer(
  databaseKind: string,
  options: TestServerOptions = {},
): Pick<RunningServer, 'port' | 'url'> {
  let server: RunningServer | undefined;
  let drop: (() => Promise<void>) | undefined;
  before(async () => {
    const database = databaseKind === 'memory' ? undefined : await createTestDatabase(process.env.NK_TEST_POSTGRES!);
    drop = database?.drop;
    server = await startServer(serverOptions({ ...options, database: database?.url ?? 'memory' }));
  });
  after(async () => {
    await server?.stop();
    await drop?.();
  });
  return {
    get port() {
      return server!.port;
    },
    get url() {
      return server!.url;
    },
  };
}

/** The databases to test on: in memory always, PostgreSQL when NK_TEST_POSTGRES names a server. */
export const databaseKinds: readonly string[] = process.env.NK_TEST_POSTGRES ? ['memory', 'postgres'] : ['memory'];

function serverOptions(options: TestServerOptions): ServerOptions {
  return {
    config: createConfig({
      'socket.port': 0,
      'socket.address': '127.0.0.1',
      'session.token_expiry_sec': 7200,
      'session.refresh_token_expiry_sec': 14_400,
      ...options.config,
    }),
    modulesDir: options.modulesDir ?? exampleModules,
    database: options.database ?? 'memory',
    watch: options.watch ?? false,
    log: options.log ?? silentLog,
  };
}

/** An empty database of a kind, for processes that tests start; dropped by the end of the suite or test that asks. */
export async function freshDatabase(kind: string): Promise<string> {
  if (kind === 'memory') return 'memory';
  const { url, drop } = await createTestDatabase(process.env.NK_TEST_POSTGRES!);
  after(drop);
  return url;
}
