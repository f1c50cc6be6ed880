import assert from 'node:assert/strict';
import type { Feature } from '../../src/features/feature.ts';
import { checkArguments } from '../../src/runtime/argument-check.ts';
import { type FunctionCall, WrittenJson } from '../../src/runtime/module-function.ts';

/** Calls a feature's nk functions as a module's calls reach them: arguments checked, the answer through JSON. */
export function moduleCalls(feature: Feature): (name: string, ...args: unknown[]) => Promise<unknown> {
  const call: FunctionCall = { module: 'test', label: 'rpc test', deadlineMs: Number.POSITIVE_INFINITY };
  return async (name, ...args) => {
    const found = feature.functions?.find((fn) => fn.name === name);
    assert.ok(found, `no function ${name}`);
    const answer = await found.run(call, checkArguments(name, found.parameters, args));
    if (answer === undefined) return undefined;
    return JSON.parse(answer instanceof WrittenJson ? answer.text : JSON.stringify(answer));
  };
}
