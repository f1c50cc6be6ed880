import type { Log } from '../../observability/log.ts';
import type { Metrics, MetricTags } from '../../observability/metrics.ts';

/** Most names of dropped metrics that are remembered, so that each is told once. */
const MAX_TOLD = 1000;

/**
 * The modules' own metrics. The calls do not wait for an answer: what cannot be counted (too many metrics, or a name
 * with other tags or of another kind) is told in the log, once for each name, and dropped.
 */
export class CustomMetrics {
  readonly #metrics: Metrics;
  readonly #log: Log;
  readonly #told = new Set<string>();

  constructor(metrics: Metrics, log: Log) {
    this.#metrics = metrics;
    this.#log = log;
  }

  add(name: string, tags: MetricTags, delta: number): void {
    if (!this.#metrics.addToCounter(name, labelsOf(tags), delta)) this.#tellDropped(name);
  }

  set(name: string, tags: MetricTags, value: number): void {
    if (!this.#metrics.setGauge(name, labelsOf(tags), value)) this.#tellDropped(name);
  }

  record(name: string, tags: MetricTags, durationNs: number): void {
    if (!this.#metrics.recordTime(name, labelsOf(tags), durationNs / 1e9)) this.#tellDropped(name);
  }

  #tellDropped(name: string): void {
    if (this.#told.has(name) || this.#told.size >= MAX_TOLD) return;
    this.#told.add(name);
    this.#log.warn(
      { metric: name },
      "a module's metric is dropped: its name has other tags or is of another kind already, or metrics.custom_scope_limit is reached",
    );
  }
}

/** Tags under names that Prometheus allows. */
function labelsOf(tags: MetricTags): MetricTags {
  const labels: Record<string, string> = {};
  for (const tag of Object.keys(tags)) labels[labelName(tag)] = tags[tag]!;
  return labels;
}

const labelForm = /^[a-zA-Z][a-zA-Z0-9_]*$/;

function labelName(tag: string): string {
  if (labelForm.test(tag)) return tag;
  const clean = tag.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^_+/, '');
  return labelForm.test(clean) ? clean : `tag_${clean}`;
}
