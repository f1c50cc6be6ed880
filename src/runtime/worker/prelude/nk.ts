import type { HostFunctionData, IsolateSetup } from '../isolate-setup.ts';
import { hasAudience, resolveAudiences } from './audience.ts';
import { notImplemented } from './errors.ts';
import { FunctionArguments } from './function-arguments.ts';
import { callAsync, callDeferred, callHost, callWorker, type HostFunction } from './host-calls.ts';
import { apply, create, defineProperty, freeze, hasOwn, NativePromise } from './primordials.ts';
import { type Call, state } from './state.ts';
import { isolateFunctions } from './utilities/index.ts';
import { resultShaperOf } from './utilities/results.ts';

type NkFunction = (...given: unknown[]) => unknown;

/** The internal host function that lists connections for `where`; no part of nk. */
const CONNECTIONS_LIST = 'connectionsList';
const connectionsList = hostFunction({ name: CONNECTIONS_LIST, parameters: [] });

class Given {
  constructor(object: object) {
    // biome-ignore lint/correctness/noConstructorReturn: puts the private field onto an object made elsewhere
    return object;
  }
}

/** Marks an nk object with its call, unseen by the module. */
class Owned extends Given {
  readonly #call: Call;
  /** Its `async`, once that was asked for: most calls never do. */
  #promised: object | undefined;
  constructor(object: object, call: Call) {
    super(object);
    this.#call = call;
  }
  static promisedOf(object: object): object {
    if (!(#call in object)) return sharedAsync;
    object.#promised ??= new Owned(create(sharedAsync) as object, object.#call);
    return object.#promised;
  }
  static callOf(object: unknown): Call | undefined {
    return typeof object === 'object' && object !== null && #call in object ? object.#call : undefined;
  }
}

let shared: object;
let sharedAsync: object;

/** Builds what all nk objects of this isolate have in common. */
export function buildNk(setup: IsolateSetup): void {
  const functions: Record<string, NkFunction> = {};
  const asyncFunctions: Record<string, NkFunction> = {};
  const add = (name: string, sync: NkFunction, promised: NkFunction) => {
    define(functions, name, sync);
    define(asyncFunctions, name, promised);
  };
  for (const { name, parameters, run } of isolateFunctions) {
    const takes = new FunctionArguments(name, parameters);
    const local: NkFunction = (...given) => apply(run, undefined, takes.check(given, local));
    add(name, local, inPromise(local));
  }
  for (const { name, parameters } of setup.workerFunctions) {
    const takes = new FunctionArguments(name, parameters);
    const ask = function (this: unknown, ...given: unknown[]): unknown {
      return callWorker(takes, takes.check(given, ask), callOf(this), ask);
    };
    add(name, ask, inPromise(ask));
  }
  for (const data of setup.hostFunctions) {
    if (data.name === CONNECTIONS_LIST) continue;
    const fn = hostFunction(data);
    add(fn.name, syncForm(fn), asyncForm(fn));
  }
  for (const name of setup.apiNames) {
    if (hasOwn(functions, name)) continue;
    const refuse = (): never => {
      throw notImplemented(name, refuse);
    };
    add(name, refuse, refuse);
  }
  defineProperty(functions, 'async', {
    get(this: object) {
      return Owned.promisedOf(this);
    },
    enumerable: true,
  });
  shared = freeze(functions);
  sharedAsync = freeze(asyncFunctions);
}

/** The nk object of one call. */
export function nkFor(call: Call): object {
  return new Owned(create(shared) as object, call);
}

function hostFunction(data: HostFunctionData): HostFunction {
  return { ...data, arguments: new FunctionArguments(data.name, data.parameters) };
}

function syncForm(fn: HostFunction): NkFunction {
  const prepare = preparation(fn);
  const deferred = deferral(fn);
  const shaped = resultShaperOf(fn.name);
  const ask = function (this: unknown, ...given: unknown[]): unknown {
    const call = callOf(this);
    const args = prepare(given, call, ask);
    if (!deferred(args)) return shaped(callHost(fn, args, call, ask));
    callDeferred(fn, args, call, ask);
    return undefined;
  };
  return ask;
}

function asyncForm(fn: HostFunction): NkFunction {
  const prepare = preparation(fn);
  const deferred = deferral(fn);
  const shaped = resultShaperOf(fn.name);
  const ask = async function (this: unknown, ...given: unknown[]): Promise<unknown> {
    const call = callOf(this);
    const args = prepare(given, call, ask);
    if (!deferred(args)) return shaped(await callAsync(fn, args, call, ask));
    callDeferred(fn, args, call, ask);
    return undefined;
  };
  return ask;
}

/** Checks the arguments and resolves audiences. */
function preparation({ name, parameters, arguments: takes }: HostFunction) {
  const audience = hasAudience(parameters);
  return (given: readonly unknown[], call: Call | undefined, below: NkFunction): readonly unknown[] => {
    const args = takes.check(given, below);
    if (!audience) return args;
    return resolveAudiences(name, parameters, args, (scope) => callHost(connectionsList, [scope], call, below));
  };
}

/** Whether a call with these arguments crosses without waiting; the conditions' places are looked up once. */
function deferral({ parameters, deferredWhen }: HostFunctionData): (args: readonly unknown[]) => boolean {
  if (deferredWhen === undefined) return () => false;
  if (deferredWhen === 'always') return () => true;
  const places: { at: number; value: boolean }[] = [];
  for (const [name, value] of Object.entries(deferredWhen)) {
    places.push({ at: parameters.findIndex(([parameter]) => parameter === name), value });
  }
  return (args) => {
    for (let i = 0; i < places.length; i++) if ((args[places[i]!.at] ?? false) !== places[i]!.value) return false;
    return true;
  };
}

function inPromise(run: NkFunction): NkFunction {
  return function (this: unknown, ...given: unknown[]): Promise<unknown> {
    return new NativePromise((resolve) => resolve(apply(run, this, given)));
  };
}

/** The call that an nk object was made for; one kept from an earlier call serves the one that runs. */
function callOf(nk: unknown): Call | undefined {
  const own = Owned.callOf(nk);
  if (own?.open) return own;
  return state.current ?? (own?.initial ? undefined : own);
}

function define(target: object, name: string, value: NkFunction): void {
  defineProperty(value, 'name', { value: name, configurable: true });
  defineProperty(target, name, { value, enumerable: true, writable: false, configurable: false });
}
