import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { json, optional, text } from '../../../src/runtime/parameters.ts';
import { attackTests } from './support.ts';

const take = moduleFunction('take', [['value', optional(json())]], () => 1);
const slow = moduleFunction('slow', [], () => new Promise((resolve) => setTimeout(resolve, 50)));
const never = moduleFunction('never', [], () => new Promise(() => {}));
const send = moduleFunction('send', [['what', text()]], () => {}, { deferredWhen: 'always' });
const huge = moduleFunction('huge', [], () => 'x'.repeat(2e7));

attackTests(
  [
    { name: 'a flood of synchronous host calls', source: `while (true) nk.take(1);`, outcome: 'limit' },
    {
      name: 'a flood of host calls on the worker',
      source: `while (true) nk.jwtGenerate('HS256', 'k', {});`,
      outcome: 'limit',
    },
    {
      name: 'a flood of asynchronous host calls',
      source: `const all = []; try { while (true) all.push(nk.async.take(1).catch(() => {})); } catch {} return Promise.all(all);`,
      outcome: 'limit',
    },
    {
      name: 'asynchronous host calls one after the other for ever',
      source: `return (async () => { while (true) await nk.async.take(1); })();`,
      outcome: 'limit',
    },
    {
      name: 'a flood of calls that nobody waits for',
      source: `while (true) nk.send('x'.repeat(1000));`,
      outcome: 'limit',
    },
    { name: 'host calls with 20 MB of arguments', source: `nk.take('x'.repeat(2e7));`, outcome: 'harmless' },
    { name: 'a host call with an answer of 20 MB', source: `nk.huge();`, outcome: 'harmless' },
    { name: 'many slow host calls in a row', source: `for (let i = 0; i < 1e6; i++) nk.slow();`, outcome: 'limit' },
    { name: 'a host call that is never answered', source: `nk.never();`, outcome: 'limit' },
    { name: 'going on after the end', source: `while (true) { try { nk.never(); } catch {} }`, outcome: 'limit' },
    {
      name: 'a million log lines',
      source: `for (let i = 0; i < 1e6; i++) logger.info('line %d', i); return '';`,
      outcome: 'either',
    },
    {
      name: 'log lines from timers for ever',
      source: `return new Promise(() => setInterval(() => console.log('x'), 1));`,
      outcome: 'limit',
    },
    {
      name: 'log lines of 10 MB',
      source: `for (let i = 0; i < 20; i++) logger.info('x'.repeat(1e7)); return '';`,
      outcome: 'either',
    },
    {
      name: 'arguments with a toJSON that loops',
      source: `nk.take({ toJSON() { while (true); } });`,
      outcome: 'limit',
    },
    { name: 'arguments that hold themselves', source: `const a = {}; a.a = a; nk.take(a);`, outcome: 'harmless' },
    {
      name: 'timers that set timers',
      source: `const f = () => { setTimeout(f, 0); setTimeout(f, 0); }; f(); return new Promise(() => {});`,
      outcome: 'either',
    },
  ],
  { functions: [take, slow, never, send, huge] },
);
