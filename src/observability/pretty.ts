import { lazyPackage } from '../lazy-package.ts';

const pinoPretty = lazyPackage<typeof import('pino-pretty')>('pino-pretty');

/** A terminal, a pipe or a file that lines are written to. */
export type Terminal = NodeJS.WritableStream & { readonly isTTY?: boolean };

/** Prints log lines for people: time, level, text, then the fields on the same line; errors with their stack. */
export function prettyStream(terminal: Terminal): { write(line: string): void } {
  const format = pinoPretty().prettyFactory({
    colorize: hasColours(terminal),
    translateTime: 'SYS:HH:MM:ss.l',
    singleLine: true,
  });
  return { write: (line) => void terminal.write(format(line)) };
}

/** True when a terminal is there to show colours, and its user does not mind them. */
export function hasColours(terminal: Terminal): boolean {
  return terminal.isTTY === true && !process.env.NO_COLOR;
}
