import type { Recording, Replay } from '../isolate-setup.ts';
import { close, contextFor, fail, handlers, settle } from './calls.ts';
import { buildInitializer, type Handler, type Registered } from './initializer.ts';
import { Logger } from './logger.ts';
import { nkFor } from './nk.ts';
import { freeze, isView, mapSet, parse } from './primordials.ts';
import { emit, json, openCall, state } from './state.ts';

type InitModule = (ctx: object, logger: Logger, nk: object, initializer: object) => unknown;

/** What a module's script leaves behind; see ModuleBundle. */
interface ModuleGlobals {
  __nkModule?: { InitModule?: unknown };
  __nkGlobals?: unknown;
}

let initModule: InitModule | undefined;

/** Takes what the module's script left behind. Answers with whether it has an InitModule. */
export function takeModule(id: number): void {
  const call = openCall(id, true);
  try {
    const left = globalThis as ModuleGlobals;
    const found = left.__nkModule?.InitModule;
    const listed = left.__nkGlobals;
    delete left.__nkModule;
    delete left.__nkGlobals;
    if (state.setup.readOnlyGlobals && typeof listed === 'function') freezeEach((listed as () => unknown[])());
    if (typeof found === 'function') initModule = found as InitModule;
    emit(`r ${id}`, initModule ? 'true' : 'false');
  } catch (thrown) {
    fail(call, thrown);
  }
}

function freezeEach(values: readonly unknown[]): void {
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const holds = (typeof value === 'object' && value !== null) || typeof value === 'function';
    if (holds && !isView(value)) freeze(value);
  }
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
