import { resolve } from 'node:path';
import type { ModuleBundle } from '../module-bundle.ts';
import type { BuildProblem } from './build-error.ts';
import { debuggedScript } from './debugged-script.ts';
import { type DiscoveredModule, type Discovery, discoverModules } from './discover.ts';
import { holdEsbuild } from './esbuild-process.ts';
import { type BuiltModule, IncrementalBuild, type ModuleBuildOptions } from './module-build.ts';
import { SourcePositions } from './source-positions.ts';

export interface BundlerOptions extends ModuleBuildOptions {
  /** `--entry` or `runtime.js_entrypoint`, relative to the folder. */
  readonly entry?: string;
  /** Whether debuggers are to find the author's files by the scripts. */
  readonly isInspected?: boolean;
}

/** Everything that one build of a modules folder made. */
export interface BuildOutcome {
  readonly discovery: Discovery;
  readonly bundles: readonly SourceBundle[];
  /** The author's files that went in, absolute; without those of npm packages. */
  readonly files: readonly string[];
  /** What is probably a mistake: two equal keys in an object, a comparison that is never true … */
  readonly warnings: readonly BuildProblem[];
}

/** A bundle with the author's files that it was made of. */
export interface SourceBundle extends ModuleBundle {
  readonly sourceMapText: string;
  readonly positions: SourcePositions;
  mapPosition: NonNullable<ModuleBundle['mapPosition']>;
}

/** Builds a modules folder once and leaves nothing running. @throws as {@link ModuleBundler.build} */
export async function bundleModules(folder: string, options: BundlerOptions = {}): Promise<BuildOutcome> {
  const bundler = new ModuleBundler(folder, options);
  try {
    return await bundler.build();
  } finally {
    await bundler.close();
  }
}

/**
 * Builds a modules folder again and again: what esbuild parsed is kept between builds until `close`, and so is its
 * process.
 */
export class ModuleBundler {
  readonly folder: string;
  readonly #options: BundlerOptions;
  readonly #release = holdEsbuild();
  readonly #builds = new Map<string, IncrementalBuild>();
  #version = 0;

  constructor(folder: string, options: BundlerOptions = {}) {
    this.folder = resolve(folder);
    this.#options = options;
  }

  /**
   * Finds the modules and bundles each. One build at a time.
   * @throws ModuleFolderError when there is nothing to load, ModuleBuildError when a module cannot be bundled
   */
  async build(): Promise<BuildOutcome> {
    const discovery = await discoverModules(this.folder, this.#options.entry ? { entry: this.#options.entry } : {});
    const version = ++this.#version;
    await this.#dropOthers(discovery.modules);
    const built = await Promise.all(discovery.modules.map((module) => this.#buildOf(discovery.folder, module).run()));
    return {
      discovery,
      bundles: built.map((result, i) => this.#bundleOf(discovery.modules[i]!, result, version)),
      files: [...new Set(built.flatMap((result) => result.files))],
      warnings: built.flatMap((result) => result.warnings),
    };
  }

  /** Ends it; a further call does nothing. */
  async close(): Promise<void> {
    await Promise.all([...this.#builds.values()].map((build) => build.dispose()));
    this.#builds.clear();
    await this.#release();
  }

  #buildOf(folder: string, module: DiscoveredModule): IncrementalBuild {
    const key = buildKey(module);
    let build = this.#builds.get(key);
    if (!build) {
      build = new IncrementalBuild(folder, module, this.#options);
      this.#builds.set(key, build);
    }
    return build;
  }

  #bundleOf(module: DiscoveredModule, built: BuiltModule, version: number): SourceBundle {
    const positions = new SourcePositions(built.sourceMapText);
    // Not a name that a file of the author has: positions in the script and in sources are never taken for each other.
    const name = `${module.name.replaceAll(/[^\w.-]+/g, '_')}.bundle.js`;
    const script = this.#options.isInspected
      ? debuggedScript(built, resolve(this.folder, name))
      : { fileName: name, code: built.code };
    return {
      name: module.name,
      version,
      fileName: script.fileName,
      code: `${script.code}\n//# sourceURL=${script.fileName}`,
      sourceMapText: built.sourceMapText,
      positions,
      mapPosition: (line, column) => positions.of(line, column),
    };
  }

  async #dropOthers(modules: readonly DiscoveredModule[]): Promise<void> {
    const wanted = new Set(modules.map(buildKey));
    for (const [key, build] of this.#builds) {
      if (wanted.has(key)) continue;
      this.#builds.delete(key);
      await build.dispose();
    }
  }
}

function buildKey(module: DiscoveredModule): string {
  return [module.scripts ? 'scripts' : 'module', ...module.files].join('\n');
}
