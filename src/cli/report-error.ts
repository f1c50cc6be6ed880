import { type Command, CommanderError } from 'commander';
import { nearest } from '../config/nearest.ts';
import { UsageError, UserError } from '../config/user-error.ts';
import { DatabaseError } from '../database/errors.ts';
import { ModuleBuildError, ModuleFolderError } from '../runtime/bundle/build-error.ts';
import { flagNames } from './setting-flags.ts';

export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;

const expectedErrors = [UserError, DatabaseError, ModuleFolderError, ModuleBuildError];

/**
 * Tells the person at the terminal what went wrong, without a stack unless asked for.
 * @returns the exit code
 */
export function reportError(error: unknown, program: Command, isDebug: boolean): number {
  if (error instanceof CommanderError) return reportUsage(error, program);
  const isExpected = expectedErrors.some((type) => error instanceof type);
  const text = isExpected ? (error as Error).message : unexpected(error);
  process.stderr.write(`nk: ${text}\n`);
  if (isDebug) console.error(error);
  return error instanceof UsageError ? EXIT_USAGE : EXIT_FAILURE;
}

function reportUsage(error: CommanderError, program: Command): number {
  if (error.exitCode === 0) return 0;
  if (error.code === 'commander.help') return EXIT_USAGE;
  process.stderr.write(`nk: ${error.message.replace(/^error: /, '')}${hintFor(error, program)}\n`);
  return EXIT_USAGE;
}

function hintFor(error: CommanderError, program: Command): string {
  const unknown = error.code === 'commander.unknownOption' && /'(--?[^']+)'/.exec(error.message)?.[1];
  if (!unknown) return '; see nk --help';
  const flags = new Set(program.commands.flatMap(flagNames));
  const meant = nearest(unknown.split('=', 1)[0]!, flags);
  return meant ? `; did you mean ${meant}?` : '; see nk --help';
}

function unexpected(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message || 'unexpected error'} (--debug shows where)`;
}
