import assert from 'node:assert/strict';
import test from 'node:test';
import { moduleFunction } from '../../../src/runtime/module-function.ts';
import { json } from '../../../src/runtime/parameters.ts';
import { hostFor, moduleOf, nobody } from '../host/support.ts';

const give = moduleFunction('give', [['value', json()]], (_call, value) => ({ value }));

test('no value that a module is handed leads out of the isolate', async (t) => {
  const { host } = await hostFor(
    t,
    [
      moduleOf(
        'attacker',
        `initializer.registerRpc('walk', (ctx, logger, nk) => {
           const found = [];
           const seen = new Set();
           const visit = (value, path, depth) => {
             if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || depth > 6) return;
             seen.add(value);
             if (Function.prototype.call.call(Object.prototype.toString, value).match(/Reference|Isolate|Context|ExternalCopy/)) found.push(path);
             if (typeof value.applySyncPromise === 'function' || typeof value.copySync === 'function') found.push(path);
             try { if (value.constructor?.constructor?.('return typeof process')?.() === 'object') found.push(path + ' process'); } catch {}
             for (const key of Reflect.ownKeys(value)) {
               let child;
               try { child = value[key]; } catch { continue; }
               visit(child, path + '.' + String(key), depth + 1);
             }
             visit(Object.getPrototypeOf(value), path + '.__proto__', depth + 1);
           };
           const handed = { ctx, logger, nk, result: nk.give({ a: [1] }), initializer: keptInitializer, global: globalThis };
           try { nk.give(); } catch (error) { handed.error = error; }
           visit(handed, '', 0);
           return JSON.stringify(found);
         });
         keptInitializer = initializer;`,
        'let keptInitializer;',
      ),
    ],
    { functions: [give], hookNames: [] },
  );
  assert.deepEqual(JSON.parse(await host.rpc('walk', nobody, '')), []);
});

test('a module finds neither process nor require, and cannot import', async (t) => {
  const { host } = await hostFor(t, [
    moduleOf(
      'attacker',
      `initializer.registerRpc('names', () => [typeof process, typeof require, typeof module, Function('return typeof process')(), (0, eval)('typeof require')].join());
       initializer.registerRpc('import', async (c, l, n, name) => { await import(name); });
       initializer.registerRpc('bridge', () => JSON.stringify(Object.getOwnPropertyNames(globalThis).filter((name) => /nk|ivm/i.test(name))));`,
    ),
  ]);
  assert.equal(await host.rpc('names', nobody, ''), Array(5).fill('undefined').join());
  for (const name of ['node:fs', 'fs', 'file:///etc/hosts', './bystander.js', 'data:text/javascript,1', 'nk:prelude']) {
    await assert.rejects(host.rpc('import', nobody, name), { code: 13 }, name);
  }
  assert.deepEqual(JSON.parse(await host.rpc('bridge', nobody, '')), []);
});

test('a module that changes the built-ins does not change what other modules or the bridge do', async (t) => {
  const { host } = await hostFor(
    t,
    [
      moduleOf(
        'attacker',
        `initializer.registerRpc('poison', () => {
           const stolen = [];
           const steal = (...args) => { stolen.push(args); return undefined; };
           JSON.stringify = JSON.parse = steal;
           for (const owner of [String, Array, Map, Promise, Function, Number, RegExp]) {
             for (const key of Object.getOwnPropertyNames(owner.prototype)) {
               if (key === 'constructor' || key === 'push') continue;
               try { owner.prototype[key] = steal; } catch {}
             }
           }
           Object.defineProperty(Array.prototype, 0, { set: steal, configurable: true });
           Object.keys = Object.defineProperty = Reflect.apply = Date.now = steal;
           globalThis.Promise = globalThis.Map = globalThis.Error = steal;
           return 'poisoned';
         });
         initializer.registerRpc('after', (ctx, logger, nk, payload) => payload);
         initializer.registerRpc('afterAsync', async (ctx, logger, nk, payload) => payload);
         initializer.registerRpc('afterThrow', () => { throw { message: 'm', code: 5 }; });`,
      ),
      moduleOf('bystander', `initializer.registerRpc('sum', () => JSON.stringify([1, 2].map((x) => x + 1)));`),
    ],
    { functions: [give] },
  );
  assert.equal(await host.rpc('poison', nobody, ''), 'poisoned');
  assert.equal(await host.rpc('after', nobody, 'a'), 'a');
  assert.equal(await host.rpc('afterAsync', nobody, 'b'), 'b');
  await assert.rejects(host.rpc('afterThrow', nobody, ''), { code: 5, message: 'm' });
  assert.equal(await host.rpc('sum', nobody, ''), '[2,3]');
});

test('changing nk, ctx or results is seen by no other call', async (t) => {
  const { host } = await hostFor(
    t,
    [
      moduleOf(
        'attacker',
        `initializer.registerRpc('change', (ctx, logger, nk) => {
           const kept = [];
           for (const change of [() => { nk.give = 1; }, () => { nk.extra = 1; }, () => { Object.getPrototypeOf(nk).give = 1; }, () => { nk.async.give = 1; }, () => { Object.defineProperty(Object.getPrototypeOf(nk), 'give', { value: 1 }); }]) {
             try { change(); } catch (error) { kept.push(error.name); }
           }
           return JSON.stringify(kept);
         });
         initializer.registerRpc('use', (ctx, logger, nk) => JSON.stringify([nk.give(1), nk.extra ?? null]));`,
      ),
    ],
    { functions: [give] },
  );
  await host.rpc('change', nobody, '');
  assert.deepEqual(JSON.parse(await host.rpc('use', nobody, '')), [{ value: 1 }, null]);
});

test("eval and new Function work, in the module's own world", async (t) => {
  const { host } = await hostFor(t, [
    moduleOf('game', `initializer.registerRpc('eval', () => String(eval('1 + 1') + new Function('return 3')()));`),
  ]);
  assert.equal(await host.rpc('eval', nobody, ''), '5');
});

test('what the operator keeps from players is in ctx alone, and nowhere that all code reaches', async (t) => {
  const { host } = await hostFor(
    t,
    [
      moduleOf(
        'game',
        `initializer.registerRpc('search', () => {
           const seen = new Set();
           const found = [];
           const visit = (value, path) => {
             if (typeof value === 'string' && value.includes('hidden')) found.push(path);
             if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value)) return;
             seen.add(value);
             for (const key of Reflect.ownKeys(value)) {
               const { value: child, get } = Object.getOwnPropertyDescriptor(value, key) ?? {};
               visit(child, path + '.' + String(key));
               visit(get, path + '.' + String(key));
             }
             visit(Object.getPrototypeOf(value), path + '.__proto__');
           };
           visit(globalThis, '');
           visit(nk, 'nk');
           return JSON.stringify(found);
         });
         initializer.registerRpc('env', (ctx) => ctx.env.KEY);`,
      ),
    ],
    { functions: [give], environment: { KEY: 'hidden value' }, config: { runtime: { http_key: 'hidden key' } } },
  );
  assert.deepEqual(JSON.parse(await host.rpc('search', nobody, '')), []);
  assert.equal(await host.rpc('env', nobody, ''), 'hidden value');
});
