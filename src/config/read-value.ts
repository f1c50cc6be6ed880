import type { Value } from './config.ts';
import { type Origin, originError } from './origin.ts';
import { type Key, settingOf } from './schema.ts';
import type { Setting } from './setting.ts';

/** A value as found, with where it was found. */
export interface RawValue {
  readonly value: unknown;
  readonly origin: Origin;
}

/**
 * Checks a value of the YAML file, or reads one from the text of a variable or flag.
 * @throws UserError that names the place and what is expected there
 */
export function readValue(key: Key, { value, origin }: RawValue): Value {
  const setting = settingOf(key);
  const result = readers[setting.kind](value, origin.source !== 'file');
  const problem = result === undefined ? describeKind(setting) : problemOf(setting, result);
  if (result === undefined || problem) {
    throw originError(origin, `${key} must be ${problem}, not ${setting.secret ? 'this' : shown(value)}`);
  }
  return setting.choices ? String(result).toLowerCase() : result;
}

const readers: Record<Setting<unknown>['kind'], (value: unknown, isText: boolean) => Value | undefined> = {
  text: (value) => (typeof value === 'string' || typeof value === 'number' ? String(value) : undefined),
  integer: (value, isText) => {
    const number = isText && typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
    return Number.isSafeInteger(number) ? (number as number) : undefined;
  },
  boolean: (value, isText) => {
    if (typeof value === 'boolean') return value;
    if (!isText || typeof value !== 'string') return undefined;
    return booleanTexts[value.toLowerCase()];
  },
  list: (value) => {
    const items = Array.isArray(value) ? value : typeof value === 'string' ? value.split(',') : undefined;
    if (!items?.every((item) => typeof item === 'string' || typeof item === 'number')) return undefined;
    return items.map((item) => String(item).trim()).filter((item) => item !== '');
  },
};

const booleanTexts: Readonly<Record<string, boolean | undefined>> = { true: true, false: false, '1': true, '0': false };

/** What the value should be where it is of the right kind but not allowed; undefined when it is allowed. */
function problemOf(setting: Setting<unknown>, value: Value): string | undefined {
  const isChosen = !setting.choices || setting.choices.includes(String(value).toLowerCase());
  const isInRange =
    typeof value !== 'number' || (value >= (setting.min ?? -Infinity) && value <= (setting.max ?? Infinity));
  return isChosen && isInRange ? undefined : describeKind(setting);
}

function describeKind(setting: Setting<unknown>): string {
  if (setting.choices) return `one of ${setting.choices.join(', ')}`;
  if (setting.kind === 'boolean') return 'true or false';
  if (setting.kind === 'list') return 'a list of texts';
  if (setting.kind === 'text') return 'a text';
  if (setting.max !== undefined) return `a whole number from ${setting.min} to ${setting.max}`;
  return `a whole number of at least ${setting.min}`;
}

function shown(value: unknown): string {
  return value !== null && typeof value === 'object' ? 'a section or list' : JSON.stringify(value);
}
