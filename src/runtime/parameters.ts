/**
 * What a module function takes: a declaration that is plain data, so that one list of parameters serves the
 * isolate (argument errors in the module's own realm), the host (which does not trust what an isolate sends) and
 * the coverage report. Arguments are never coerced. Source of the rules: the module API's observed behaviour.
 */

export type Parameter =
  | { readonly kind: 'text'; readonly minLength?: number }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'integer'; readonly min?: number; readonly max?: number }
  | { readonly kind: 'number' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'scalar' }
  | { readonly kind: 'binary' }
  | { readonly kind: 'textOrBinary' }
  | { readonly kind: 'object' }
  | { readonly kind: 'texts' }
  | { readonly kind: 'json' }
  | { readonly kind: 'audience' }
  | { readonly kind: 'list'; readonly of: Parameter; readonly max?: number }
  | { readonly kind: 'record'; readonly fields: Readonly<Record<string, Parameter>> }
  | { readonly kind: 'optional'; readonly of: Parameter; readonly orNull?: boolean };

/** A parameter with its name in the module API. */
export type NamedParameter = readonly [name: string, parameter: Parameter];

/** Text; `minLength: 1` refuses the empty one. */
export const text = <const O extends { minLength?: number }>(options?: O) => ({ kind: 'text', ...options }) as const;
/** An identifier in UUID form, any case, with or without dashes refused: only the canonical form. */
export const uuid = () => ({ kind: 'uuid' }) as const;
/** A whole number, within the bounds if given. */
export const integer = <const O extends { min?: number; max?: number }>(options?: O) =>
  ({ kind: 'integer', ...options }) as const;
/** Any finite number. */
export const number = () => ({ kind: 'number' }) as const;
export const boolean = () => ({ kind: 'boolean' }) as const;
/** Text, number or boolean. */
export const scalar = () => ({ kind: 'scalar' }) as const;
/** An ArrayBuffer. */
export const binary = () => ({ kind: 'binary' }) as const;
export const textOrBinary = () => ({ kind: 'textOrBinary' }) as const;
/** A plain object (no list, no null) of JSON values. */
export const object = () => ({ kind: 'object' }) as const;
/** An object whose values are all text. */
export const texts = () => ({ kind: 'texts' }) as const;
/** Any JSON value. */
export const json = () => ({ kind: 'json' }) as const;
/** Which connections a message goes to: `{vars}`, `{sessionIds}` or `{where}`; the isolate resolves `where`. */
export const audience = () => ({ kind: 'audience' }) as const;
export const list = <const P extends Parameter>(of: P, options?: { max?: number }) =>
  ({ kind: 'list', of, ...options }) as const;
/** An object with known fields; fields it does not know are dropped. */
export const record = <const F extends Readonly<Record<string, Parameter>>>(fields: F) =>
  ({ kind: 'record', fields }) as const;
/** May be left out (undefined); with `orNull`, null counts as left out too. */
export const optional = <const P extends Parameter>(of: P, options?: { orNull: boolean }) =>
  ({ kind: 'optional', of, ...options }) as const;

/** Which connections a message goes to, as it reaches the host. */
export interface Audience {
  readonly vars?: Readonly<Record<string, string>>;
  readonly sessionIds?: readonly string[];
}

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** The TypeScript type of an argument that passed its check. */
export type ArgumentOf<P> = Parameter extends P
  ? unknown // any parameter at all: without this line the recursion below has no end
  : P extends { kind: 'text' | 'uuid' }
    ? string
    : P extends { kind: 'integer' | 'number' }
      ? number
      : P extends { kind: 'boolean' }
        ? boolean
        : P extends { kind: 'scalar' }
          ? string | number | boolean
          : P extends { kind: 'binary' }
            ? ArrayBuffer
            : P extends { kind: 'textOrBinary' }
              ? string | ArrayBuffer
              : P extends { kind: 'object' }
                ? { [key: string]: JsonValue }
                : P extends { kind: 'texts' }
                  ? Record<string, string>
                  : P extends { kind: 'json' }
                    ? JsonValue
                    : P extends { kind: 'audience' }
                      ? Audience
                      : P extends { kind: 'list'; of: infer E }
                        ? ArgumentOf<E>[]
                        : P extends { kind: 'record'; fields: infer F }
                          ? { [K in keyof F]: ArgumentOf<F[K]> }
                          : P extends { kind: 'optional'; of: infer E }
                            ? ArgumentOf<E> | undefined
                            : never;

/** The arguments of a list of named parameters, as a tuple. */
export type ArgumentsOf<P extends readonly NamedParameter[]> = {
  [I in keyof P]: P[I] extends readonly [string, infer T] ? ArgumentOf<T> : never;
};

/** Thrown by {@link checkArguments}; becomes a TypeError in the module's realm. */
export class ArgumentError extends TypeError {}

const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Checks a call's arguments against its parameters and returns exactly as many as there are parameters.
 * Missing ones are undefined, null for an `orNull` one too. Extra arguments are dropped.
 * @throws ArgumentError that names the function, the parameter and what it expects
 */
export function checkArguments(
  name: string,
  parameters: readonly NamedParameter[],
  given: readonly unknown[],
): unknown[] {
  const checked = new Array<unknown>(parameters.length);
  for (let i = 0; i < parameters.length; i++) {
    const [label, parameter] = parameters[i]!;
    checked[i] = check(parameter, given[i], () => `nk.${name}: ${label}`);
  }
  return checked;
}

function check(parameter: Parameter, value: unknown, where: () => string): unknown {
  switch (parameter.kind) {
    case 'optional':
      if (value === undefined || (value === null && parameter.orNull)) return undefined;
      return check(parameter.of, value, where);
    case 'text':
      if (typeof value !== 'string') throw expected('text', value, where);
      if (value.length < (parameter.minLength ?? 0)) throw new ArgumentError(`${where()} must not be empty`);
      return value;
    case 'uuid':
      if (typeof value !== 'string' || !uuidForm.test(value)) throw expected('an identifier (a UUID)', value, where);
      return value.toLowerCase();
    case 'integer':
      if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw expected('a whole number', value, where);
      if (value < (parameter.min ?? -Infinity) || value > (parameter.max ?? Infinity)) {
        throw new ArgumentError(`${where()} must be ${rangeText(parameter.min, parameter.max)}, not ${value}`);
      }
      return value;
    case 'number':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw expected('a number', value, where);
      return value;
    case 'boolean':
      if (typeof value !== 'boolean') throw expected('true or false', value, where);
      return value;
    case 'scalar':
      if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
        throw expected('text, a number or a boolean', value, where);
      }
      return value;
    case 'binary':
      if (!(value instanceof ArrayBuffer)) throw expected('an ArrayBuffer', value, where);
      return value;
    case 'textOrBinary':
      if (typeof value !== 'string' && !(value instanceof ArrayBuffer)) {
        throw expected('text or an ArrayBuffer', value, where);
      }
      return value;
    case 'object':
      if (!isPlainObject(value)) throw expected('an object', value, where);
      return value;
    case 'audience':
      return checkAudience(value, where);
    case 'texts':
      if (!isPlainObject(value)) throw expected('an object', value, where);
      for (const key of Object.keys(value)) {
        if (typeof value[key] !== 'string') throw expected('text', value[key], () => `${where()}.${key}`);
      }
      return value;
    case 'json':
      if (value === undefined) throw expected('a value', value, where);
      return value;
    case 'list':
      if (!Array.isArray(value)) throw expected('a list', value, where);
      if (value.length > (parameter.max ?? Infinity)) {
        throw new ArgumentError(`${where()} may have ${parameter.max} entries, not ${value.length}`);
      }
      return Array.from(value, (entry, i) => check(parameter.of, entry, () => `${where()}[${i}]`));
    case 'record': {
      if (!isPlainObject(value)) throw expected('an object', value, where);
      const out: Record<string, unknown> = {};
      for (const key of Object.keys(parameter.fields)) {
        const field = check(parameter.fields[key]!, value[key], () => `${where()}.${key}`);
        if (field !== undefined) out[key] = field;
      }
      return out;
    }
  }
}

/** One of three; `where` is there only until the isolate has resolved it. */
function checkAudience(value: unknown, where: () => string): object {
  if (!isPlainObject(value)) throw expected('an object', value, where);
  const { vars, sessionIds, where: choice } = value;
  const count = Number(vars !== undefined) + Number(sessionIds !== undefined) + Number(choice !== undefined);
  if (count !== 1) throw new ArgumentError(`${where()} must have either vars, sessionIds or where`);
  if (vars !== undefined) return { vars: check(texts(), vars, () => `${where()}.vars`) };
  if (sessionIds !== undefined) return { sessionIds: check(sessionIdList, sessionIds, () => `${where()}.sessionIds`) };
  if (typeof choice !== 'function') throw expected('a function', choice, () => `${where()}.where`);
  return { where: choice };
}

const sessionIdList = list(text());

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ArrayBuffer);
}

function expected(what: string, value: unknown, where: () => string): ArgumentError {
  return new ArgumentError(`${where()} must be ${what}, not ${describe(value)}`);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
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
