import assert from 'node:assert/strict';
import test from 'node:test';
import { StatusError } from '../../../src/protocol/status.ts';
import { type ModuleHostOptions, type RuntimeHost, startModuleHost } from '../../../src/runtime/host/index.ts';
import type { RuntimeLimits } from '../../../src/runtime/limits.ts';
import { keptLog, type LoggedLine, moduleOf, nobody } from '../host/support.ts';

/** Low, so that the tests are quick. */
const limits: Partial<RuntimeLimits> = {
  heapMb: 64,
  callCpuMs: 300,
  callTimeMs: 1500,
  initTimeMs: 1000,
  workerMemoryMb: 600,
};

/** How long the rest of the server may be without modules after an attack. */
const RECOVERY_MS = 5000;

/** What an attack may come to. */
export type Outcome =
  /** It is ended; the error names the limit and the module, the log also the line. */
  | 'limit'
  /** It ends by itself with an answer or an error of the module's own; nothing else suffers. */
  | 'harmless'
  /** Either. */
  | 'either';

/** One attack: the body of an RPC function with `ctx, logger, nk, payload`. */
export interface Attack {
  readonly name: string;
  readonly source: string;
  readonly outcome: Outcome;
}

/** Where the first line of an InitModule's body stands in the script of a module without a top level. */
const FIRST_LINE = 5;

/**
 * A test for each attack. It passes when the attack ends as foretold, the server's own process goes on, another
 * module's calls are answered afterwards, and the attacker's other functions too.
 */
export function attackTests(attacks: readonly Attack[], options: Partial<ModuleHostOptions> = {}): void {
  let host: RuntimeHost;
  const log = keptLog();
  test.before(async () => {
    const init = attacks
      .map(({ source }, i) => `initializer.registerRpc('attack${i}', (ctx, logger, nk, payload) => { ${source} });`)
      .join('\n');
    host = await startModuleHost({
      bundles: [
        moduleOf('attacker', `${init}\ninitializer.registerRpc('attackerEcho', (c, l, n, payload) => payload);`),
        moduleOf('bystander', `initializer.registerRpc('echo', (c, l, n, payload) => payload);`),
      ],
      functions: [],
      node: 'node1',
      version: '1.0.0',
      hookNames: [],
      workerCount: 1,
      log,
      limits,
      ...options,
    });
  });
  test.after(() => host.stop(0));

  for (const [i, attack] of attacks.entries()) {
    test(attack.name, async () => {
      log.lines.length = 0;
      await endsAs(attack.outcome, () => host.rpc(`attack${i}`, nobody, ''));
      if (attack.outcome === 'limit') assertPlaceInLog(log.lines, `attacker.js:${FIRST_LINE + i}`);
      assert.equal(await answered(host, 'echo'), 'still here');
      assert.equal(await answered(host, 'attackerEcho'), 'still here');
    });
  }
}

/** Asserts that a call of the module `attacker` ends as foretold. */
export async function endsAs(outcome: Outcome, call: () => Promise<string>): Promise<void> {
  let error: unknown;
  try {
    await call();
  } catch (thrown) {
    error = thrown;
  }
  if (outcome === 'limit') assert.ok(error instanceof StatusError, 'the attack should have been ended');
  if (error === undefined) return;
  assert.ok(error instanceof StatusError);
  const namesLimit = /\(limit \w+\)/.test(error.message) && error.message.includes('attacker');
  if (outcome === 'limit') assert.ok(namesLimit, `the error does not name limit and module: ${error.message}`);
  if (outcome === 'harmless') assert.ok(!namesLimit, `it should not have broken a limit: ${error.message}`);
}

/** Asserts that a line of the log which names a limit tells where it was broken, or by what that was registered where. */
export function assertPlaceInLog(lines: readonly LoggedLine[], place: string): void {
  const limits = lines.filter(({ fields }) => fields.limit !== undefined);
  const tells = ({ fields }: LoggedLine) =>
    fields.place === place || (fields.calls as string[] | undefined)?.some((call) => call.includes(`(${place})`));
  assert.ok(limits.some(tells), `no line of the log tells ${place}: ${JSON.stringify(limits)}`);
}

/** Calls an RPC until it is answered; a worker that was killed is on its way back. */
export async function answered(host: RuntimeHost, id: string): Promise<string> {
  const until = performance.now() + RECOVERY_MS;
  for (;;) {
    try {
      return await host.rpc(id, nobody, 'still here');
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
