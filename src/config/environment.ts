import { nearest } from './nearest.ts';
import type { RawValue } from './read-value.ts';
import { type Key, keys } from './schema.ts';

const PREFIX = 'NK_';

/** Variables that are no settings but mean something to nk and its tests. */
const otherVariables: ReadonlySet<string> = new Set(['NK_DEBUG', 'NK_TEST_POSTGRES']);

/** The variable of a setting: `NK_SESSION_TOKEN_EXPIRY_SEC` for `session.token_expiry_sec`. */
export function variableOf(key: Key): string {
  return PREFIX + key.toUpperCase().replaceAll('.', '_');
}

export interface EnvironmentValues {
  readonly values: ReadonlyMap<Key, RawValue>;
  /** One line for each `NK_…` variable that sets nothing. */
  readonly warnings: readonly string[];
}

/** The settings among the environment's variables. An empty variable counts as absent. */
export function readEnvironment(environment: NodeJS.ProcessEnv): EnvironmentValues {
  const known = new Map(keys.map((key) => [variableOf(key), key]));
  const values = new Map<Key, RawValue>();
  const warnings: string[] = [];
  for (const [name, value] of Object.entries(environment)) {
    if (!name.startsWith(PREFIX) || !value) continue;
    const key = known.get(name);
    if (key) values.set(key, { value, origin: { source: 'env', name } });
    else if (!otherVariables.has(name))
      warnings.push(`the variable ${name} sets nothing${hintFor(name, known.keys())}`);
  }
  return { values, warnings };
}

function hintFor(name: string, variables: Iterable<string>): string {
  const meant = nearest(name, variables);
  return meant ? `; did you mean ${meant}?` : '';
}
