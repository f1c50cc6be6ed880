import { type Config, settingValue } from './config.ts';
import { type Key, settingOf } from './schema.ts';

const guardedKeys: readonly Key[] = [
  'socket.server_key',
  'session.encryption_key',
  'session.refresh_encryption_key',
  'runtime.http_key',
];

/** The keys that everybody knows because they were left at their defaults: whoever knows them can sign in as anyone. */
export function defaultKeyWarnings(config: Config): readonly Key[] {
  return guardedKeys.filter((key) => settingValue(config, key) === settingOf(key).default);
}
