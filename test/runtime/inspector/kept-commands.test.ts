import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KeptCommands } from '../../../src/runtime/inspector/kept-commands.ts';

const command = (method: string, params?: Record<string, unknown>) => ({ id: 1, method, ...(params && { params }) });
const methods = (kept: KeptCommands) => kept.all.map(({ method }) => method);

test('what sets something up is kept, in order; what asks or steps is not', () => {
  const kept = new KeptCommands();
  const given = ['Runtime.enable', 'Debugger.enable', 'Debugger.stepOver', 'Debugger.resume', 'Runtime.evaluate'];
  for (const method of given) kept.note(command(method));
  assert.deepEqual(methods(kept), ['Runtime.enable', 'Debugger.enable']);
});

test('of settings the last counts', () => {
  const kept = new KeptCommands();
  for (const state of ['all', 'none']) kept.note(command('Debugger.setPauseOnExceptions', { state }));
  assert.deepEqual(kept.all, [{ method: 'Debugger.setPauseOnExceptions', params: { state: 'none' } }]);
});

test('breakpoints are kept by the id that they were answered with, until they are removed', () => {
  const kept = new KeptCommands();
  for (const lineNumber of [1, 2]) {
    const set = command('Debugger.setBreakpointByUrl', { url: 'a.js', lineNumber });
    kept.note(set);
    assert.deepEqual(kept.all.length, lineNumber - 1, 'one that is refused is not there');
    kept.noteAnswer(set, { breakpointId: `b${lineNumber}`, locations: [] });
  }
  kept.noteAnswer(command('Debugger.setBreakpointByUrl'), undefined);
  kept.note(command('Debugger.removeBreakpoint', { breakpointId: 'b1' }));
  assert.deepEqual(
    kept.all.map(({ params }) => params?.lineNumber),
    [2],
  );
});

test('a domain that is disabled is forgotten with all that was set in it', () => {
  const kept = new KeptCommands();
  kept.note(command('Debugger.enable'));
  kept.note(command('Debugger.setSkipAllPauses', { skip: true }));
  kept.noteAnswer(command('Debugger.setInstrumentationBreakpoint'), { breakpointId: 'i' });
  kept.note(command('Runtime.enable'));
  kept.note(command('Runtime.addBinding', { name: 'a' }));
  kept.note(command('Debugger.disable'));
  assert.deepEqual(methods(kept), ['Runtime.enable', 'Runtime.addBinding']);
  kept.note(command('Runtime.removeBinding', { name: 'a' }));
  assert.deepEqual(methods(kept), ['Runtime.enable']);
});
