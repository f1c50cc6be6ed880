import { createConfig, type Value } from './config/config.ts';
import type { Key } from './config/schema.ts';
import { silentLog } from './observability/log.ts';
import { startServer } from './server.ts';

/** A real server for a project's tests: its modules, a database in memory, a free port of this machine. */
export interface TestServer {
  readonly url: string;
  /**
   * Signs a player in, made if there is none of this name.
   * @param username at least one letter
   * @param vars the session's variables, which modules see as `ctx.vars`
   */
  signIn(username: string, vars?: Readonly<Record<string, string>>): Promise<TestPlayer>;
  stop(): Promise<void>;
}

/** A signed-in player. Every call rejects with the server's message when it is refused. */
export interface TestPlayer {
  /** The session token. */
  readonly token: string;
  /** Calls an RPC with a JSON value and answers the JSON value of its payload; undefined when that is empty. */
  rpc(id: string, payload?: unknown): Promise<unknown>;
  get(path: string): Promise<unknown>;
  post(path: string, body?: unknown): Promise<unknown>;
  put(path: string, body?: unknown): Promise<unknown>;
  delete(path: string): Promise<unknown>;
}

export interface TestServerOptions {
  /** Settings that differ from the defaults, by their full names: `{ 'runtime.env': ['MODE=test'] }`. */
  readonly settings?: Partial<Record<Key, Value>>;
}

/**
 * Starts a server on a modules folder, for tests.
 * @throws Error when the modules do not load; the message shows where
 */
export async function startTestServer(modulesDir: string, options: TestServerOptions = {}): Promise<TestServer> {
  const config = createConfig({ 'socket.port': 0, 'socket.address': '127.0.0.1', ...options.settings });
  const server = await startServer({ config, modulesDir, database: 'memory', watch: false, log: silentLog });
  const { url } = server;
  const basic = `Basic ${Buffer.from(`${config.socket.server_key}:`).toString('base64')}`;
  return {
    url,
    async signIn(username, vars = {}) {
      const path = `/v2/account/authenticate/custom?username=${encodeURIComponent(username)}`;
      const session = await request(url, basic, 'POST', path, { id: `test-${username}`, vars });
      return player(url, (session as { token: string }).token);
    },
    stop: () => server.stop(),
  };
}

function player(url: string, token: string): TestPlayer {
  const call = (method: string, path: string, body?: unknown) => request(url, `Bearer ${token}`, method, path, body);
  return {
    token,
    async rpc(id, payload) {
      const text = payload === undefined ? '' : JSON.stringify(payload);
      const answer = (await call('POST', `/v2/rpc/${encodeURIComponent(id)}`, text)) as { payload?: string };
      return answer.payload ? JSON.parse(answer.payload) : undefined;
    },
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    put: (path, body) => call('PUT', path, body),
    delete: (path) => call('DELETE', path),
  };
}

async function request(url: string, authorization: string, method: string, path: string, body?: unknown) {
  const response = await fetch(url + path, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = (await response.json()) as { message?: string };
  if (!response.ok) throw new Error(answer.message ?? `${method} ${path}: ${response.status}`);
  return answer as unknown;
}
