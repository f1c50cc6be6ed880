import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Config } from './config.ts';

/**
 * Which database the configuration means: `memory`, `pglite:FOLDER` or `postgres://…`. An address without a scheme
 * (`user:password@host:port/name`, as in Nakama's files) is PostgreSQL's.
 */
export function databaseUrl(config: Config, modulesFolder: string): string {
  const address = config.database.address[0];
  if (address === undefined) return `pglite:${config.data_dir ? resolve(config.data_dir) : dataFolder(modulesFolder)}`;
  return address === 'memory' || /^(pglite:|[a-z]+:\/\/)/.test(address) ? address : `postgres://${address}`;
}

/** `.nk` beside the modules folder; within it where it is a package of its own, so that packages do not share data. */
function dataFolder(modulesFolder: string): string {
  const folder = resolve(modulesFolder);
  return join(existsSync(join(folder, 'package.json')) ? folder : dirname(folder), '.nk');
}
