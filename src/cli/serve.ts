import { performance } from 'node:perf_hooks';
import type { Command } from 'commander';
import type { Config } from '../config/config.ts';
import { databaseUrl } from '../config/database-url.ts';
import { defaultKeyWarnings } from '../config/default-keys.ts';
import type { LoadedConfig } from '../config/load.ts';
import { createLog, isPretty } from '../observability/log.ts';
import { hasColours } from '../observability/pretty.ts';
import { version } from '../own-files.ts';
import type { RunningServer } from '../server.ts';
import { type BannerFacts, banner } from './banner.ts';
import { modulesFolder } from './modules-folder.ts';
import { addSettingFlags, configOf } from './setting-flags.ts';
import { stopOnSignal } from './shutdown.ts';
import { releaseStartupMemory } from './startup-memory.ts';

/** `nk serve`: runs a server until it is told to stop. */
export function registerServe(program: Command): void {
  const command = program.command('serve').description('run a game server on a folder of modules');
  addSettingFlags(command);
  command
    .option('--watch', 'reload modules when their files change; the default on a terminal')
    .option('--no-watch', 'load modules once')
    .action(async () => {
      const { watch } = command.opts<{ watch?: boolean }>();
      await serve(configOf(command), watch ?? process.stdout.isTTY === true);
      process.exit(0);
    });
}

async function serve(loaded: LoadedConfig, watch: boolean): Promise<void> {
  const { config } = loaded;
  const modulesDir = modulesFolder(config.runtime.path);
  const log = createLog(config.logger);
  const { startServer } = await import('../server.ts');
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => {});
  const database = databaseUrl(config, modulesDir);
  const server = await startServer({ config, modulesDir, database, watch, log, onFatal: failure.reject });

  const facts = bannerFacts(config, modulesDir, watch, server);
  if (isPretty(config.logger, process.stdout)) process.stdout.write(banner(facts, hasColours(process.stdout)));
  else log.info(readyFields(facts), 'ready');
  for (const key of defaultKeyWarnings(config)) log.warn({ key }, 'this key has its well-known default: set your own');
  for (const warning of loaded.warnings) log.warn(warning);

  releaseStartupMemory();
  await Promise.race([stopOnSignal(() => server.stop(), config.shutdown_grace_sec, log), failure.promise]);
}

function readyFields({ url, database, modules, debuggerUrl, readyMs }: BannerFacts): Record<string, unknown> {
  return { url, database, modules, ...(debuggerUrl !== undefined && { debugger: debuggerUrl }), readyMs };
}

function bannerFacts(config: Config, folder: string, isWatching: boolean, server: RunningServer): BannerFacts {
  return {
    version,
    url: server.url,
    serverKey: config.socket.server_key,
    database: server.databaseDescription,
    modulesFolder: folder,
    chosenBy: server.chosenBy,
    modules: server.modules,
    registrations: server.registrations,
    debuggerUrl: server.debuggerUrl,
    isWatching,
    readyMs: Math.round(performance.now()),
    workingFolder: process.cwd(),
  };
}
