// What a call into a module costs: CPU of the server process and its workers, and latency.
// Run: node bench/runtime-host.mjs   (Linux: the workers' CPU time is read from /proc)
import { readFileSync } from 'node:fs';
import { silentLog } from '../src/observability/log.ts';
import { startModuleHost } from '../src/runtime/host/index.ts';

const TICKS_PER_SECOND = 100;
const WARM_UP = 0.2;

const code = `'use strict';(() => {
  function fib(n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
  function InitModule(ctx, logger, nk, initializer) {
    initializer.registerRpc('echo', (ctx, logger, nk, payload) => payload);
    initializer.registerRpc('asyncEcho', async (ctx, logger, nk, payload) => payload);
    initializer.registerRpc('hostCall', (ctx, logger, nk, payload) => nk.ping());
    initializer.registerRpc('asyncHostCall', async (ctx, logger, nk, payload) => await nk.async.ping());
    initializer.registerRpc('fib', () => String(fib(20)));
  }
  globalThis.__nkModule = { InitModule };
})();`;

const started = performance.now();
const host = await startModuleHost({
  bundles: [{ name: 'bench', version: 1, fileName: 'bench.js', code }],
  functions: [{ name: 'ping', parameters: [], run: () => 'pong' }],
  node: 'bench',
  version: '0',
  hookNames: [],
  log: silentLog,
});
console.log(`start ${(performance.now() - started).toFixed(0)} ms, worker rss ${rssMb().toFixed(0)} MB`);

const origin = {
  contextText: '{"userId":"4c2ae592-b2a7-445e-98ec-697694478b1c","username":"player","vars":{"a":"b"}}',
};
const payload = JSON.stringify({ id: 1, text: 'x'.repeat(40) });

for (const [id, calls] of [
  ['echo', 60_000],
  ['asyncEcho', 60_000],
  ['hostCall', 20_000],
  ['asyncHostCall', 20_000],
  ['fib', 20_000],
]) {
  for (const concurrency of [1, 32]) {
    const count = concurrency === 1 ? calls / 10 : calls;
    await run(id, concurrency, count * WARM_UP);
    const before = cpuMicros();
    const from = performance.now();
    await run(id, concurrency, count);
    const wall = performance.now() - from;
    const cpu = cpuMicros();
    const worker = (cpu.workers - before.workers) / count;
    const parent = (cpu.parent - before.parent) / count;
    console.log(
      `${id.padEnd(14)} x${String(concurrency).padEnd(3)} cpu ${(worker + parent).toFixed(1)} µs (server ${parent.toFixed(1)}, workers ${worker.toFixed(1)})  ` +
        `wall ${((wall / count) * 1000).toFixed(1)} µs a call, latency ${((wall / count) * concurrency * 1000).toFixed(0)} µs`,
    );
  }
}
await host.stop(1000);

async function run(id, concurrency, count) {
  let left = count;
  const lane = async () => {
    while (left-- > 0) await host.rpc(id, origin, payload);
  };
  await Promise.all(Array.from({ length: concurrency }, lane));
}

function cpuMicros() {
  const { user, system } = process.cpuUsage();
  let workers = 0;
  for (const pid of host.workerPids()) {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
    workers += ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
  }
  return { parent: user + system, workers };
}

function rssMb() {
  const [, pages] = readFileSync(`/proc/${host.workerPids()[0]}/statm`, 'utf8').split(' ');
  return (Number(pages) * 4096) / 1024 / 1024;
}
