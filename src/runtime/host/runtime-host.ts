import { Status, StatusError } from '../../protocol/status.ts';
import { type RuntimeLimits, withDefaults } from '../limits.ts';
import type { MatchEvents } from '../match-host.ts';
import { defaultMatchSettings } from '../match-settings.ts';
import type { ModuleBundle } from '../module-bundle.ts';
import type { CallOrigin, FunctionCall } from '../module-function.ts';
import type { Hook, HookKind, ModuleHost, Registration, RpcSeries } from '../module-host.ts';
import type { FailureReport } from '../worker/isolate-setup.ts';
import { FIRST_CALL_ID } from '../worker/slot.ts';
import { CallReports } from './call-reports.ts';
import { DispatchTable, type Target } from './dispatch-table.ts';
import { type Answer, FunctionRunner } from './function-runner.ts';
import { KeptAnswers } from './kept-answers.ts';
import type { LoadedModule } from './loaded-module.ts';
import { HostedMatches } from './matches/hosted-matches.ts';
import { ModuleStarter } from './module-starter.ts';
import type { ModuleHostOptions } from './options.ts';
import { OrderedCalls } from './ordered-calls.ts';
import { HostCall, type PendingCall, postpone, refusedBy } from './pending-calls.ts';
import type { WorkerEnd } from './worker-link.ts';
import { workerStart } from './worker-start.ts';
import { type TeamWorker, WorkerTeam } from './worker-team.ts';

/** How often a host that is stopping looks whether its calls are answered. */
const DRAIN_STEP_MS = 20;

/**
 * Runs the modules in worker processes.
 * @throws ModuleError when a module's script or InitModule fails; nothing is left running then
 */
export async function startModuleHost(options: ModuleHostOptions): Promise<RuntimeHost> {
  const limits = withDefaults(options.limits);
  const host = new RuntimeHost(options, limits, await workerStart(options, limits));
  try {
    await host.replace(options.bundles);
    return host;
  } catch (error) {
    await host.stop(0);
    throw error;
  }
}

/** The modules as the rest of the server calls them. Made by {@link startModuleHost}. */
export class RuntimeHost implements ModuleHost {
  readonly #limits: RuntimeLimits;
  readonly #team: WorkerTeam;
  readonly #starter: ModuleStarter;
  readonly #functions: FunctionRunner;
  readonly #keptAnswers: KeptAnswers;
  readonly #reports: CallReports;
  readonly #matches: HostedMatches;
  readonly #options: ModuleHostOptions;
  readonly #pending = new Map<number, PendingCall>();
  /** Every module that a worker may still speak of, by its number. */
  readonly #modules = new Map<number, LoadedModule>();
  #serving: readonly LoadedModule[] = [];
  #table: DispatchTable;
  #lastCall = FIRST_CALL_ID;
  #lastSeries = 0;
  #version = 0;
  #stopping = false;

  constructor(options: ModuleHostOptions, limits: RuntimeLimits, start: Awaited<ReturnType<typeof workerStart>>) {
    this.#options = options;
    this.#limits = limits;
    this.#functions = new FunctionRunner(options.functions, limits.payloadBytes, options.log);
    this.#keptAnswers = new KeptAnswers(options.functions, (record) => {
      for (const worker of this.#team.workers) worker.sendRecord(record);
    });
    this.#reports = new CallReports(options);
    this.#table = new DispatchTable([], this.#call, options.times);
    this.#team = new WorkerTeam({
      count: start.workerCount,
      start: start.record,
      workerMemoryMb: limits.workerMemoryMb,
      workerSilenceMs: limits.workerSilenceMs,
      onRecord: (worker, record) => this.#take(worker, record),
      onEnd: (worker, end, restartInMs) => this.#workerEnded(worker, end, restartInMs),
      onReplaced: (worker) => void this.#workerReplaced(worker),
    });
    this.#matches = new HostedMatches({
      team: this.#team,
      reports: this.#reports,
      modules: this.#modules,
      settings: { ...defaultMatchSettings, ...options.matches },
      nextId: () => ++this.#lastCall,
    });
    this.#starter = new ModuleStarter(this.#team, (module, worker) => this.#openInit(module, worker));
  }

  hook(kind: HookKind, name: string): Hook | undefined {
    return this.#table.hook(kind, name);
  }

  hasRpc(id: string): boolean {
    return this.#table.rpc(id) !== undefined;
  }

  rpc(id: string, origin: CallOrigin, payload: string): Promise<string> {
    return this.#rpc(id, origin, JSON.stringify(payload), { reads: true });
  }

  rpcJson(id: string, origin: CallOrigin, payload: string): Promise<string> {
    return this.#rpc(id, origin, payload, {});
  }

  rpcSeries(): RpcSeries {
    const series = new OrderedCalls(++this.#lastSeries);
    return {
      admits: (id) => {
        const target = this.#table.rpc(id);
        return target !== undefined && series.admits(target.module);
      },
      call: (id, origin, payload) => this.#rpc(id, origin, JSON.stringify(payload), { reads: true, series }),
    };
  }

  createMatch(handler: string, matchId: string, params: string, events: MatchEvents): Promise<void> {
    const target = this.#table.match(handler);
    if (target) return this.#matches.create(target, matchId, params, events);
    return Promise.reject(new StatusError(Status.NOT_FOUND, `there is no match handler ${handler}`));
  }

  registrations(): readonly Registration[] {
    return this.#table.registrations;
  }

  /** Process ids of the workers that run. */
  workerPids(): number[] {
    return this.#team.workers.flatMap((worker) => worker.link?.pid ?? []);
  }

  /**
   * Starts new modules beside those that serve, and lets them serve in one step once all have started. Calls under
   * way end where they began. One replacement at a time: the caller waits for each.
   * @throws ModuleError when one of them fails; the old ones go on serving
   */
  async replace(bundles: readonly ModuleBundle[]): Promise<void> {
    const modules = this.#starter.adopt(bundles);
    for (const module of modules) this.#modules.set(module.pool, module);
    try {
      if (modules.length > 0) await this.#starter.start(modules);
    } catch (error) {
      this.#retire(modules);
      throw error;
    }
    this.#version++;
    for (const module of modules) module.version = this.#version;
    const old = this.#serving;
    this.#serving = modules;
    this.#table = new DispatchTable(modules, this.#call, this.#options.times);
    this.#reports.shadowed(this.#table.shadowed);
    if (this.#options.messageNames) this.#reports.unheard(this.#table.registrations, this.#options.messageNames);
    this.#matches.move(this.#table);
    this.#retire(old);
    this.#options.inspection?.serve(modules.map(({ name }) => name));
  }

  /** Refuses further calls, lets the matches end, waits for calls under way for as long as `graceMs`, and ends the workers. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    const until = performance.now() + graceMs;
    await this.#matches.terminate(graceMs);
    while (this.#pending.size > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, DRAIN_STEP_MS));
    }
    await this.#team.stop();
  }

  #rpc(id: string, origin: CallOrigin, payload: string, manner: CallManner): Promise<string> {
    const target = this.#table.rpc(id);
    if (!target) return Promise.reject(new StatusError(Status.NOT_FOUND, 'RPC function not found'));
    return this.#call(target, origin, [payload], manner) as Promise<string>;
  }

  readonly #call = (
    target: Target,
    origin: CallOrigin,
    args: readonly (string | null)[],
    { series, reads = false }: CallManner = {},
  ): Promise<string | null> =>
    new Promise((resolve, reject) => {
      const worker = series?.worker ?? this.#team.idlest();
      let rest = '';
      for (const arg of args) rest += arg === null ? ',null' : `,${arg}`;
      const { contextText, ownContextText } = origin;
      const units = contextText.length + rest.length;
      const { module, label, handler, mode, times } = target;
      const refusal = this.#refusal(worker, module, units);
      if (refusal) {
        reject(refusal);
        return;
      }
      const id = ++this.#lastCall;
      this.#pending.set(id, {
        id,
        module,
        label,
        origin,
        worker: worker!,
        series,
        units,
        readsPayload: reads,
        times,
        startedMs: performance.now(),
        limitMs: this.#limits.callTimeMs,
        resolve,
        reject,
        hostCall: undefined,
      });
      worker!.load++;
      series?.began(module, worker!);
      module.waitingCalls++;
      module.waitingUnits += units;
      const context = worker!.contextOf(contextText);
      const brought = context > 0 ? (ownContextText ?? '0') : withOwn(contextText, ownContextText);
      const body = `[${brought}${rest}]`;
      worker!.sendCall(
        `C ${id} ${handler} ${mode} ${series?.number ?? 0} ${module.pool} ${context}`,
        body.includes('\n') ? body.replaceAll('\n', ' ') : body,
      );
    });

  #refusal(worker: TeamWorker | undefined, module: LoadedModule, units: number): StatusError | undefined {
    if (this.#stopping) return new StatusError(Status.UNAVAILABLE, 'the server is stopping');
    if (!worker) return new StatusError(Status.UNAVAILABLE, 'the runtime is being restarted');
    return refusedBy(this.#limits, module, units);
  }

  #take(worker: TeamWorker, record: string): void {
    const tab = record.indexOf('\t');
    switch (record.charCodeAt(0)) {
      case 114 /* r id */:
        this.#answered(Number(record.slice(2, tab)), record.slice(tab + 1));
        return;
      case 101 /* e id */:
        this.#failed(Number(record.slice(2, tab)), JSON.parse(record.slice(tab + 1)) as FailureReport);
        return;
    }
    if (record.charCodeAt(0) === 77 /* M match */) {
      this.#matches.take(record);
      return;
    }
    const head = record.slice(0, tab).split(' ');
    const body = record.slice(tab + 1);
    switch (head[0]) {
      case 'h': {
        const [, slot, number, pool, call, name] = head;
        // The process that asked: one that takes its place has other isolates of the same numbers.
        const { link } = worker;
        const isParked = number!.startsWith('-');
        this.#runFunction(Number(pool), Number(call), name!, body, (text, args) => {
          const keeps = isParked && args !== undefined && this.#keptAnswers.note(name!, args, body, text);
          link?.send(`A ${slot} ${number}`, keeps ? `K${text}` : text);
        });
        return;
      }
      case 'd':
        this.#runFunction(Number(head[1]), Number(head[2]), head[3]!, body, () => {});
        return;
      case 'l':
        this.#reports.line(this.#modules.get(Number(head[1])), this.#callNames(Number(head[2])), head[3]!, body);
        return;
      case 'v':
        this.#reports.limit(this.#modules.get(Number(head[1])), body);
        return;
      case 'Q':
        this.#takeInspection(worker, head, body);
        return;
      case 'I':
      case 'R':
        this.#starter.take(worker, head[0], Number(head[1]), body);
    }
  }

  /** The time for which a debugger holds a worker's isolate does not count for its calls. */
  #takeInspection(worker: TeamWorker, head: readonly string[], body: string): void {
    if (head[1] === 'p') worker.heldSince = performance.now();
    else if (head[1] === 'r') {
      for (const call of this.#pending.values()) if (call.worker === worker) postpone(call, worker.heldSince);
    } else this.#options.inspection?.take(worker, head, body, this.#modules.get(Number(head[3]))?.name ?? '');
  }

  #answered(id: number, text: string): void {
    const call = this.#settle(id);
    if (!call) return;
    call.times?.ended(call.startedMs);
    if (call.readsPayload) call.resolve(JSON.parse(text) as string);
    else call.resolve(text === 'null' ? null : text);
  }

  #failed(id: number, failure: FailureReport): void {
    const call = this.#settle(id);
    if (!call) return;
    call.times?.failed(call.startedMs);
    this.#reports.failure(call, failure);
    call.reject(new StatusError(failure.code, failure.clientMessage ?? failure.message));
  }

  #settle(id: number): PendingCall | undefined {
    const call = this.#pending.get(id);
    if (!call) return undefined;
    this.#forget(call);
    call.worker.load--;
    call.series?.ended();
    return call;
  }

  #forget(call: PendingCall): void {
    this.#pending.delete(call.id);
    call.hostCall?.ended();
    call.module.waitingCalls--;
    call.module.waitingUnits -= call.units;
  }

  #runFunction(pool: number, callId: number, name: string, body: string, answer: Answer): void {
    const call = this.#pending.get(callId);
    const module = call?.module ?? this.#modules.get(pool);
    if (call) call.hostCall ??= new HostCall(call);
    const known = call?.hostCall ?? this.#matchCall(callId) ?? this.#backgroundCall(module);
    const recording = call && isInit(call) ? call.module.recording : undefined;
    if (!recording) {
      this.#functions.run(known, name, body, answer);
      return;
    }
    if (!Object.hasOwn(recording, name)) recording[name] = [];
    const answers = recording[name]!;
    const at = answers.push('u') - 1;
    this.#functions.run(known, name, body, (text) => {
      answers[at] = text;
      answer(text);
    });
  }

  /** What is said of a call, or of the match that has its number. */
  #callNames(id: number): { label: string; origin?: CallOrigin | undefined } | undefined {
    const match = this.#matches.get(id);
    return match ? { label: match.name, origin: match.origin } : this.#pending.get(id);
  }

  /** What a function of a match asks for. */
  #matchCall(id: number): FunctionCall | undefined {
    return this.#matches.get(id)?.functionCall(this.#limits.callTimeMs);
  }

  /** What a module asks for outside of its calls, or for one that has ended. */
  #backgroundCall(module: LoadedModule | undefined): FunctionCall {
    const deadlineMs = performance.now() + this.#limits.callTimeMs;
    return { module: module?.name ?? '', label: 'background', deadlineMs };
  }

  /** An InitModule's nk calls belong to a call of its own, which nobody waits for. */
  #openInit(module: LoadedModule, worker: TeamWorker): { id: number; close: () => void } {
    const id = ++this.#lastCall;
    worker.load++;
    module.waitingCalls++;
    this.#pending.set(id, {
      id,
      module,
      label: INIT_LABEL,
      origin: undefined,
      worker,
      series: undefined,
      units: 0,
      readsPayload: false,
      times: undefined,
      startedMs: performance.now(),
      limitMs: this.#limits.initTimeMs,
      resolve: () => {},
      reject: () => {},
      hostCall: undefined,
    });
    return { id, close: () => void this.#settle(id) };
  }

  #retire(modules: readonly LoadedModule[]): void {
    this.#starter.retire(modules);
    const live = new Set(this.#serving);
    for (const call of this.#pending.values()) live.add(call.module);
    for (const module of this.#matches.modules()) live.add(module);
    for (const module of this.#modules.values()) if (!live.has(module)) this.#modules.delete(module.pool);
  }

  #workerEnded(worker: TeamWorker, end: WorkerEnd, restartInMs: number): void {
    const calls = [...this.#pending.values()].filter((call) => call.worker === worker);
    const matches = this.#matches.workerEnded(worker, end.culprits, end.message);
    if (!this.#stopping || calls.length > 0) {
      const cutOff = matches.map(({ id, module, name, origin }) => ({ id, module, label: name, origin }));
      this.#reports.workerEnd(end, calls, cutOff, restartInMs);
    }
    for (const call of calls) {
      this.#forget(call);
      call.series?.ended();
      const culprit = end.culprits.includes(call.id);
      const error = culprit
        ? new StatusError(Status.INTERNAL, end.message)
        : new StatusError(
            Status.UNAVAILABLE,
            `${call.label} of module ${call.module.name} was cut off: ${end.message}`,
          );
      call.times?.failed(call.startedMs);
      call.reject(error);
    }
    this.#starter.workerEnded(worker, end);
    this.#options.inspection?.workerEnded(worker);
  }

  async #workerReplaced(worker: TeamWorker): Promise<void> {
    try {
      await this.#starter.startAgain(worker, this.#serving);
    } catch (error) {
      this.#options.log.error({ err: error }, 'a runtime worker was replaced, but its modules do not start');
    }
  }
}

/** The text of both objects as one. */
function withOwn(contextText: string, ownContextText: string | undefined): string {
  if (ownContextText === undefined) return contextText;
  return contextText === '{}' ? ownContextText : `${contextText.slice(0, -1)},${ownContextText.slice(1)}`;
}

/** What is special about a call. */
interface CallManner {
  readonly series?: OrderedCalls;
  /** True when the answer is a JSON string that is to be read. */
  readonly reads?: boolean;
}

const INIT_LABEL = 'InitModule';

function isInit(call: PendingCall): boolean {
  return call.label === INIT_LABEL;
}
