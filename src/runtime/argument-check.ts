import type { NamedParameter, Parameter } from './parameters.ts';

/** Taken before a module's code can change them: this runs in isolates too. */
const NativeBuffer = ArrayBuffer;
const { isArray } = Array;
const { keys } = Object;
const { isFinite: isFiniteNumber, isSafeInteger } = Number;

/** A failed check; becomes a TypeError in the module's realm. */
export class ArgumentError extends TypeError {}

/** How arguments stand where they are checked. */
export interface ArgumentForm {
  /** The buffer that a value is, or stands for; undefined for what is none. */
  readonly bufferOf: (value: unknown) => ArrayBuffer | undefined;
  /** True where what was left out is null. */
  readonly hasNulls: boolean;
}

/** Arguments as a module gives them. */
const asGiven: ArgumentForm = {
  bufferOf: (value) => (value instanceof NativeBuffer ? value : undefined),
  hasNulls: false,
};

/** Gives the checked value. @throws Mismatch */
type Check = (value: unknown) => unknown;

/**
 * A function that checks calls' arguments against parameters and returns exactly as many as there are parameters.
 * Missing ones are undefined, null for an `orNull` one too. Extra arguments are dropped, lists and records copied.
 * It throws an ArgumentError that names the function, the parameter and what it expects.
 */
export function argumentChecker(
  name: string,
  parameters: readonly NamedParameter[],
  form: ArgumentForm = asGiven,
): (given: readonly unknown[]) => unknown[] {
  const checks: Check[] = [];
  for (let i = 0; i < parameters.length; i++) checks[i] = checkOf(parameters[i]![1], form);
  return (given) => {
    const checked = new Array<unknown>(checks.length);
    let i = 0;
    try {
      for (; i < checks.length; i++) checked[i] = checks[i]!(given[i]);
    } catch (error) {
      if (error instanceof Mismatch) throw new ArgumentError(`nk.${name}: ${parameters[i]![0]}${error.message}`);
      throw error;
    }
    return checked;
  };
}

/** Checks the arguments of one call; see {@link argumentChecker}. @throws ArgumentError */
export function checkArguments(
  name: string,
  parameters: readonly NamedParameter[],
  given: readonly unknown[],
): unknown[] {
  return argumentChecker(name, parameters)(given);
}

/** What is wrong with a value; its message grows by the places that the value is in, from the inside. */
class Mismatch {
  message: string;

  constructor(problem: string) {
    this.message = ` ${problem}`;
  }
}

function checkOf(parameter: Parameter, form: ArgumentForm): Check {
  switch (parameter.kind) {
    case 'optional':
      return optionalCheck(parameter, form);
    case 'text':
      return textCheck(parameter.minLength ?? 0);
    case 'integer':
      return integerCheck(parameter.min, parameter.max);
    case 'binary':
      return (value) => form.bufferOf(value) ?? fail('an ArrayBuffer', value);
    case 'textOrBinary':
      return (value) =>
        typeof value === 'string' ? value : (form.bufferOf(value) ?? fail('text or an ArrayBuffer', value));
    case 'list':
      return listCheck(checkOf(parameter.of, form), parameter.max);
    case 'record':
      return recordCheck(parameter.fields, form);
    default:
      return plainChecks[parameter.kind];
  }
}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** The checks of kinds without options. */
const plainChecks = {
  uuid: (value) =>
    typeof value === 'string' && uuidForm.test(value) ? value.toLowerCase() : fail('an identifier (a UUID)', value),
  number: (value) => (isFiniteNumber(value) ? value : fail('a number', value)),
  boolean: (value) => (typeof value === 'boolean' ? value : fail('true or false', value)),
  scalar: (value) =>
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
      ? value
      : fail('text, a number or a boolean', value),
  object: (value) => (isPlainObject(value) ? value : fail('an object', value)),
  texts: (value) => {
    if (!isPlainObject(value)) return fail('an object', value);
    const names = keys(value);
    for (let i = 0; i < names.length; i++) {
      const text = value[names[i]!];
      if (typeof text !== 'string') throw within(mismatch('text', text), `.${names[i]}`);
    }
    return value;
  },
  json: (value) => (value === undefined ? fail('a value', value) : value),
  audience: checkAudience,
} satisfies Partial<Record<Parameter['kind'], Check>>;

function optionalCheck({ of, orNull }: Parameter & { kind: 'optional' }, form: ArgumentForm): Check {
  const check = checkOf(of, form);
  const isNullNone = orNull || (form.hasNulls && of.kind !== 'json');
  return (value) => (value === undefined || (value === null && isNullNone) ? undefined : check(value));
}

function textCheck(minLength: number): Check {
  return (value) => {
    if (typeof value !== 'string') return fail('text', value);
    if (value.length < minLength) throw new Mismatch('must not be empty');
    return value;
  };
}

function integerCheck(min: number | undefined, max: number | undefined): Check {
  return (value) => {
    if (!isSafeInteger(value)) return fail('a whole number', value);
    if ((value as number) < (min ?? -Infinity) || (value as number) > (max ?? Infinity)) {
      throw new Mismatch(`must be ${rangeText(min, max)}, not ${value}`);
    }
    return value;
  };
}

function listCheck(check: Check, max = Infinity): Check {
  return (value) => {
    if (!isArray(value)) return fail('a list', value);
    if (value.length > max) throw new Mismatch(`may have ${max} entries, not ${value.length}`);
    const entries: unknown[] = [];
    let i = 0;
    try {
      for (; i < value.length; i++) entries[i] = check(value[i]);
    } catch (error) {
      throw within(error, `[${i}]`);
    }
    return entries;
  };
}

function recordCheck(fields: Readonly<Record<string, Parameter>>, form: ArgumentForm): Check {
  const names = keys(fields);
  const checks: Check[] = [];
  for (let i = 0; i < names.length; i++) checks[i] = checkOf(fields[names[i]!]!, form);
  return (value) => {
    if (!isPlainObject(value)) return fail('an object', value);
    const record: Record<string, unknown> = {};
    let i = 0;
    try {
      for (; i < names.length; i++) {
        const name = names[i]!;
        const field = checks[i]!(value[name]);
        if (field !== undefined) record[name] = field;
      }
    } catch (error) {
      throw within(error, `.${names[i]}`);
    }
    return record;
  };
}

/** One of three; `where` is there only until the isolate has resolved it. */
function checkAudience(value: unknown): unknown {
  if (!isPlainObject(value)) return fail('an object', value);
  const { vars, sessionIds, where } = value;
  const count = Number(vars !== undefined) + Number(sessionIds !== undefined) + Number(where !== undefined);
  if (count !== 1) throw new Mismatch('must have either vars, sessionIds or where');
  if (where === undefined) return checkChoice(value);
  if (typeof where !== 'function') throw within(mismatch('a function', where), '.where');
  return { where };
}

const checkChoice = recordCheck(
  {
    vars: { kind: 'optional', of: { kind: 'texts' } },
    sessionIds: { kind: 'optional', of: { kind: 'list', of: { kind: 'text' } } },
  },
  asGiven,
);

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !isArray(value) && !(value instanceof NativeBuffer);
}

function fail(expected: string, value: unknown): never {
  throw mismatch(expected, value);
}

function mismatch(expected: string, value: unknown): Mismatch {
  return new Mismatch(`must be ${expected}, not ${describe(value)}`);
}

function within(error: unknown, place: string): unknown {
  if (error instanceof Mismatch) error.message = `${place}${error.message}`;
  return error;
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (isArray(value)) return 'a list';
  if (typeof value === 'string') return value.length > 40 ? 'a long text' : JSON.stringify(value);
  if (typeof value === 'object') return 'an object';
  if (typeof value === 'function') return 'a function';
  return String(value);
}

function rangeText(min: number | undefined, max: number | undefined): string {
  if (min === undefined) return `at most ${max}`;
  if (max === undefined) return `at least ${min}`;
  return `from ${min} to ${max}`;
}
