import { readFile } from 'node:fs/promises';
import { extname, relative, resolve, sep } from 'node:path';
import { type BuildContext, type BuildOptions, type BuildResult, context, type Plugin } from 'esbuild';
import { type BuildProblem, ModuleBuildError } from './build-error.ts';
import { declaredNames } from './declared-names.ts';
import type { DiscoveredModule } from './discover.ts';
import { warningsOf, withBuildErrors } from './esbuild-errors.ts';
import { nkruntimeDefinitions, nkruntimeModule } from './nkruntime-constants.ts';
import { joinScripts } from './script-program.ts';
import {
  announcedGlobals,
  entryEpilogue,
  entryImporter,
  epilogueMentions,
  functionScope,
  openScope,
  scriptScope,
  withoutEpilogue,
} from './script-wrapper.ts';
import { generatedSource, isGenerated } from './source-positions.ts';

export interface ModuleBuildOptions {
  /**
   * `runtime.js_read_only_globals`: the bundles list what their top level holds, for the isolate to freeze. Of npm
   * packages too, as in the reference, where a bundle is one script.
   */
  readonly readOnlyGlobals?: boolean;
}

/** One module, built. */
export interface BuiltModule {
  readonly code: string;
  readonly sourceMapText: string;
  /** The author's files that went in, absolute; without those of npm packages. */
  readonly files: readonly string[];
  readonly warnings: readonly BuildProblem[];
}

type Result = BuildResult<{ write: false; metafile: true }>;

/** The build of one module, quick when repeated. */
export class IncrementalBuild {
  readonly #folder: string;
  readonly #module: DiscoveredModule;
  readonly #options: ModuleBuildOptions;
  #context: Promise<BuildContext> | undefined;

  constructor(folder: string, module: DiscoveredModule, options: ModuleBuildOptions) {
    this.#folder = folder;
    this.#module = module;
    this.#options = options;
  }

  /** @throws ModuleBuildError */
  async run(): Promise<BuiltModule> {
    this.#context ??= context(this.#buildOptions());
    const build = await this.#context;
    const result = (await withBuildErrors(this.#folder, () => build.rebuild())) as Result;
    const { code, sourceMapText } = this.#module.scripts ? this.#joined(result) : this.#bundled(result);
    const listsGlobals = this.#options.readOnlyGlobals ?? false;
    // Asked of every program of scripts: files that do not see each other may clash.
    const names = listsGlobals || this.#module.scripts ? declaredNames(code) : [];
    return {
      code: listsGlobals ? code + announcedGlobals(names) : code,
      sourceMapText,
      files: this.#authorFiles(result),
      warnings: await warningsOf(this.#folder, result.warnings),
    };
  }

  async dispose(): Promise<void> {
    await (await this.#context)?.dispose();
  }

  #buildOptions(): BuildOptions {
    return this.#module.scripts
      ? scriptOptions(this.#folder, this.#module.files)
      : bundleOptions(this.#folder, this.#module.files[0]!, this.#options.readOnlyGlobals ?? false);
  }

  #bundled(result: Result): { code: string; sourceMapText: string } {
    const code = result.outputFiles.find((file) => file.path.endsWith('.js'))!.text;
    const sourceMapText = result.outputFiles.find((file) => file.path.endsWith('.map'))!.text;
    if (!mayHaveInitModule(code)) throw this.#noInitModule();
    return { code, sourceMapText: withoutEpilogue(sourceMapText) };
  }

  #joined(result: Result): { code: string; sourceMapText: string } {
    const outputs = new Map(result.outputFiles.map((file) => [file.path, file.text]));
    const entries = new Map(
      Object.entries(result.metafile.outputs)
        .filter(([, output]) => output.entryPoint !== undefined)
        .map(([path, output]) => [resolve(this.#folder, output.entryPoint!), resolve(this.#folder, path)]),
    );
    const scripts = this.#module.files.map((file) => {
      const path = entries.get(file)!;
      return { code: outputs.get(path)!, sourceMapText: outputs.get(`${path}.map`)!, file: this.#shown(file) };
    });
    if (!scripts.some(({ code }) => /\bInitModule\b/.test(code))) throw this.#noInitModule();
    const declaring = scripts.filter(({ code }) => /^(async )?function InitModule\b/m.test(code));
    if (declaring.length > 1) throw severalInitModules(declaring.map(({ file }) => file));
    return joinScripts(scripts, scriptScope);
  }

  #noInitModule(): ModuleBuildError {
    const files = this.#module.files.map((file) => this.#shown(file));
    return new ModuleBuildError([
      {
        text: `No InitModule in ${files.join(', ')}`,
        hint: 'Declare or export a function InitModule(ctx, logger, nk, initializer): it registers what the module does.',
      },
    ]);
  }

  #authorFiles(result: Result): string[] {
    return Object.keys(result.metafile.inputs)
      .filter((path) => !path.includes('node_modules/') && !isGenerated(path))
      .map((path) => resolve(this.#folder, path));
  }

  #shown(file: string): string {
    return relative(this.#folder, file).split(sep).join('/');
  }
}

/** Of functions with one name in one scope the last would win without a word. */
function severalInitModules(files: readonly string[]): ModuleBuildError {
  return new ModuleBuildError([
    {
      text: `InitModule is declared in ${files.join(' and ')}, which are one program`,
      hint: 'The files of a tsconfig.json that neither import nor export share one scope: export each InitModule to make them modules.',
    },
  ]);
}

/** Whether a bundle exports or declares one, as far as its text tells; the isolate has the last word. */
function mayHaveInitModule(code: string): boolean {
  const own = code.slice(0, code.lastIndexOf('globalThis.__nkModule'));
  const mentions = own.match(/\bInitModule\b/g)?.length ?? 0;
  return mentions > epilogueMentions || /\bdefault: \(\) =>|__commonJS/.test(own);
}

/** What all builds have in common. Paths in source maps are relative to the folder that holds the output. */
function commonOptions(folder: string): BuildOptions {
  return {
    absWorkingDir: folder,
    platform: 'neutral',
    target: 'esnext',
    // What V8 lacks of it, and what a script in an isolate cannot have.
    supported: { decorators: false, 'top-level-await': false, 'import-meta': false },
    charset: 'utf8',
    define: nkruntimeDefinitions,
    sourcemap: 'external',
    sourcesContent: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
  };
}

function bundleOptions(folder: string, entry: string, isOpen: boolean): BuildOptions {
  const scope = isOpen ? openScope : functionScope;
  return {
    ...commonOptions(folder),
    stdin: { contents: entryImporter(entry), resolveDir: folder, sourcefile: generatedSource, loader: 'js' },
    outfile: resolve(folder, 'module.js'),
    bundle: true,
    format: isOpen ? 'esm' : 'iife',
    mainFields: ['browser', 'module', 'main'],
    conditions: ['module', 'browser'],
    banner: { js: scope.before },
    footer: { js: scope.after },
    plugins: [entryFile(entry), typesPackages],
  };
}

function scriptOptions(folder: string, files: readonly string[]): BuildOptions {
  return {
    ...commonOptions(folder),
    entryPoints: [...files],
    outdir: folder,
    outbase: folder,
    bundle: false,
  };
}

/** Appends the epilogue to the entry file, whose own positions stay what they are. */
function entryFile(entry: string): Plugin {
  const loaders = { '.ts': 'ts', '.mts': 'ts', '.cts': 'ts', '.tsx': 'tsx', '.jsx': 'jsx' } as const;
  const filter = new RegExp(`${escapeRegExp(entry)}$`);
  return {
    name: 'entry',
    setup: ({ onLoad }) =>
      onLoad({ filter, namespace: 'file' }, async ({ path }) => {
        if (path !== entry) return undefined;
        const loader = (loaders as Record<string, 'ts' | 'tsx' | 'jsx'>)[extname(path)] ?? 'js';
        return { contents: (await readFile(path, 'utf8')) + entryEpilogue, loader };
      }),
  };
}

/** Packages of the `nkruntime` types: at run time they are their constants. */
const typesPackages: Plugin = {
  name: 'nkruntime',
  setup: ({ onResolve, onLoad }) => {
    onResolve({ filter: /^(nakama-runtime|nk-server\/runtime-api)$/ }, ({ path }) => ({
      path,
      namespace: 'nkruntime',
    }));
    onLoad({ filter: /.*/, namespace: 'nkruntime' }, () => ({ contents: nkruntimeModule, loader: 'js' }));
  },
};

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
