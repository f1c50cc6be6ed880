import { type Key, keys, type schema, settingOf } from './schema.ts';
import type { Setting } from './setting.ts';

/** The value of one setting. */
export type Value = string | number | boolean | readonly string[];

type ValueOf<S> = S extends Setting<infer T> ? T : never;
type Head<K> = K extends `${infer H}.${string}` ? H : K;
type Below<S, H extends string> = { [K in keyof S as K extends `${H}.${infer Rest}` ? Rest : never]: S[K] };
type Nested<S> = {
  readonly [H in Head<keyof S> & string]: H extends keyof S ? ValueOf<S[H]> : Nested<Below<S, H>>;
};

/** The whole configuration, nested as its keys are: `config.session.token_expiry_sec`. Derived from the schema. */
export type Config = Nested<typeof schema>;

/** A configuration of defaults, but for the given values. Values are taken as they are: see `loadConfig` for checks. */
export function createConfig(values: Partial<Record<Key, Value>> = {}): Config {
  const root: Record<string, unknown> = {};
  for (const key of keys) setIn(root, key.split('.'), values[key] ?? settingOf(key).default);
  return root as Config;
}

/** The value of a key given by its full name. */
export function settingValue(config: Config, key: Key): Value {
  let value: unknown = config;
  for (const part of key.split('.')) value = (value as Record<string, unknown>)[part];
  return value as Value;
}

/** `runtime.env` as modules see it in `ctx.env`; the last of equal names counts. */
export function runtimeEnvironment(config: Config): Readonly<Record<string, string>> {
  return Object.fromEntries(config.runtime.env.map(assignment));
}

/** `socket.response_headers` by their names; the last of equal names counts. */
export function responseHeaders(config: Config): ReadonlyMap<string, string> {
  return new Map(config.socket.response_headers.map(assignment));
}

/** Name and value of a `NAME=value`. */
function assignment(entry: string): [string, string] {
  const at = entry.indexOf('=');
  return [entry.slice(0, at), entry.slice(at + 1)];
}

function setIn(node: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [head, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) node[head] = value;
  else {
    node[head] ??= {};
    setIn(node[head] as Record<string, unknown>, rest, value);
  }
}
