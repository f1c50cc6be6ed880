import { type Config, createConfig, type Value } from './config.ts';
import { readEnvironment } from './environment.ts';
import { defaultOrigin, type Origin } from './origin.ts';
import { type RawValue, readValue } from './read-value.ts';
import { type Key, settingOf } from './schema.ts';
import { checkTogether } from './validate.ts';
import { readYamlFile } from './yaml-file.ts';

export interface ConfigSources {
  /** Path of a YAML file. */
  readonly file?: string | undefined;
  readonly environment?: NodeJS.ProcessEnv;
  /** The flags that were given, with their texts. */
  readonly flags?: ReadonlyMap<Key, RawValue>;
}

export interface LoadedConfig {
  readonly config: Config;
  /** Where a key's value came from. */
  originOf(key: Key): Origin;
  /** What is odd but no error, one line each. */
  readonly warnings: readonly string[];
}

/**
 * Puts the configuration together: defaults, then the YAML file, then the environment, then flags; what comes later
 * counts.
 * @throws UserError in one line: which setting, where it is set, what is expected
 */
export function loadConfig(sources: ConfigSources): LoadedConfig {
  const environment = readEnvironment(sources.environment ?? {});
  const layers = [
    sources.file ? readYamlFile(sources.file) : new Map(),
    environment.values,
    sources.flags ?? new Map(),
  ];
  const values: Partial<Record<Key, Value>> = {};
  const origins = new Map<Key, Origin>();
  for (const layer of layers) {
    for (const [key, raw] of layer as ReadonlyMap<Key, RawValue>) {
      values[key] = readValue(key, raw);
      origins.set(key, raw.origin);
    }
  }
  const config = createConfig(values);
  const originOf = (key: Key) => origins.get(key) ?? defaultOrigin;
  checkTogether(config, originOf);
  const idleWarnings = [...origins].flatMap(([key, origin]) => idleWarning(key, origin) ?? []);
  return { config, originOf, warnings: [...environment.warnings, ...idleWarnings] };
}

/** Says of a setting that was set, but changes nothing, why. */
function idleWarning(key: Key, { name }: Origin): string | null {
  const { doc, compat, later } = settingOf(key);
  if (later) return `${name}: ${key} is accepted but not used yet`;
  return compat ? `${name}: ${key} is accepted but has no effect: ${doc}` : null;
}
