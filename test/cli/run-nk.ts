import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcess;
  /** Resolves with the text of stdout once it matches. @throws Error when the process ends before */
  untilStdout(pattern: RegExp): Promise<string>;
  ended(): Promise<Ended>;
}

/** Runs `nk` from the sources to its end. */
export function nk(...args: string[]): Promise<Ended> {
  return startNk({}, ...args).ended();
}

/** Starts `nk` from the sources, with these variables beside those of the environment that are none of nk's. */
export function startNk(environment: NodeJS.ProcessEnv, ...args: string[]): Running {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(NK_|NODE_TEST)/.test(name));
  const child = spawn(process.execPath, [main, ...args], {
    env: { ...Object.fromEntries(inherited), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const closed = once(child, 'close');
  return {
    process: child,
    async untilStdout(pattern) {
      while (!pattern.test(stdout)) {
        const outcome = await Promise.race([once(child.stdout, 'data'), closed.then(() => 'closed' as const)]);
        if (outcome === 'closed' && !pattern.test(stdout)) throw new Error(`nk ended: ${stderr || stdout}`);
      }
      return stdout;
    },
    async ended() {
      const [code] = await closed;
      return { code, stdout, stderr };
    },
  };
}
