import type { MatchHost } from './match-host.ts';
import type { CallOrigin } from './module-function.ts';

/**
 * Which kind of function a module registered. A storage index's filter is found by the index's name, case counts. A
 * callback is what the server calls on its own account, such as `LeaderboardReset`; its origin's context names the
 * `executionMode`.
 */
export type HookKind = 'before' | 'after' | 'rtBefore' | 'rtAfter' | 'storageIndexFilter' | 'callback';

/** What a module registered, with where it stands in the author's TypeScript. */
export interface Registration {
  readonly kind: 'rpc' | 'match' | 'storageIndex' | HookKind;
  /** The RPC id or name as written, the operation (`AuthenticateDevice`) or the envelope's message (`ChannelMessageSend`). */
  readonly name: string;
  readonly module: string;
  /** `file:line` of the registration. */
  readonly place?: string;
  /** For what is registered with values instead of a function: the list of them, as the isolate gave it. */
  readonly data?: readonly unknown[];
}

/** A registered hook, resolved once. */
export interface Hook {
  /**
   * Runs the hook. The arguments and the result are JSON texts; `null` as an argument is JavaScript's null.
   * Resolves to null when the function returned null or undefined.
   * @throws StatusError with the code and message that the module threw (13 where it named no whole-number code)
   */
  call(origin: CallOrigin, ...args: (string | null)[]): Promise<string | null>;
}

/** RPCs of one caller: each begins when the one before it has ended, also where it was called earlier than that. */
export interface RpcSeries {
  /** True when an RPC of this id may be called now; false for one that must wait until the earlier ones are answered. */
  admits(id: string): boolean;
  /** As {@link ModuleHost.rpc}; only for what is admitted. */
  call(id: string, origin: CallOrigin, payload: string): Promise<string>;
}

/** What the rest of the server sees of the modules: look-ups that cost a Map access, and calls. */
export interface ModuleHost extends MatchHost {
  /** Undefined when no module registered one: then nothing crosses. Names are matched as the caller derives them. */
  hook(kind: HookKind, name: string): Hook | undefined;
  /** True when the id is registered; case does not matter. */
  hasRpc(id: string): boolean;
  /**
   * Runs an RPC. Resolves to the payload, `''` when the function returned nothing.
   * @throws StatusError as {@link Hook.call}, or NOT_FOUND when there is no such id
   */
  rpc(id: string, origin: CallOrigin, payload: string): Promise<string>;
  /** As {@link rpc} for who has the payload as a JSON text and wants the answer's: both go on unread. */
  rpcJson(id: string, origin: CallOrigin, payload: string): Promise<string>;
  /** A new series, without calls. */
  rpcSeries(): RpcSeries;
  registrations(): readonly Registration[];
}
