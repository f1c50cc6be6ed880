import { readFile, realpath, stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';

/** Largest file that a module may read. */
export const MAX_FILE_BYTES = 8 * 1024 * 1024;

/** The files below the modules' folder, and none beside it. */
export class ModuleFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /**
   * The UTF-8 text of a file; the path is relative to the folder.
   * @throws Error when there is no such file, it lies outside (also through a link), or is too large
   */
  async read(path: string): Promise<string> {
    if (path.includes('\0') || isAbsolute(path) || !isBelow(this.#folder, resolve(this.#folder, path))) {
      throw new Error(`"${path}" is not below the modules' folder`);
    }
    const folder = await realpath(this.#folder);
    const file = await realpath(resolve(folder, path)).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    if (!isBelow(folder, file)) throw new Error(`"${path}" is not below the modules' folder`);
    return readText(file, path);
  }
}

async function readText(file: string, path: string): Promise<string> {
  try {
    // Looked at before it is opened: opening a pipe would wait for somebody to write to it.
    const stats = await stat(file);
    if (!stats.isFile()) throw new Error(`"${path}" is not a file`);
    if (stats.size > MAX_FILE_BYTES) throw new Error(`"${path}" is larger than ${MAX_FILE_BYTES} bytes`);
    return await readFile(file, 'utf8');
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === undefined ? error : unreadable(path, error);
  }
}

function isBelow(folder: string, file: string): boolean {
  const path = relative(resolve(folder), file);
  return path !== '' && path !== '..' && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

/** What the file system says, without the server's own paths. */
function unreadable(path: string, error: unknown): Error {
  return new Error(`"${path}" cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
}
