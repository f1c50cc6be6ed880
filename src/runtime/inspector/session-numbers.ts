import type { Command } from './kept-commands.ts';

/**
 * The numbers of scripts and contexts that a debugger is told. Every isolate counts from the start, but debuggers take
 * a number for one and the same script as long as they are attached; so those of a further isolate go on where those of
 * the one before ended.
 */
export class SessionNumbers {
  readonly #scripts = new Numbering();
  readonly #contexts = new Numbering();

  /** From now on it is another isolate. */
  next(): void {
    this.#scripts.next();
    this.#contexts.next();
  }

  /** A message of the isolate, for the debugger. In what modules say, quotes are escaped, so that it is left alone. */
  outward(text: string): string {
    return text
      .replace(/"scriptId":"(\d+)"/g, (_all, own: string) => `"scriptId":"${this.#scripts.outward(Number(own))}"`)
      .replace(/"(executionContextId|context":\{"id)":(\d+)/g, (_all, key: string, own: string) => {
        return `"${key}":${this.#contexts.outward(Number(own))}`;
      });
  }

  /** A command of the debugger, for the isolate. */
  inward(command: Command): Command {
    const { method, params } = command;
    if (!params) return command;
    const own: Record<string, unknown> = { ...params };
    for (const key of ['contextId', 'executionContextId']) {
      if (typeof own[key] === 'number') own[key] = this.#contexts.inward(own[key]);
    }
    const namesScripts = method.startsWith('Debugger.') || method === 'Runtime.runScript';
    return { ...command, params: namesScripts ? (this.#withOwnScripts(own) as Command['params'])! : own };
  }

  #withOwnScripts(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.#withOwnScripts(item));
    if (value === null || typeof value !== 'object') return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [
        key,
        key === 'scriptId' ? `${this.#scripts.inward(Number(item))}` : this.#withOwnScripts(item),
      ]),
    );
  }
}

/** Numbers from 1 on; 0 stands for none. */
class Numbering {
  #before = 0;
  #last = 0;

  next(): void {
    this.#before = this.#last;
  }

  outward(own: number): number {
    if (own === 0) return 0;
    const told = own + this.#before;
    if (told > this.#last) this.#last = told;
    return told;
  }

  /** Those of an isolate that is gone come out as 0 or less, which no isolate has. */
  inward(told: number): number {
    return told === 0 ? 0 : told - this.#before;
  }
}
