import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Log } from '../../observability/log.ts';

/** Most labels that one metric may have. */
const MAX_LABELS = 16;
/** Bounds of the timers' buckets, in seconds. */
const TIMER_BUCKETS_SEC = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

type Tags = Readonly<Record<string, string>>;
type Kind = 'counter' | 'gauge' | 'timer';

type CustomMetric = { readonly name: string; labels: readonly string[] } & (
  | { readonly kind: 'counter'; metric: Counter }
  | { readonly kind: 'gauge'; metric: Gauge }
  | { readonly kind: 'timer'; metric: Histogram }
);

export interface CustomMetricsDependencies {
  readonly registry: Registry;
  /** What the names begin with: `nakama_custom`; empty for nothing. */
  readonly prefix: string;
  /** How many combinations of name and labels there may be; 0 for no limit. */
  readonly seriesLimit: number;
  readonly log: Log;
}

/**
 * The modules' own metrics, made when they are first used. Calls with new labels widen a metric: Prometheus takes a
 * label that is not there for an empty one. What breaks a rule (a name used for two kinds, too many series) is told in
 * the log once and dropped, since the calls do not wait for an answer.
 */
export class CustomMetrics {
  readonly #metrics = new Map<string, CustomMetric>();
  readonly #series = new Set<string>();
  readonly #told = new Set<string>();
  readonly #dependencies: CustomMetricsDependencies;

  constructor(dependencies: CustomMetricsDependencies) {
    this.#dependencies = dependencies;
  }

  add(name: string, tags: Tags, delta: number): void {
    const labels = labelsOf(tags);
    const found = this.#metricFor('counter', name, labels);
    if (found?.kind === 'counter') found.metric.inc(labels, delta);
  }

  set(name: string, tags: Tags, value: number): void {
    const labels = labelsOf(tags);
    const found = this.#metricFor('gauge', name, labels);
    if (found?.kind === 'gauge') found.metric.set(labels, value);
  }

  record(name: string, tags: Tags, durationNs: number): void {
    const labels = labelsOf(tags);
    const found = this.#metricFor('timer', name, labels);
    if (found?.kind === 'timer') found.metric.observe(labels, durationNs / 1e9);
  }

  #metricFor(kind: Kind, given: string, labels: Tags): CustomMetric | undefined {
    const { prefix, registry } = this.#dependencies;
    const name = metricName(prefix, given);
    const known = this.#metrics.get(name);
    if (known && known.kind !== kind) return this.#drop(name, `is a ${known.kind} already`);
    if (!this.#takeSeries(name, labels)) return this.#drop('', 'metrics.custom_scope_limit is reached');
    const missing = Object.keys(labels).filter((label) => !known?.labels.includes(label));
    if (known && missing.length === 0) return known;
    const all = [...(known?.labels ?? []), ...missing];
    if (all.length > MAX_LABELS) return this.#drop(name, `would have more than ${MAX_LABELS} labels`);
    if (!known && registry.getSingleMetric(name)) return this.#drop(name, 'is a metric of the server');
    // prom-client fixes the labels of a metric; counting begins anew, which Prometheus takes for a restart.
    registry.removeSingleMetric(name);
    const made = this.#make(kind, name, all);
    this.#metrics.set(name, made);
    return made;
  }

  #make(kind: Kind, name: string, labels: readonly string[]): CustomMetric {
    const options = {
      name,
      help: `${name}, from a module`,
      labelNames: labels,
      registers: [this.#dependencies.registry],
    };
    switch (kind) {
      case 'counter':
        return { kind, name, labels, metric: new Counter(options) };
      case 'gauge':
        return { kind, name, labels, metric: new Gauge(options) };
      case 'timer':
        return { kind, name, labels, metric: new Histogram({ ...options, buckets: TIMER_BUCKETS_SEC }) };
    }
  }

  #takeSeries(name: string, labels: Tags): boolean {
    const series = JSON.stringify([name, ...Object.entries(labels)]);
    if (this.#series.has(series)) return true;
    const { seriesLimit } = this.#dependencies;
    if (seriesLimit > 0 && this.#series.size >= seriesLimit) return false;
    this.#series.add(series);
    return true;
  }

  #drop(name: string, why: string): undefined {
    if (!this.#told.has(name)) {
      this.#told.add(name);
      this.#dependencies.log.warn({ metric: name }, `a module's metric is dropped: it ${why}`);
    }
  }
}

function metricName(prefix: string, name: string): string {
  const clean = `${prefix === '' ? '' : `${prefix}_`}${name}`.replace(/[^a-zA-Z0-9_:]/g, '_');
  return /^[0-9]|^$/.test(clean) ? `_${clean}` : clean;
}

/** Tags under names that Prometheus allows, in one order. */
function labelsOf(tags: Tags): Tags {
  const labels: Record<string, string> = {};
  for (const tag of Object.keys(tags).sort()) {
    const clean = tag.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^_+/, '');
    labels[/^[0-9]|^$/.test(clean) ? `tag_${clean}` : clean] = tags[tag]!;
  }
  return labels;
}
