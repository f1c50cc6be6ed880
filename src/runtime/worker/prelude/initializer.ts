import { ArgumentError, checkArguments } from '../../argument-check.ts';
import { storageIndexParameters } from '../../storage-index-registration.ts';
import type { IsolateSetup, RegistrationReport } from '../isolate-setup.ts';
import { positionOf } from './logger.ts';
import { captureStackTrace, create, defineProperty, NativeTypeError, parse, textSlice } from './primordials.ts';
import { json } from './state.ts';

/** A function that a module registered. */
export type Handler = (...args: unknown[]) => unknown;

export interface Registered {
  readonly report: RegistrationReport;
  readonly handler: unknown;
}

type Register = (...given: unknown[]) => void;

/** What the server calls on its own account: one function of each name. */
const CALLBACKS = ['MatchmakerMatched', 'LeaderboardReset'] as const;

/** Things that take one function and no name, and are not called yet. */
const SINGLE = [
  'TournamentEnd',
  'TournamentReset',
  'PurchaseNotificationApple',
  'SubscriptionNotificationApple',
  'PurchaseNotificationGoogle',
  'SubscriptionNotificationGoogle',
  'Shutdown',
  'Event',
  'EventSessionStart',
  'EventSessionEnd',
] as const;

const OPTIONAL_MATCH_FUNCTION = 'matchMigrate';
const MATCH_FUNCTIONS = [
  'matchInit',
  'matchJoinAttempt',
  'matchJoin',
  'matchLeave',
  'matchLoop',
  'matchTerminate',
  'matchSignal',
  OPTIONAL_MATCH_FUNCTION,
] as const;

/** Things that take a name and an object or values. */
const NAMED_OTHERS = ['HttpHandler'] as const;

/** The `initializer` of InitModule; what is registered goes into the list, in order. */
export function buildInitializer(setup: IsolateSetup, registered: Registered[]): object {
  const initializer = create(null) as Record<string, unknown>;
  const define = (name: string, value: Register) => defineProperty(initializer, name, { value, enumerable: true });
  const add = (kind: string, name: string, handler: unknown, below: Register) => {
    registered[registered.length] = { report: { kind, name, at: positionOf(below) }, handler };
  };
  const byName = (method: string, kind: string) => {
    const register: Register = (name, handler) => {
      if (typeof name !== 'string' || name === '')
        throw wrong(`initializer.${method}: the name must be text`, register);
      if (typeof handler !== 'function') throw wrong(`initializer.${method}: a function is expected`, register);
      add(kind, name, handler, register);
    };
    define(method, register);
  };
  const single = (method: string, kind: string, name: string) => {
    const register: Register = (handler) => {
      if (typeof handler !== 'function') throw wrong(`initializer.${method}: a function is expected`, register);
      add(kind, name, handler, register);
    };
    define(method, register);
  };
  byName('registerRpc', 'rpc');
  byName('registerRtBefore', 'rtBefore');
  byName('registerRtAfter', 'rtAfter');
  byName('registerStorageIndexFilter', 'storageIndexFilter');
  define('registerStorageIndex', storageIndexRegister(registered));
  for (const name of setup.hookNames) {
    single(`registerBefore${name}`, 'before', name);
    single(`registerAfter${name}`, 'after', name);
  }
  for (const name of CALLBACKS) single(`register${name}`, 'callback', name);
  for (const name of SINGLE) single(`register${name}`, 'other', name);
  for (const name of NAMED_OTHERS) {
    const register: Register = (id, value) => {
      if (typeof id !== 'string' || id === '')
        throw wrong(`initializer.register${name}: the name must be text`, register);
      add('other', `${name} ${id}`, value, register);
    };
    define(`register${name}`, register);
  }
  const registerMatch: Register = (name, match) => {
    if (typeof name !== 'string' || name === '')
      throw wrong('initializer.registerMatch: the name must be text', registerMatch);
    add('match', name, matchFunctions(match, registerMatch), registerMatch);
  };
  define('registerMatch', registerMatch);
  const config = json(setup.config ?? {});
  defineProperty(initializer, 'getConfig', { value: () => parse(config), enumerable: true });
  return initializer;
}

/** The functions of a match handler, read once. */
function matchFunctions(given: unknown, below: Register): Record<string, unknown> {
  const functions = create(null) as Record<string, unknown>;
  for (let i = 0; i < MATCH_FUNCTIONS.length; i++) {
    const name = MATCH_FUNCTIONS[i]!;
    functions[name] = (given as Record<string, unknown> | null | undefined)?.[name];
    const isLeftOut = name === OPTIONAL_MATCH_FUNCTION && functions[name] === undefined;
    if (typeof functions[name] !== 'function' && !isLeftOut) {
      throw wrong(`initializer.registerMatch: the handler's ${name} must be a function`, below);
    }
  }
  return functions;
}

/** Storage indexes are values, not functions: they go to the server as they are. */
function storageIndexRegister(registered: Registered[]): Register {
  const register: Register = (...given) => {
    const data = checkedIndex(given, register);
    const name = data[0] as string;
    if (registered.some(({ report }) => report.kind === 'storageIndex' && report.name === name)) {
      throw wrong(`initializer.registerStorageIndex: there is an index ${name} already`, register);
    }
    const report = { kind: 'storageIndex', name, at: positionOf(register), data };
    registered[registered.length] = { report, handler: undefined };
  };
  return register;
}

function checkedIndex(given: readonly unknown[], below: Register): unknown[] {
  try {
    const data = checkArguments('registerStorageIndex', storageIndexParameters, given);
    if ((data[3] as unknown[]).length > 0) return data;
  } catch (error) {
    if (error instanceof ArgumentError) throw wrong(`initializer${textSlice(error.message, 2)}`, below);
    throw error;
  }
  throw wrong('initializer.registerStorageIndex: fields must name at least one', below);
}

function wrong(message: string, below: Register): Error {
  const error = new NativeTypeError(message);
  captureStackTrace(error, below);
  return error;
}
