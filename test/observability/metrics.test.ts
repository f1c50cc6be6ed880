import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createConfig } from '../../src/config/config.ts';
import { Metrics } from '../../src/observability/metrics.ts';
import { serveMetrics } from '../../src/observability/metrics-server.ts';

test('what the server counts is there in text, under the prefix and with the node’s name', async () => {
  const metrics = new Metrics(createConfig({ name: 'one' }));
  metrics.sessions.inc();
  metrics.reloads.inc({ outcome: 'ok' });
  metrics.calls.of('rpc', 'hello').ended(performance.now() - 2);
  metrics.calls.of('rpc', 'hello').failed(performance.now());
  metrics.noteMatchmakerRound({ ticketCount: 7, durationMs: 2 });
  const text = await metrics.text();
  assert.match(text, /^nakama_matchmaker_tickets\{node_name="one"\} 7$/m);
  assert.match(text, /^nakama_matchmaker_round_duration_seconds_sum\{node_name="one"\} 0.002$/m);
  assert.match(text, /^nakama_sessions\{node_name="one"\} 1$/m);
  assert.match(text, /^nakama_module_reloads_total\{outcome="ok",node_name="one"\} 1$/m);
  const hello = 'kind="rpc",name="hello",outcome="ok",node_name="one"';
  assert.match(text, new RegExp(`^nakama_call_duration_seconds_count\\{${hello}\\} 1$`, 'm'));
  assert.match(text, new RegExp(`^nakama_call_duration_seconds_bucket\\{le="0.001",${hello}\\} 0$`, 'm'));
  assert.match(text, new RegExp(`^nakama_call_duration_seconds_bucket\\{le="\\+Inf",${hello}\\} 1$`, 'm'));
  assert.match(text, /^nakama_call_duration_seconds_count\{.*outcome="error".*\} 1$/m);
});

test("the modules' own metrics have a prefix of their own and keep their tags", async () => {
  const metrics = new Metrics(createConfig({ name: 'one', 'metrics.prefix': '' }));
  assert.ok(metrics.addToCounter('shots fired', { gun: 'a' }, 2));
  assert.ok(metrics.addToCounter('shots fired', { gun: 'a' }, 3));
  assert.ok(metrics.setGauge('temperature', {}, 1.5));
  assert.ok(metrics.recordTime('turn', {}, 0.5));
  const text = await metrics.text();
  assert.match(text, /^custom_shots_fired\{gun="a",node_name="one"\} 5$/m);
  assert.match(text, /^custom_temperature\{node_name="one"\} 1.5$/m);
  assert.match(text, /^custom_turn_sum\{node_name="one"\} 0.5$/m);
});

test('a name keeps its kind and its tags; another use of it is refused', () => {
  const metrics = new Metrics(createConfig());
  assert.ok(metrics.addToCounter('a', { x: '1' }, 1));
  assert.equal(metrics.addToCounter('a', { y: '1' }, 1), false);
  assert.equal(metrics.recordTime('a', { x: '1' }, 1), false);
});

test('no more metrics than metrics.custom_scope_limit are made', () => {
  const metrics = new Metrics(createConfig({ 'metrics.custom_scope_limit': 1 }));
  assert.ok(metrics.setGauge('a', { x: '1' }, 1));
  assert.equal(metrics.setGauge('a', { x: '2' }, 1), false);
  assert.ok(metrics.setGauge('a', { x: '1' }, 2));
});

test('Prometheus may fetch them', async (t) => {
  const server = await serveMetrics(new Metrics(createConfig()), 0, '127.0.0.1');
  t.after(() => server.stop());
  const response = await fetch(`http://127.0.0.1:${server.port}/`);
  const text = await response.text();
  assert.match(text, /^nakama_sessions/m);
  assert.match(text, /^process_cpu_seconds_total/m);
});
