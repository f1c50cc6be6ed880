import { EventEmitter, once } from 'node:events';
import type { Log } from '../../src/observability/log.ts';

/** A log whose lines can be waited for. */
export interface LoggedLines {
  readonly log: Log;
  /** Resolves to the text of the next line that matches. */
  until(pattern: RegExp): Promise<string>;
}

export function loggedLines(): LoggedLines {
  const lines = new EventEmitter().setMaxListeners(0);
  const write = (...line: unknown[]): void => void lines.emit('line', String(line.at(-1)));
  const log: Log = { debug: write, info: write, warn: write, error: write, child: () => log } as unknown as Log;
  return {
    log,
    async until(pattern) {
      for (;;) {
        const [line] = (await once(lines, 'line')) as [string];
        if (pattern.test(line)) return line;
      }
    },
  };
}
