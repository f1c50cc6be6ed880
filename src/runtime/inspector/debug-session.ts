import { type Command, KeptCommands } from './kept-commands.ts';
import { OwnScripts, STEPPED_OVER } from './own-scripts.ts';
import { SessionNumbers } from './session-numbers.ts';

/** A debugger's connection. */
export interface DebugClient {
  send(message: string): void;
  /** Ends the connection, with the reason in words. */
  close(reason: string): void;
}

/** The way to an isolate that can be debugged. */
export interface IsolateChannel {
  attach(): void;
  detach(): void;
  command(text: string): void;
}

/** Commands that may wait for an isolate, or for an answer; with more of them the connection is closed. */
const MAX_OPEN = 10_000;
/** The context that an isolate has beside the modules' one, by the engine's name for it; nothing runs there. */
const UNUSED_CONTEXT = 'default';
/** Commands that mean the page's context unless they name one, with how they name it. */
const contextKeys: ReadonlyMap<string, string> = new Map([
  ['Runtime.compileScript', 'executionContextId'],
  ['Runtime.evaluate', 'contextId'],
  ['Runtime.globalLexicalScopeNames', 'executionContextId'],
]);
const BLACKBOX = 'Debugger.setBlackboxPatterns';

const PARSE_ERROR = -32_700;
const SERVER_ERROR = -32_000;

type Given = Command & { readonly ownId: number };

/**
 * One debugger with one module. The isolate may change while the module is reloaded or its worker replaced: to the
 * debugger that looks as a page does that is loaded anew, with its breakpoints set.
 */
export class DebugSession {
  readonly #client: DebugClient;
  readonly #title: string;
  readonly #kept = new KeptCommands();
  readonly #numbers = new SessionNumbers();
  readonly #ownScripts = new OwnScripts();
  /** Commands that are not answered, by the numbers that they have in the isolate. */
  readonly #open = new Map<number, Given>();
  /** Commands that wait for an isolate. */
  #waiting: Command[] = [];
  #isolate: IsolateChannel | undefined;
  #contextId: number | undefined;
  #lastId = 0;
  #isPaused = false;

  /** @param title what the module is called */
  constructor(client: DebugClient, title: string) {
    this.#client = client;
    this.#title = title;
  }

  /** Takes a message of the debugger. */
  receive(text: string): void {
    const command = parseCommand(text);
    if (!command) {
      this.#client.send(JSON.stringify({ error: { code: PARSE_ERROR, message: 'a command in JSON is expected' } }));
    } else if (this.#open.size + this.#waiting.length >= MAX_OPEN) {
      this.end('too many commands without an answer');
    } else if (this.#isolate) this.#give(command);
    else this.#waiting.push(command);
  }

  /** Takes a message of the isolate. */
  said(isolate: IsolateChannel, text: string): void {
    if (isolate !== this.#isolate) return;
    const id = /^\{"id":(\d+)/.exec(text)?.[1];
    if (id !== undefined) this.#answered(Number(id), text);
    else if (text.startsWith('{"method":"Runtime.executionContext')) this.#contextChanged(text);
    else {
      const held = /^\{"method":"Debugger\.(paused|resumed)"/.exec(text)?.[1];
      if (held) this.#isPaused = held === 'paused';
      const shown = this.#ownScripts.shown(text);
      if (shown !== undefined) this.#tell(shown);
    }
  }

  /** From now on it is this isolate; undefined while there is none. */
  moveTo(isolate: IsolateChannel | undefined): void {
    if (this.#isolate) {
      this.#isolate.detach();
      this.#forgetOld();
    }
    this.#isolate = isolate;
    if (!isolate) return;
    isolate.attach();
    for (const { method, params } of this.#kept.all)
      this.#send({ id: ++this.#lastId, method, ...(params && { params }) });
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const command of waiting) this.#give(command);
  }

  /** Ends it: for the isolate now, for the debugger with a reason, unless that has gone itself. */
  end(reason?: string): void {
    this.#isolate?.detach();
    this.#isolate = undefined;
    if (reason !== undefined) this.#client.close(reason);
  }

  /** What the debugger knows of the isolate that is gone no longer holds. */
  #forgetOld(): void {
    this.#contextId = undefined;
    this.#numbers.next();
    this.#ownScripts.next();
    for (const { id } of this.#open.values()) this.#refuse(id, 'the module was started anew');
    this.#open.clear();
    if (this.#isPaused) this.#client.send('{"method":"Debugger.resumed","params":{}}');
    this.#isPaused = false;
    this.#client.send('{"method":"Runtime.executionContextsCleared","params":{}}');
  }

  #give(said: Command): void {
    const command = this.#numbers.inward(said);
    const key = contextKeys.get(command.method);
    const contextId = key && command.params?.[key];
    if (contextId !== undefined && contextId !== this.#contextId) {
      this.#refuse(command.id, 'Cannot find context with specified id');
      return;
    }
    const given = this.#completed(command);
    this.#kept.note(given);
    const ownId = ++this.#lastId;
    this.#open.set(ownId, { ...given, ownId });
    this.#send({ ...given, id: ownId });
    if (given.method === 'Debugger.enable') this.#stepOverOwnScripts();
  }

  #refuse(id: number, message: string): void {
    this.#client.send(JSON.stringify({ id, error: { code: SERVER_ERROR, message } }));
  }

  #stepOverOwnScripts(): void {
    const command = { id: ++this.#lastId, method: BLACKBOX, params: { patterns: [STEPPED_OVER] } };
    this.#kept.note(command);
    this.#send(command);
  }

  #completed(command: Command): Command {
    const { method, params = {} } = command;
    if (method === BLACKBOX && Array.isArray(params.patterns)) {
      return { ...command, params: { ...params, patterns: [...(params.patterns as unknown[]), STEPPED_OVER] } };
    }
    const key = contextKeys.get(method);
    const isNamed = key === undefined || params[key] !== undefined || params.uniqueContextId !== undefined;
    if (isNamed || this.#contextId === undefined) return command;
    return { ...command, params: { ...params, [key]: this.#contextId } };
  }

  #send(command: Command): void {
    this.#isolate?.command(JSON.stringify(command));
  }

  #answered(ownId: number, text: string): void {
    const given = this.#open.get(ownId);
    if (!given) return;
    this.#open.delete(ownId);
    if (this.#kept.wantsAnswer(given.method)) {
      this.#kept.noteAnswer(given, (JSON.parse(text) as { result?: unknown }).result);
    }
    this.#tell(text.replace(/^\{"id":\d+/, `{"id":${given.id}`));
  }

  /** Shows debuggers one context, which is the default one, named for the module. */
  #contextChanged(text: string): void {
    const message = JSON.parse(text) as { method: string; params: { context?: Record<string, unknown> } };
    const { context } = message.params;
    if (context?.name === UNUSED_CONTEXT) return;
    if (context) {
      this.#contextId = Number(context.id);
      message.params.context = { ...context, name: this.#title, auxData: { isDefault: true } };
    }
    this.#tell(JSON.stringify(message));
  }

  /** Sends a message of the isolate. */
  #tell(text: string): void {
    this.#client.send(this.#numbers.outward(text));
  }
}

function parseCommand(text: string): Command | undefined {
  try {
    const value = JSON.parse(text) as Partial<Command> | null;
    if (!Number.isInteger(value?.id) || typeof value?.method !== 'string') return undefined;
    const { id, method, params } = value as Command;
    return params && typeof params === 'object' ? { id, method, params } : { id, method };
  } catch {
    return undefined;
  }
}
