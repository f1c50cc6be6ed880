import { type Command, CommanderError } from 'commander';
import { nearest } from '../config/nearest.ts';
import { UsageError, UserError } from '../config/user-error.ts';
import { DatabaseError, DatabaseLostError } from '../database/errors.ts';
import { ModuleBuildError, ModuleFolderError } from '../runtime/bundle/build-error.ts';
import { flagNames } from './setting-flags.ts';

export const EXIT_FAILURE = 1;
export const EXIT_USAGE = 2;

const expectedErrors = [UserError, DatabaseError, DatabaseLostError, ModuleFolderError, ModuleBuildError];

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
  const text = error.message.replace(/^error: /, '').replace(/\.$/, '');
  process.stderr.write(`nk: ${text}${hintFor(error, program)}\n`);
  return EXIT_USAGE;
}

function hintFor(error: CommanderError, program: Command): string {
  const command = calledCommand(program);
  const help = `; see ${command.path} --help`;
  const unknown = error.code === 'commander.unknownOption' && /'(--?[^']+)'/.exec(error.message)?.[1];
  if (!unknown) return help;
  const meant = nearest(unknown.split('=', 1)[0]!, new Set(flagNames(command.command)));
  return meant ? `; did you mean ${meant}?` : help;
}

/** The command that the words of the command line name, as far as there is one: `nk db dump`. */
function calledCommand(program: Command): { readonly command: Command; readonly path: string } {
  let command = program;
  let path = program.name();
  for (const word of program.args) {
    const next = command.commands.find((subcommand) => subcommand.name() === word);
    if (!next) break;
    command = next;
    path += ` ${word}`;
  }
  return { command, path };
}

function unexpected(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return `${message || 'unexpected error'} (--debug shows where)`;
}
