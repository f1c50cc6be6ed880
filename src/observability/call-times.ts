import type { Histogram, Registry } from 'prom-client';

/** Upper bounds of the buckets of times, in seconds. */
export const TIME_BUCKETS_SEC: readonly number[] = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const MS_PER_SEC = 1000;
const bucketsMs = TIME_BUCKETS_SEC.map((seconds) => seconds * MS_PER_SEC);

/** What is timed. */
export type CallKind = 'operation' | 'message' | 'rpc';

/**
 * How long calls took, as a histogram of Prometheus. Every call of every client comes by here, and prom-client's own
 * histogram looks its labels up as texts each time: so what is counted here are plain numbers in one object for each
 * name, and labels are made when somebody fetches the metrics.
 */
export class CallTimes {
  readonly name: string;
  readonly #help: string;
  readonly #kinds: Readonly<Record<CallKind, Map<string, CallSeries>>> = {
    operation: new Map(),
    message: new Map(),
    rpc: new Map(),
  };

  constructor(name: string, help: string, registry: Registry) {
    this.name = name;
    this.#help = help;
    // The registry asks of a metric its name and `get` only, but its types know its own four classes alone.
    registry.registerMetric(this as unknown as Histogram);
  }

  /** The series of a name, made at its first use. Names must be of a limited set: they are kept. */
  of(kind: CallKind, name: string): CallSeries {
    const series = this.#kinds[kind];
    let found = series.get(name);
    if (!found) {
      found = new CallSeries();
      series.set(name, found);
    }
    return found;
  }

  /** What the registry prints. */
  async get() {
    const values = Object.entries(this.#kinds).flatMap(([kind, series]) =>
      [...series].flatMap(([name, { good, bad }]) => [
        ...samples(this.name, { kind, name, outcome: 'ok' }, good),
        ...samples(this.name, { kind, name, outcome: 'error' }, bad),
      ]),
    );
    return { name: this.name, help: this.#help, type: 'histogram', values, aggregator: 'sum' };
  }

  /** Forgets everything, as the registry's `resetMetrics` asks. */
  reset(): void {
    for (const series of Object.values(this.#kinds)) series.clear();
  }
}

/** The times of one operation, message or RPC. */
export class CallSeries {
  readonly good = new Tally();
  readonly bad = new Tally();

  /** Notes a call that has ended well. @param startedMs what `performance.now()` was at its start */
  ended(startedMs: number): void {
    this.good.add(performance.now() - startedMs);
  }

  /** Notes a call that has ended in an error. */
  failed(startedMs: number): void {
    this.bad.add(performance.now() - startedMs);
  }
}

class Tally {
  /** Calls in each bucket, not those in lower ones; the last is for what is longer than all of them. */
  readonly counts = new Float64Array(bucketsMs.length + 1);
  sumMs = 0;

  add(durationMs: number): void {
    let bucket = 0;
    while (bucket < bucketsMs.length && durationMs > bucketsMs[bucket]!) bucket++;
    this.counts[bucket]!++;
    this.sumMs += durationMs;
  }
}

interface Labels {
  readonly kind: string;
  readonly name: string;
  readonly outcome: string;
}

function samples(metric: string, labels: Labels, { counts, sumMs }: Tally) {
  let count = 0;
  const buckets = [...TIME_BUCKETS_SEC, '+Inf'].map((le, i) => {
    count += counts[i]!;
    return { metricName: `${metric}_bucket`, labels: { le, ...labels }, value: count };
  });
  if (count === 0) return [];
  return [
    ...buckets,
    { metricName: `${metric}_sum`, labels, value: sumMs / MS_PER_SEC },
    { metricName: `${metric}_count`, labels, value: count },
  ];
}
