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
