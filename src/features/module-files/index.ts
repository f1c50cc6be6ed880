import { moduleFunction } from '../../runtime/module-function.ts';
import { text } from '../../runtime/parameters.ts';
import type { Feature } from '../feature.ts';
import { ModuleFiles } from './service.ts';

/** `nk.fileRead`: text files below the modules' folder. */
export function createModuleFilesFeature(dependencies: { readonly modulesFolder: string }): Feature {
  const files = new ModuleFiles(dependencies.modulesFolder);
  return {
    name: 'module-files',
    functions: [moduleFunction('fileRead', [['relPath', text({ minLength: 1 })]], (_call, path) => files.read(path))],
  };
}
