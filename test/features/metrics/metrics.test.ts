import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import type { Config } from '../../../src/config/config.ts';
import { createMetricsFeature } from '../../../src/features/metrics/index.ts';
import { type Log, silentLog } from '../../../src/observability/log.ts';
import { Metrics } from '../../../src/observability/metrics.ts';
import { moduleCalls } from '../../support/module-calls.ts';

const config = { name: 'n', metrics: { prefix: 'nakama', custom_prefix: 'custom', custom_scope_limit: 4 } } as Config;

describe('nk.metrics', () => {
  let metrics: Metrics;
  let warnings: number;
  let nk: ReturnType<typeof moduleCalls>;

  beforeEach(() => {
    metrics = new Metrics(config);
    warnings = 0;
    const log: Log = { ...silentLog, warn: () => void warnings++ };
    nk = moduleCalls(createMetricsFeature({ metrics, log }));
  });
  const told = async () => (await metrics.text()).replaceAll(',node_name="n"', '').replaceAll('node_name="n"', '');

  test('a counter, a gauge and a timer, which is in seconds', async () => {
    await nk('metricsCounterAdd', 'ships', { pier: 'north' }, 2);
    await nk('metricsCounterAdd', 'ships', { pier: 'north' }, 3);
    await nk('metricsGaugeSet', 'depth', {}, 4.5);
    await nk('metricsTimerRecord', 'unloading', {}, 1_500_000_000);
    assert.match(await told(), /^nakama_custom_ships\{pier="north"\} 5$/m);
    assert.match(await told(), /^nakama_custom_depth(\{\})? 4\.5$/m);
    assert.match(await told(), /^nakama_custom_unloading_sum(\{\})? 1\.5$/m);
  });
  test('tags get names that Prometheus allows', async () => {
    await nk('metricsCounterAdd', 'ships', { '7th pier': 'x', __name__: 'y', bäy: 'z' }, 1);
    assert.match(await told(), /^nakama_custom_ships\{.*tag_7th_pier="x".*\} 1$/m);
    assert.match(await told(), /name__="y"/);
    assert.equal(warnings, 0);
  });
  test('what cannot be counted is told once for each name', async () => {
    await nk('metricsCounterAdd', 'ships', {}, 1);
    await nk('metricsTimerRecord', 'ships', {}, 1);
    await nk('metricsTimerRecord', 'ships', {}, 1);
    assert.equal(warnings, 1);
    for (let i = 0; i < 10; i++) await nk('metricsGaugeSet', 'depth', { pier: String(i) }, 1);
    assert.equal(warnings, 2);
  });
  test('tags and values are checked', async () => {
    await assert.rejects(nk('metricsCounterAdd', 'ships'), TypeError);
    await assert.rejects(nk('metricsCounterAdd', 'ships', null, 1), TypeError);
    await assert.rejects(nk('metricsCounterAdd', 'ships', {}, 1.5), TypeError);
    await assert.rejects(nk('metricsGaugeSet', 'depth', { pier: 7 }, 1), TypeError);
    await assert.rejects(nk('metricsTimerRecord', 'unloading', {}), TypeError);
  });
});
