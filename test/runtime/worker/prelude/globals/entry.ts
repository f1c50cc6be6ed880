// What the prelude has of ours, for the test that runs it in an isolate.
import { installGlobals } from '../../../../../src/runtime/worker/prelude/globals/index.ts';
import { formatLog } from '../../../../../src/runtime/worker/prelude/utilities/format.ts';
import { isolateFunctions } from '../../../../../src/runtime/worker/prelude/utilities/index.ts';
import { setRandomSource } from '../../../../../src/runtime/worker/prelude/utilities/random.ts';

installGlobals(globalThis);
Object.assign(globalThis, {
  setRandomSource,
  formatLog,
  nk: Object.fromEntries(isolateFunctions.map(({ name, run }) => [name, run])),
});
