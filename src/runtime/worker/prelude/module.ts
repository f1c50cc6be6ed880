import type { Recording, Replay } from '../isolate-setup.ts';
import { close, contextFor, fail, freezeGlobals, handlers, settle } from './calls.ts';
import { buildInitializer, type Handler, type Registered } from './initializer.ts';
import { Logger } from './logger.ts';
import { nkFor } from './nk.ts';
import { indirectEval, mapSet, ownKeys, parse } from './primordials.ts';
import { emit, json, openCall, state } from './state.ts';

type InitModule = (ctx: object, logger: Logger, nk: object, initializer: object) => unknown;

/** What a module's script leaves behind; see ModuleBundle. */
interface ModuleGlobals {
  __nkModule?: { InitModule?: unknown };
  __nkGlobals?: unknown;
}

let initModule: InitModule | undefined;

/** Runs the module's script. Answers the call with whether it has an InitModule. */
export function loadModule(id: number, code: string): void {
  const call = openCall(id, true);
  mapSet(state.calls, id, call);
  state.current = call;
  try {
    const before = ownKeys(globalThis);
    indirectEval(code);
    const left = globalThis as ModuleGlobals;
    const found = left.__nkModule?.InitModule;
    const listed = left.__nkGlobals;
    delete left.__nkModule;
    delete left.__nkGlobals;
    if (state.setup.readOnlyGlobals) freezeGlobals(listed, before);
    if (typeof found === 'function') initModule = found as InitModule;
    close(call);
    emit(`r ${id}`, initModule ? 'true' : 'false');
  } catch (thrown) {
    fail(call, thrown);
  }
  state.current = undefined;
}

/** Runs InitModule: for real, or again with the answers that its nk calls got the first time. */
export function runInitModule(id: number, body: string): void {
  const replay = parse(body) as Replay | null;
  const registered: Registered[] = [];
  const call = openCall(id, true);
  mapSet(state.calls, id, call);
  state.current = call;
  state.replay = replay ? (replay.recording as Recording) : undefined;
  try {
    const initializer = buildInitializer(state.setup, registered);
    const result = initModule?.(contextFor({}), new Logger(call), nkFor(call), initializer);
    settle(call, result, () => {
      number(registered, replay);
      state.replay = undefined;
      close(call);
      emit(`r ${id}`, json(registered.map((entry) => entry.report)));
    });
  } catch (thrown) {
    state.replay = undefined;
    fail(call, thrown);
  }
  state.current = undefined;
}

/** Numbers the handlers by their place in the first isolate's list, whatever order they were registered in here. */
function number(registered: readonly Registered[], replay: Replay | null): void {
  const order = replay?.handlers ?? registered.map((entry) => entry.report);
  for (let i = 0; i < order.length; i++) {
    const { kind, name } = order[i]!;
    const entry = registered.find(({ report }) => report.kind === kind && report.name === name);
    handlers[i] = (entry?.handler as Handler | undefined) ?? missing(kind, name);
  }
}

function missing(kind: string, name: string): Handler {
  return () => {
    throw new Error(`InitModule did not register ${kind} ${name} when it ran again in a further isolate`);
  };
}
