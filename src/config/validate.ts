import { type Config, settingValue } from './config.ts';
import { inspectAddress } from './inspect-address.ts';
import { type Origin, originError } from './origin.ts';
import type { Key } from './schema.ts';

const neverEmpty: readonly Key[] = [
  'name',
  'session.encryption_key',
  'session.refresh_encryption_key',
  'socket.server_key',
  'runtime.http_key',
];

const urls: readonly Key[] = [
  'social.apple.certs_url',
  'social.facebook.graph_url',
  'social.facebook_limited_login.certs_url',
  'social.google.certs_url',
  'social.google.players_url',
  'social.steam.api_url',
];

/**
 * Checks what no setting shows by itself.
 * @throws UserError for the first thing that is wrong
 */
export function checkTogether(config: Config, originOf: (key: Key) => Origin): void {
  const { session, socket, runtime } = config;
  const refuse = (key: Key, text: string) => {
    throw originError(originOf(key), `${key} ${text}`);
  };
  for (const key of neverEmpty) if (settingValue(config, key) === '') refuse(key, 'must not be empty');
  for (const key of urls) {
    if (!/^https?:$/.test(URL.parse(String(settingValue(config, key)))?.protocol ?? '')) refuse(key, 'must be a URL');
  }
  if (!/^https?:\/\/[^/]+$/.test(config.social.gamecenter.key_origin)) {
    refuse('social.gamecenter.key_origin', 'must be an origin, like https://*.apple.com');
  }
  if (session.encryption_key === session.refresh_encryption_key) {
    refuse('session.refresh_encryption_key', 'must differ from session.encryption_key');
  }
  if (session.single_match && !session.single_socket) refuse('session.single_match', 'needs session.single_socket');
  if (session.single_party && !session.single_socket) refuse('session.single_party', 'needs session.single_socket');
  if (socket.ping_period_ms >= socket.pong_wait_ms) {
    refuse('socket.ping_period_ms', `must be less than socket.pong_wait_ms (${socket.pong_wait_ms})`);
  }
  for (const key of ['socket.ssl_certificate', 'socket.ssl_private_key'] as const) {
    if (settingValue(config, key)) refuse(key, 'must be empty: put a proxy that speaks TLS in front of nk');
  }
  if (!socket.response_headers.every(isAssignment)) refuse('socket.response_headers', 'must be a list of Name=value');
  if (!runtime.env.every(isAssignment)) refuse('runtime.env', 'must be a list of KEY=VALUE');
  if (runtime.min_isolates > runtime.max_isolates) {
    refuse('runtime.min_isolates', `must not be more than runtime.max_isolates (${runtime.max_isolates})`);
  }
  checkInspection(config, refuse);
  // A variable that a script's --database "$URL" did not find must not become the embedded database.
  if (config.database.address.length === 0 && originOf('database.address').source === 'flag') {
    refuse('database.address', 'must not be empty');
  }
  if (config.database.address.length > 1) refuse('database.address', 'must be one address');
}

function checkInspection({ runtime }: Config, refuse: (key: Key, text: string) => void): void {
  const address = inspectAddress(runtime.inspect);
  if (runtime.inspect_token !== '' && !/^[\w-]{16,}$/.test(runtime.inspect_token)) {
    refuse('runtime.inspect_token', 'must be 16 or more letters, digits, - and _');
  }
  if (runtime.inspect === '') return;
  if (!address) refuse('runtime.inspect', 'must be host:port, a host or a port');
  else if (!address.isLoopback && runtime.inspect_token === '') {
    refuse(
      'runtime.inspect',
      'must be an address of this host alone, like 127.0.0.1:9229, unless runtime.inspect_token is set: who attaches runs code in the server',
    );
  }
}

function isAssignment(entry: string): boolean {
  return entry.indexOf('=') > 0;
}
