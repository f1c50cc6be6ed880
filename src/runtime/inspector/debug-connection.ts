import type { DebugClient } from './debug-session.ts';
import type { Attachment, DebugTarget, InspectedModules } from './inspected-modules.ts';
import type { Command } from './kept-commands.ts';

/** A debugger's connection to one target, over which it may ask for all others, as for the worker threads of Node. */
export class DebugConnection implements Attachment {
  readonly #modules: InspectedModules;
  readonly #client: DebugClient;
  readonly #main: Attachment;
  readonly #mainId: string;
  /** The other targets, by their ids, which are their sessions' ids too. */
  readonly #others = new Map<string, Attachment>();
  #unwatch: (() => void) | undefined;

  private constructor(modules: InspectedModules, client: DebugClient, main: Attachment, mainId: string) {
    this.#modules = modules;
    this.#client = client;
    this.#main = main;
    this.#mainId = mainId;
  }

  /**
   * Attaches a debugger to a target, or to the first one.
   * @returns why not, in words, when that cannot be
   */
  static open(modules: InspectedModules, id: string | undefined, client: DebugClient): DebugConnection | string {
    const mainId = id ?? modules.targets()[0]?.id;
    if (mainId === undefined) return 'no module is loaded';
    const main = modules.attach(mainId, client);
    return typeof main === 'string' ? main : new DebugConnection(modules, client, main, mainId);
  }

  receive(message: string): void {
    const command = message.includes('"NodeWorker.') ? workerCommand(message) : undefined;
    if (command) this.#takeWorkerCommand(command);
    else this.#main.receive(message);
  }

  detach(): void {
    this.#detachOthers();
    this.#main.detach();
  }

  #takeWorkerCommand({ id, method, params = {} }: Command): void {
    this.#client.send(JSON.stringify({ id, result: {} }));
    const session = String(params.sessionId);
    switch (method) {
      case 'NodeWorker.enable':
        this.#unwatch ??= this.#modules.watch(() => this.#attachOthers());
        this.#attachOthers();
        return;
      case 'NodeWorker.disable':
        this.#detachOthers();
        return;
      case 'NodeWorker.sendMessageToWorker':
        this.#others.get(session)?.receive(String(params.message));
        return;
      case 'NodeWorker.detach':
        this.#others.get(session)?.detach();
        this.#others.delete(session);
    }
  }

  #attachOthers(): void {
    for (const target of this.#modules.targets()) {
      if (target.id !== this.#mainId && !this.#others.has(target.id)) this.#attachOther(target);
    }
  }

  #attachOther({ id, title }: DebugTarget): void {
    const attachment = this.#modules.attach(id, {
      send: (message) => this.#tell('receivedMessageFromWorker', { sessionId: id, message }),
      close: () => {
        this.#others.delete(id);
        this.#tell('detachedFromWorker', { sessionId: id });
      },
    });
    // Another debugger has it.
    if (typeof attachment === 'string') return;
    this.#others.set(id, attachment);
    const workerInfo = { workerId: id, type: 'worker', title, url: '' };
    this.#tell('attachedToWorker', { sessionId: id, workerInfo, waitingForDebugger: false });
  }

  #detachOthers(): void {
    this.#unwatch?.();
    this.#unwatch = undefined;
    for (const attachment of this.#others.values()) attachment.detach();
    this.#others.clear();
  }

  #tell(event: string, params: Readonly<Record<string, unknown>>): void {
    this.#client.send(JSON.stringify({ method: `NodeWorker.${event}`, params }));
  }
}

/** A command of the domain by which Node speaks of its worker threads. */
function workerCommand(message: string): Command | undefined {
  try {
    const command = JSON.parse(message) as Partial<Command> | null;
    const isOne = Number.isInteger(command?.id) && String(command?.method).startsWith('NodeWorker.');
    return isOne ? (command as Command) : undefined;
  } catch {
    return undefined;
  }
}
