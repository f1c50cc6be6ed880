import type { InspectedWorker, ModuleInspection } from '../host/index.ts';
import { type DebugClient, DebugSession, type IsolateChannel } from './debug-session.ts';

/** A module that a debugger may attach to. */
export interface DebugTarget {
  /** For addresses. */
  readonly id: string;
  /** What it is called. */
  readonly title: string;
}

/** A debugger that is attached. */
export interface Attachment {
  /** Takes a message of the debugger. */
  receive(message: string): void;
  /** The debugger has gone. What it holds goes on. */
  detach(): void;
}

/** What the isolates that do not take a module's calls in general are called. */
const titleEnds: Readonly<Record<string, string>> = { matches: ' (matches)', awaited: ' (storage index filters)' };

/** The isolates of the modules, as debuggers see them: one target for each module, whichever isolate runs it. */
export class InspectedModules implements ModuleInspection {
  readonly #targets = new Map<string, Target>();
  readonly #watchers = new Set<() => void>();
  #served: ReadonlySet<string> = new Set();

  /** The modules that can be attached to, those that calls go to first. */
  targets(): readonly DebugTarget[] {
    return [...this.#targets.values()].sort((a, b) => Number(b.isMain) - Number(a.isMain));
  }

  /** Calls that when there are further targets. @returns what ends it */
  watch(onTargets: () => void): () => void {
    this.#watchers.add(onTargets);
    return () => void this.#watchers.delete(onTargets);
  }

  /**
   * Attaches a debugger to a target.
   * @returns why not, in words, when that cannot be
   */
  attach(id: string, client: DebugClient): Attachment | string {
    const target = this.#targets.get(id);
    if (!target) return 'there is no such module';
    if (target.session) return `another debugger is attached to ${target.title}`;
    const session = target.open(client);
    return {
      receive: (message) => session.receive(message),
      detach: () => target.close(session),
    };
  }

  /**
   * Takes a worker's record about debugging: `s slot pool kind`, `e slot`, `m slot`.
   * @param module whose isolate an `s` is about
   */
  take(worker: InspectedWorker, head: readonly string[], body: string, module: string): void {
    const slot = Number(head[2]);
    switch (head[1]) {
      case 's':
        this.#targetOf(module, head[4]!).add(new Isolate(worker, slot));
        for (const onTargets of this.#watchers) onTargets();
        worker.send(`Q g ${slot}`);
        return;
      case 'e':
        for (const target of this.#targets.values()) target.remove(worker, slot);
        this.#dropUnused();
        return;
      case 'm':
        for (const target of this.#targets.values()) target.said(worker, slot, body);
    }
  }

  /** A worker is gone, and its isolates with it. */
  workerEnded(worker: InspectedWorker): void {
    for (const target of this.#targets.values()) target.remove(worker);
    this.#dropUnused();
  }

  /** These modules serve from now on; debuggers of others are told that there is nothing left to debug. */
  serve(modules: readonly string[]): void {
    this.#served = new Set(modules);
    this.#dropUnused();
  }

  /** Ends all debugging; what is held goes on. */
  stop(): void {
    for (const target of this.#targets.values()) target.end('the server is stopping');
  }

  #targetOf(module: string, kind: string): Target {
    const title = module + (titleEnds[kind] ?? '');
    const id = encodeURIComponent(title);
    let target = this.#targets.get(id);
    if (!target) {
      target = new Target(id, title, module, kind === 'main');
      this.#targets.set(id, target);
    }
    return target;
  }

  #dropUnused(): void {
    for (const [id, target] of this.#targets) {
      if (!target.isGone || (this.#served.has(target.module) && target.isMain)) continue;
      this.#targets.delete(id);
      target.end(`the module ${target.module} is gone`);
    }
  }
}

class Isolate implements IsolateChannel {
  readonly worker: InspectedWorker;
  readonly slot: number;

  constructor(worker: InspectedWorker, slot: number) {
    this.worker = worker;
    this.slot = slot;
  }

  attach(): void {
    this.worker.send(`Q a ${this.slot}`);
  }

  detach(): void {
    this.worker.send(`Q d ${this.slot}`);
  }

  command(text: string): void {
    this.worker.send(`Q m ${this.slot}`, text);
  }
}

/** One target; its debugger is with the newest of its isolates. */
class Target implements DebugTarget {
  readonly id: string;
  readonly title: string;
  readonly module: string;
  readonly isMain: boolean;
  session: DebugSession | undefined;
  /** The oldest first: while a module is reloaded there are two. */
  #isolates: Isolate[] = [];

  constructor(id: string, title: string, module: string, isMain: boolean) {
    this.id = id;
    this.title = title;
    this.module = module;
    this.isMain = isMain;
  }

  get isGone(): boolean {
    return this.#isolates.length === 0;
  }

  add(isolate: Isolate): void {
    this.#isolates.push(isolate);
    this.session?.moveTo(isolate);
  }

  /** Takes out one isolate of a worker, or all of them. */
  remove(worker: InspectedWorker, slot?: number): void {
    const newest = this.#isolates.at(-1);
    this.#isolates = this.#isolates.filter((one) => one.worker !== worker || (slot !== undefined && one.slot !== slot));
    if (this.#isolates.at(-1) !== newest) this.session?.moveTo(this.#isolates.at(-1));
  }

  said(worker: InspectedWorker, slot: number, message: string): void {
    const isolate = this.#isolates.find((one) => one.worker === worker && one.slot === slot);
    if (isolate) this.session?.said(isolate, message);
  }

  open(client: DebugClient): DebugSession {
    const session = new DebugSession(client, this.title);
    this.session = session;
    session.moveTo(this.#isolates.at(-1));
    return session;
  }

  close(session: DebugSession): void {
    if (this.session !== session) return;
    this.session = undefined;
    session.end();
  }

  end(reason: string): void {
    const { session } = this;
    this.session = undefined;
    session?.end(reason);
  }
}
