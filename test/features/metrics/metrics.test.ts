import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { Counter, Registry } from 'prom-client';
import { createMetricsFeature } from '../../../src/features/metrics/index.ts';
import { type Log, silentLog } from '../../../src/observability/log.ts';
import { moduleCalls } from '../../support/module-calls.ts';

describe('nk.metrics', () => {
  let registry: Registry;
  let warnings: string[];
  let nk: ReturnType<typeof moduleCalls>;

  beforeEach(() => {
    registry = new Registry();
    warnings = [];
    const log: Log = {
      ...silentLog,
      warn: (fields: unknown, text?: string) => void warnings.push(text ?? String(fields)),
    };
    nk = moduleCalls(createMetricsFeature({ registry, prefix: 'nakama_custom', seriesLimit: 4, log }));
  });
  const lines = async () =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));

  test('a counter, a gauge and a timer, which is in seconds', async () => {
    await nk('metricsCounterAdd', 'ships', { pier: 'north' }, 2);
    await nk('metricsCounterAdd', 'ships', { pier: 'north' }, 3);
    await nk('metricsGaugeSet', 'depth', {}, 4.5);
    await nk('metricsTimerRecord', 'unloading', {}, 1_500_000_000);
    const told = await lines();
    assert.ok(told.includes('nakama_custom_ships{pier="north"} 5'));
    assert.ok(told.includes('nakama_custom_depth 4.5'));
    assert.ok(told.includes('nakama_custom_unloading_sum 1.5'));
  });
  test('other labels under the same name widen the metric', async () => {
    await nk('metricsGaugeSet', 'depth', {}, 1);
    await nk('metricsGaugeSet', 'depth', { pier: 'north' }, 2);
    await nk('metricsGaugeSet', 'depth', { berth: 'b' }, 3);
    const told = await lines();
    assert.ok(told.includes('nakama_custom_depth{berth="b"} 3'), told.join('\n'));
    assert.deepEqual(warnings, []);
  });
  test('names and labels are made such as Prometheus allows', async () => {
    await nk('metricsCounterAdd', 'ships/lost-at sea', { '7th pier': 'x', __name__: 'y' }, 1);
    assert.deepEqual(await lines(), ['nakama_custom_ships_lost_at_sea{tag_7th_pier="x",name__="y"} 1']);
  });
  test('too many series, another kind, a name of the server: told once, and dropped', async () => {
    new Counter({ name: 'nakama_custom_own', help: 'x', registers: [registry] });
    await nk('metricsCounterAdd', 'own', {}, 1);
    await nk('metricsCounterAdd', 'ships', {}, 1);
    await nk('metricsGaugeSet', 'ships', {}, 1);
    await nk('metricsGaugeSet', 'ships', {}, 1);
    for (let i = 0; i < 10; i++) await nk('metricsCounterAdd', 'ships', { pier: String(i) }, 1);
    assert.equal(warnings.length, 3, warnings.join('\n'));
    assert.equal((await lines()).filter((line) => line.startsWith('nakama_custom_ships{')).length, 2);
  });
  test('tags and values are checked', async () => {
    await assert.rejects(nk('metricsCounterAdd', 'ships'), TypeError);
    await assert.rejects(nk('metricsCounterAdd', 'ships', null, 1), TypeError);
    await assert.rejects(nk('metricsCounterAdd', 'ships', {}, 1.5), TypeError);
    await assert.rejects(nk('metricsGaugeSet', 'depth', { pier: 7 }, 1), TypeError);
    await assert.rejects(nk('metricsTimerRecord', 'unloading', {}), TypeError);
  });
});
