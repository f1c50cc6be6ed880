import type { TestContext } from 'node:test';
import type { Log } from '../../../src/observability/log.ts';
import { type ModuleHostOptions, type RuntimeHost, startModuleHost } from '../../../src/runtime/host/index.ts';
import type { ModuleBundle } from '../../../src/runtime/module-bundle.ts';
import type { CallOrigin } from '../../../src/runtime/module-function.ts';

/** A caller without a user. */
export const nobody: CallOrigin = { contextText: '{}' };

/** A line that went to the log. */
export interface LoggedLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: Readonly<Record<string, unknown>>;
  readonly text: string;
}

/** A log that keeps its lines. */
export function keptLog(): Log & { readonly lines: LoggedLine[] } {
  const lines: LoggedLine[] = [];
  const at = (level: LoggedLine['level']) => (first: object | string, text?: string) => {
    const fields = typeof first === 'string' ? {} : (first as LoggedLine['fields']);
    lines.push({ level, fields, text: text ?? String(first) });
  };
  const log = { lines, debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), child: () => log };
  return log;
}

/** A module of which InitModule has the given body, after an optional top level. */
export function moduleOf(name: string, init: string, topLevel = ''): ModuleBundle {
  const code = `'use strict';
(() => {
${topLevel}
function InitModule(ctx, logger, nk, initializer) {
${init}
}
globalThis.__nkModule = { InitModule };
})();`;
  return { name, version: 1, fileName: `${name}.js`, code };
}

/** A host for one test, with one worker; stopped when the test ends. */
export async function hostFor(
  test: TestContext,
  bundles: readonly ModuleBundle[],
  options: Partial<ModuleHostOptions> = {},
): Promise<{ host: RuntimeHost; log: ReturnType<typeof keptLog> }> {
  const log = keptLog();
  const host = await startModuleHost({
    bundles,
    functions: [],
    node: 'node1',
    version: '1.0.0',
    hookNames: ['AuthenticateDevice', 'GetAccount'],
    workerCount: 1,
    log,
    ...options,
  });
  test.after(() => host.stop(0));
  return { host, log };
}

/** A host with one module `game` whose InitModule has the given body. */
export function gameHost(test: TestContext, init: string, options: Partial<ModuleHostOptions> = {}) {
  return hostFor(test, [moduleOf('game', init)], options);
}
