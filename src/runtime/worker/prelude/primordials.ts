/**
 * The built-ins that the prelude works with, taken before a module's code can change them. Methods are turned into
 * functions whose first argument is the receiver. Everything between the worker and user code goes through these.
 */
const { call } = Function.prototype;
const { bind } = call;
const uncurried = (bind as (this: unknown, self: unknown) => unknown).call(bind, call) as <F>(method: unknown) => F;

export const stringify = JSON.stringify as (
  value: unknown,
  replacer?: (key: string, value: unknown) => unknown,
) => string | undefined;
export const parse = JSON.parse as (text: string) => unknown;
export const textIndexOf = uncurried<(self: string, part: string, from?: number) => number>(String.prototype.indexOf);
export const textSlice = uncurried<(self: string, from: number, to?: number) => string>(String.prototype.slice);
export const charCodeAt = uncurried<(self: string, at: number) => number>(String.prototype.charCodeAt);
export const mapGet = uncurried<<K, V>(self: Map<K, V>, key: K) => V | undefined>(Map.prototype.get);
export const mapSet = uncurried<<K, V>(self: Map<K, V>, key: K, value: V) => void>(Map.prototype.set);
export const mapClear = uncurried<<K, V>(self: Map<K, V>) => void>(Map.prototype.clear);
export const mapDelete = uncurried<<K, V>(self: Map<K, V>, key: K) => boolean>(Map.prototype.delete);
export const mapForEach = uncurried<<K, V>(self: Map<K, V>, each: (value: V, key: K) => void) => void>(
  Map.prototype.forEach,
);
export const mapSize = uncurried<<K, V>(self: Map<K, V>) => number>(
  Object.getOwnPropertyDescriptor(Map.prototype, 'size')?.get,
);
export const weakMapGet = uncurried<<K extends WeakKey, V>(self: WeakMap<K, V>, key: K) => V | undefined>(
  WeakMap.prototype.get,
);
export const weakMapSet = uncurried<<K extends WeakKey, V>(self: WeakMap<K, V>, key: K, value: V) => void>(
  WeakMap.prototype.set,
);
export const promiseThen = uncurried<
  (self: Promise<unknown>, ok: (value: unknown) => void, failed: (reason: unknown) => void) => unknown
>(Promise.prototype.then);
export const NativePromise = Promise;
export const NativeError = Error;
export const NativeTypeError = TypeError;
export const NativeRangeError = RangeError;
export const NativeMap = Map;
export const NativeWeakMap = WeakMap;
export const { captureStackTrace } = Error;
export const { defineProperty, freeze, create, hasOwn, keys: ownKeys } = Object;
export const { apply, construct } = Reflect;
export const { isArray } = Array;
export const hasPrototype = uncurried<(prototype: object, value: object) => boolean>(Object.prototype.isPrototypeOf);
export const errorPrototype = Error.prototype;
export const { isInteger: isWhole } = Number;
export const { isView } = ArrayBuffer;
export const { now } = Date;
export const toText = String;
export const toNumber = Number;
