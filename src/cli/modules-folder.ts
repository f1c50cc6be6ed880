import { existsSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { UserError } from '../config/user-error.ts';

/**
 * The absolute path of the modules folder: the one that is set, else `modules` where there is one, else this folder.
 * @param remedy what to do when there is no such folder
 * @throws UserError when it is no folder
 */
export function modulesFolder(path: string, remedy = 'name the folder of your modules with --modules'): string {
  const folder = resolve(path || (existsSync('modules') ? 'modules' : '.'));
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new UserError(`there is no folder ${folder}: ${remedy}`);
}
