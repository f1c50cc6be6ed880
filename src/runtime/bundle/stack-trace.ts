import type { ModuleBundle, Position } from '../module-bundle.ts';
import { codeFrame } from './code-frame.ts';
import type { SourcePositions } from './source-positions.ts';

/** A script whose positions can be told; with `positions`, its source lines can be shown too. */
export type MappedScript = Pick<ModuleBundle, 'fileName' | 'mapPosition'> & { readonly positions?: SourcePositions };

/** A call in an author's stack. */
export interface StackFrame {
  /** As the engine names it: `greet`, `new Arena`, `async Promise.all`; absent at the top level. */
  readonly functionName?: string;
  /** In the author's file, relative to the modules folder. */
  readonly position: Position;
  /** True for a file of an npm package. */
  readonly inPackage: boolean;
}

/** A stack longer than this is cut. */
const maxFrames = 50;
const framePattern = /^\s*at (?:(.+?) \()?(?:file:\/\/\/?)?([^\s()]+?):(\d+):(\d+)\)?$/;

/**
 * The calls in the text of a stack that stand in the given scripts, mapped to the author's files. Calls in the
 * isolate's own code and in the engine are left out.
 */
export function mapStack(stackText: string, scripts: Iterable<MappedScript>): StackFrame[] {
  const byName = new Map<string, MappedScript>();
  for (const script of scripts) byName.set(script.fileName.replace(/^file:\/\/\//, ''), script);

  const frames: StackFrame[] = [];
  for (const line of stackText.split('\n')) {
    const [, functionName, file, atLine, atColumn] = framePattern.exec(line) ?? [];
    const script = file === undefined ? undefined : byName.get(file);
    const position = script?.mapPosition?.(Number(atLine), Number(atColumn));
    if (!position) continue;
    const inPackage = position.file.includes('node_modules/');
    const isNamed = functionName !== undefined && functionName !== 'eval';
    frames.push({ ...(isNamed ? { functionName } : {}), position, inPackage });
    if (frames.length >= maxFrames) break;
  }
  return frames;
}

/**
 * An error as its author reads it: what happened, the calls in the author's files, and the lines around the first
 * of them that is not in an npm package.
 *
 *     TypeError: Cannot read properties of undefined (reading 'name')
 *         at greet (src/greet.ts:5:19)
 *
 *       4 | export function greet(ctx) {
 *     > 5 |   return ctx.user.name;
 *         |                   ^
 */
export function errorReport(
  message: string,
  stackText: string,
  scripts: readonly MappedScript[],
  options: { readonly colour?: boolean } = {},
): string {
  const frames = mapStack(stackText, scripts);
  const lines = [
    frames.length > 0 ? heading(message, stackText) : message,
    ...frames.map((frame) => `    at ${frameText(frame)}`),
  ];
  const own = frames.find((frame) => !frame.inPackage);
  const frame = own && sourceFrame(own.position, scripts, options);
  if (frame) lines.push('', frame);
  return lines.join('\n');
}

/**
 * A failure as its author reads it: an {@link errorReport} where the error's stack leads into the scripts (as a
 * ModuleError's does), else its message.
 */
export function failureText(
  failure: unknown,
  scripts: readonly MappedScript[],
  options: { readonly colour?: boolean } = {},
): string {
  if (!(failure instanceof Error)) return String(failure);
  return errorReport(failure.message, failure.stack ?? '', scripts, options);
}

/** `src/greet.ts:5:19` */
export function positionText(position: Position): string {
  return `${position.file}:${position.line}:${position.column}`;
}

/** The message with the error's name before it, as stacks begin. */
function heading(message: string, stackText: string): string {
  const name = /^[\w$]+: /.exec(stackText)?.[0] ?? '';
  return stackText.startsWith(name + message) ? name + message : message;
}

function frameText(frame: StackFrame): string {
  const place = positionText(frame.position);
  return frame.functionName ? `${frame.functionName} (${place})` : place;
}

function sourceFrame(position: Position, scripts: readonly MappedScript[], options: { colour?: boolean }): string {
  for (const script of scripts) {
    const source = script.positions?.source(position.file);
    if (source !== undefined) return codeFrame(source, position, options);
  }
  return '';
}
