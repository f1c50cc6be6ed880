import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command } from 'commander';
import { UserError } from '../config/user-error.ts';
import { nodeVersion, packageFolder, sourceFile, version } from '../own-files.ts';

/** The project cannot be made there. */
export class InitError extends UserError {
  override readonly name = 'InitError';
}

const template = fileURLToPath(sourceFile('cli/templates/project/'));
/** npm leaves `.gitignore` out of packages, so that the template's has another name. */
const renamed: Readonly<Record<string, string>> = { gitignore: '.gitignore' };

/** `nk init <folder>` */
export function createInitCommand(): Command {
  return new Command('init')
    .description('make a new project: a module with an RPC and a hook, its types and a test')
    .argument('<folder>', 'a folder that is empty or not there')
    .action(async (folder: string) => {
      const files = await initProject(folder);
      console.log(initReport(folder, files));
    });
}

/**
 * Writes a new module project.
 * @returns the files made, relative to the folder, with `/`
 * @throws InitError when the folder has something in it, is a file, or cannot be written to
 */
export async function initProject(folder: string): Promise<string[]> {
  if (folder === '') throw new InitError('the folder must have a name');
  const root = resolve(folder);
  await refuseUsed(root, folder);
  const values = { name: packageName(basename(root)), nk: packageSpec(root), node: nodeVersion };
  const files = await templateFiles();
  try {
    for (const { path, from } of files) {
      const to = join(root, path);
      await mkdir(dirname(to), { recursive: true });
      await writeFile(to, filledIn(await readFile(from, 'utf8'), values));
    }
  } catch (error) {
    throw new InitError(`${folder} cannot be written to: ${(error as Error).message}; name another folder`);
  }
  return files.map(({ path }) => path);
}

function initReport(folder: string, files: readonly string[]): string {
  const made = files.map((file) => `  ${file}`).join('\n');
  return `Made ${folder}:\n${made}\n\nNext:\n  cd ${folder}\n  npm install\n  npm run dev`;
}

async function refuseUsed(root: string, shown: string): Promise<void> {
  let entries: string[];
  try {
    entries = await readdir(root);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return;
    if (code === 'ENOTDIR') throw new InitError(`${shown} is a file: name a folder that is empty or not there`);
    throw error;
  }
  if (entries.length > 0) {
    throw new InitError(`${shown} is not empty (${entries[0]} is there): name a folder that is empty or not there`);
  }
}

async function templateFiles(): Promise<{ path: string; from: string }[]> {
  const entries = await readdir(template, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const from = join(entry.parentPath, entry.name);
      const inside = from.slice(template.length).split(/[\\/]/);
      return { path: [...inside.slice(0, -1), renamed[entry.name] ?? entry.name].join('/'), from };
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => values[name] ?? whole);
}

/** What npm installs nk from: the version that runs, or the folder that it runs from where that was not installed. */
function packageSpec(projectFolder: string): string {
  if (packageFolder.split(sep).includes('node_modules')) return `^${version}`;
  return `file:${relative(projectFolder, packageFolder).split(sep).join('/')}`;
}

/** A folder's name as npm allows it. */
function packageName(name: string): string {
  const allowed = name
    .toLowerCase()
    .replaceAll(/[^a-z0-9._-]+/g, '-')
    .replace(/^[._-]+|-+$/g, '');
  return allowed === '' ? 'game' : allowed;
}
