import type { CallSeries, CallTimes } from '../../observability/call-times.ts';
import type { CallOrigin } from '../module-function.ts';
import type { Hook, HookKind, Registration } from '../module-host.ts';
import type { LoadedModule } from './loaded-module.ts';

/** A handler of a module, as calls need it. */
export interface Target {
  readonly module: LoadedModule;
  readonly registration: Registration;
  /** Its number in every isolate of the module. */
  readonly handler: number;
  /**
   * How the isolate understands arguments and result: 0 an RPC, 1 a before hook, 2 an after hook, 3 an index filter,
   * 4 a callback.
   */
  readonly mode: 0 | 1 | 2 | 3 | 4;
  /** `rpc echo` */
  readonly label: string;
  /** Where its calls are timed; RPCs only. */
  readonly times: CallSeries | undefined;
}

/** Starts a call of a handler with its arguments as JSON texts. */
export type CallTarget = (
  target: Target,
  origin: CallOrigin,
  args: readonly (string | null)[],
) => Promise<string | null>;

const caseCounts: ReadonlySet<Registration['kind']> = new Set(['storageIndex', 'storageIndexFilter', 'match']);

/** A storage index is only data: it is never called; a match's functions are called otherwise. */
const modes = {
  rpc: 0,
  before: 1,
  rtBefore: 1,
  after: 2,
  rtAfter: 2,
  storageIndexFilter: 3,
  storageIndex: 3,
  match: 4,
  callback: 4,
} as const;

/** What the modules of one set registered, found by name. */
export class DispatchTable {
  readonly registrations: readonly Registration[];
  /** Registrations that an earlier one of the same name keeps from being called, with that one. */
  readonly shadowed: readonly { readonly dropped: Registration; readonly kept: Registration }[];
  readonly #rpcs = new Map<string, Target>();
  readonly #matches = new Map<string, Target>();
  readonly #hooks: Readonly<Record<HookKind, Map<string, Hook>>>;

  constructor(modules: readonly LoadedModule[], call: CallTarget, times?: CallTimes) {
    const targets = new Map<string, Target>();
    const shadowed: { dropped: Registration; kept: Registration }[] = [];
    for (const target of modules.flatMap((module) => module.targets(modes, times))) {
      const key = keyOf(target.registration.kind, target.registration.name);
      const first = targets.get(key);
      if (first) shadowed.push({ dropped: target.registration, kept: first.registration });
      else targets.set(key, target);
    }
    this.shadowed = shadowed;
    this.registrations = [...targets.values()].map((target) => target.registration);
    this.#hooks = {
      before: new Map(),
      after: new Map(),
      rtBefore: new Map(),
      rtAfter: new Map(),
      storageIndexFilter: new Map(),
      callback: new Map(),
    };
    for (const target of targets.values()) {
      const { kind, name } = target.registration;
      if (kind === 'rpc') this.#rpcs.set(name.toLowerCase(), target);
      else if (kind === 'match') this.#matches.set(name, target);
      else if (kind !== 'storageIndex')
        this.#hooks[kind].set(knownName(kind, name), { call: (origin, ...args) => call(target, origin, args) });
    }
  }

  rpc(id: string): Target | undefined {
    return this.#rpcs.get(id) ?? this.#rpcs.get(id.toLowerCase());
  }

  /** The handler of a kind of match. */
  match(name: string): Target | undefined {
    return this.#matches.get(name);
  }

  hook(kind: HookKind, name: string): Hook | undefined {
    const hooks = this.#hooks[kind];
    return hooks.size === 0 ? undefined : hooks.get(knownName(kind, name));
  }
}

function keyOf(kind: Registration['kind'], name: string): string {
  return `${kind} ${knownName(kind, name)}`;
}

/** Names are found whatever their case, but those of storage indexes and matches. */
function knownName(kind: Registration['kind'], name: string): string {
  return caseCounts.has(kind) ? name : name.toLowerCase();
}
