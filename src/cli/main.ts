import { Command } from 'commander';
import { version } from '../own-files.ts';
import { registerCheck } from './check.ts';
import { registerConfig } from './config.ts';
import { registerDb } from './db.ts';
import { createInitCommand } from './init.ts';
import { registerMigrate } from './migrate.ts';
import { reportError } from './report-error.ts';
import { registerServe } from './serve.ts';

const program = new Command('nk')
  .description('A game server whose logic is your own TypeScript, speaking Nakama’s protocol')
  .version(version, '-v, --version')
  .option('--debug', 'show the stack of errors')
  .configureOutput({ outputError: () => {} })
  .showSuggestionAfterError(false)
  .exitOverride();

registerServe(program);
program.addCommand(createInitCommand().copyInheritedSettings(program));
registerCheck(program);
registerMigrate(program);
registerDb(program);
registerConfig(program);

try {
  await program.parseAsync();
} catch (error) {
  const isDebug = program.opts<{ debug?: boolean }>().debug === true || Boolean(process.env.NK_DEBUG);
  // Not process.exit: what is still to be written to a pipe must leave. Half-started parts must not keep the process.
  process.exitCode = reportError(error, program, isDebug);
  setImmediate(() => process.exit());
}
