import type { Command } from 'commander';
import { createLog } from '../observability/log.ts';
import { modulesFolder } from './modules-folder.ts';
import { EXIT_FAILURE } from './report-error.ts';
import { addSettingFlags, configOf } from './setting-flags.ts';

/** `nk check [folder]`: sets the process's exit code to 1 when the modules would not serve. */
export function registerCheck(program: Command): void {
  const command = program
    .command('check')
    .description('check modules: types, bundling, InitModule, and what they register')
    .argument('[folder]', 'the modules folder; by default the one that nk serve would take');
  addSettingFlags(command);
  command.option('--no-types', 'leave the type check out').action(async (folder: string | undefined) => {
    const { types } = command.opts<{ types: boolean }>();
    if (!(await check(command, folder, types))) process.exitCode = EXIT_FAILURE;
  });
}

async function check(command: Command, folder: string | undefined, types: boolean): Promise<boolean> {
  const { config } = configOf(command);
  const { logger, runtime } = config;
  // The report is for people wherever it goes, and so are the lines that InitModule logs.
  const log = createLog({ ...logger, format: logger.format === 'auto' ? 'pretty' : logger.format });
  const [{ checkModules }, { loadModulesOnce }] = await Promise.all([
    import('./check-modules.ts'),
    import('../server.ts'),
  ]);
  return checkModules({
    folder: folder === undefined ? modulesFolder(runtime.path) : modulesFolder(folder, 'name that of your modules'),
    ...(runtime.js_entrypoint && { entry: runtime.js_entrypoint }),
    types,
    loadModules: (build) => loadModulesOnce(build, config, log),
    print: (line) => process.stdout.write(`${line}\n`),
  });
}
