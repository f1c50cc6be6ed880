/** What a setting's value is; decides how texts from the environment and flags are read. */
export type SettingKind = 'text' | 'integer' | 'boolean' | 'list';

/** One setting: its type, default and the sentence that `nk config` prints. The unit is last in the key's name. */
export interface Setting<T> {
  readonly kind: SettingKind;
  readonly default: T;
  readonly doc: string;
  /** Never printed. */
  readonly secret?: boolean;
  /** Accepted so that a configuration written for Nakama loads; changes nothing here. */
  readonly compat?: boolean;
  /** Accepted, but the feature it belongs to is not built yet. */
  readonly later?: boolean;
  /** Lowest and highest value of an integer. */
  readonly min?: number;
  readonly max?: number;
  /** The only values that a text may have, compared without regard to case. */
  readonly choices?: readonly string[];
}

type Traits = Pick<Setting<unknown>, 'secret' | 'compat' | 'later' | 'min' | 'max'>;

export function text(defaultValue: string, doc: string, traits: Traits = {}): Setting<string> {
  return { kind: 'text', default: defaultValue, doc, ...traits };
}

/** A whole number, at least 0 unless `min` says otherwise. */
export function integer(defaultValue: number, doc: string, traits: Traits = {}): Setting<number> {
  return { kind: 'integer', default: defaultValue, doc, min: 0, ...traits };
}

export function flag(defaultValue: boolean, doc: string, traits: Traits = {}): Setting<boolean> {
  return { kind: 'boolean', default: defaultValue, doc, ...traits };
}

/** A list of texts: a YAML list, a repeated flag, or one text with commas in the environment. */
export function list(defaultValue: readonly string[], doc: string, traits: Traits = {}): Setting<readonly string[]> {
  return { kind: 'list', default: defaultValue, doc, ...traits };
}

export function choice<const C extends string>(
  choices: readonly C[],
  defaultValue: NoInfer<C>,
  doc: string,
): Setting<C> {
  return { kind: 'text', default: defaultValue, doc, choices };
}

/** A key, a password or a certificate: as {@link text}, but never printed. */
export function secret(defaultValue: string, doc: string, traits: Traits = {}): Setting<string> {
  return text(defaultValue, doc, { ...traits, secret: true });
}

/** Marks settings as waiting for their feature, but for those that never have an effect. */
export function notUsedYet<S extends Record<string, Setting<unknown>>>(settings: S): S {
  const marked = Object.entries(settings).map(([key, setting]) => [
    key,
    setting.compat ? setting : { ...setting, later: true },
  ]);
  return Object.fromEntries(marked) as S;
}
