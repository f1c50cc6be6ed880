import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../config/user-error.ts';

/**
 * The absolute path of the modules folder: the one that is set, else `modules` where there is one, else this folder.
 * @throws UserError when it is no folder
 */
export function modulesFolder(path: string): string {
  const folder = resolve(path || (existsSync('modules') ? 'modules' : '.'));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new UserError(`there is no folder ${folder}: name the folder of your modules with --modules`);
}
