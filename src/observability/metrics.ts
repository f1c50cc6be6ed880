import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Config } from '../config/config.ts';
import { CallTimes, TIME_BUCKETS_SEC } from './call-times.ts';

/** Labels of a module's own metric. */
export type MetricTags = Readonly<Record<string, string>>;

type CustomMetric = Counter | Gauge | Histogram;

/** What the server and its modules count. Cheap enough to be always on; see `serveMetrics` for how it is read. */
export class Metrics {
  readonly #registry = new Registry();
  readonly #customPrefix: string;
  readonly #scopeLimit: number;
  readonly #custom = new Map<string, CustomMetric>();
  readonly #scopes = new Set<string>();
  /** Open sockets. */
  readonly sessions: Gauge;
  /** How long operations, messages and RPCs took. */
  readonly calls: CallTimes;
  /** Reloads of the modules. */
  readonly reloads: Counter<'outcome'>;
  readonly #matchmakerTickets: Gauge;
  readonly #matchmakerRounds: Histogram;

  constructor({ metrics, name }: Config) {
    const prefix = metrics.prefix ? `${metricName(metrics.prefix)}_` : '';
    const registers = [this.#registry];
    this.#registry.setDefaultLabels({ node_name: name });
    this.#customPrefix = prefix + (metrics.custom_prefix ? `${metricName(metrics.custom_prefix)}_` : '');
    this.#scopeLimit = metrics.custom_scope_limit;
    this.sessions = new Gauge({ name: `${prefix}sessions`, help: 'Open sockets', registers });
    const help = 'Time of operations, socket messages and RPCs';
    this.calls = new CallTimes(`${prefix}call_duration_seconds`, help, this.#registry);
    this.reloads = new Counter({
      name: `${prefix}module_reloads_total`,
      help: 'Reloads of the modules',
      labelNames: ['outcome'],
      registers,
    });
    this.#matchmakerTickets = new Gauge({
      name: `${prefix}matchmaker_tickets`,
      help: 'Tickets that waited when the last round of the matchmaker began',
      registers,
    });
    this.#matchmakerRounds = new Histogram({
      name: `${prefix}matchmaker_round_duration_seconds`,
      help: 'Time of the rounds of the matchmaker',
      buckets: [...TIME_BUCKETS_SEC],
      registers,
    });
  }

  /** Notes how many tickets a round of the matchmaker found waiting, and how long it took. */
  noteMatchmakerRound({ ticketCount, durationMs }: { ticketCount: number; durationMs: number }): void {
    this.#matchmakerTickets.set(ticketCount);
    this.#matchmakerRounds.observe(durationMs / 1000);
  }

  /** Adds the numbers of the process itself: memory, CPU, event loop. */
  collectProcess(): void {
    collectDefaultMetrics({ register: this.#registry });
  }

  /** Everything in Prometheus's text format. */
  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /**
   * Adds to a counter of the modules.
   * @returns false when it was not counted: too many metrics, or the name has other tags or another kind already
   */
  addToCounter(name: string, tags: MetricTags, delta: number): boolean {
    // A counter of the reference may go down, which Prometheus's may not.
    const metric = this.#customMetric('counter', name, tags);
    if (!(metric instanceof Gauge)) return false;
    metric.inc(tags, delta);
    return true;
  }

  /** Sets a gauge of the modules. @returns false as {@link addToCounter} */
  setGauge(name: string, tags: MetricTags, value: number): boolean {
    const metric = this.#customMetric('gauge', name, tags);
    if (!(metric instanceof Gauge)) return false;
    metric.set(tags, value);
    return true;
  }

  /** Notes a time of the modules, in seconds. @returns false as {@link addToCounter} */
  recordTime(name: string, tags: MetricTags, seconds: number): boolean {
    const metric = this.#customMetric('timer', name, tags);
    if (!(metric instanceof Histogram)) return false;
    metric.observe(tags, seconds);
    return true;
  }

  #customMetric(kind: 'counter' | 'gauge' | 'timer', name: string, tags: MetricTags): CustomMetric | null {
    const labelNames = Object.keys(tags).sort();
    if (!this.#admit(JSON.stringify([name, labelNames.map((label) => [label, tags[label]])]))) return null;
    const shape = `${kind}:${labelNames.join()}`;
    const fullName = this.#customPrefix + metricName(name);
    const known = this.#custom.get(`${fullName}:${shape}`);
    if (known || this.#registry.getSingleMetric(fullName)) return known ?? null;
    const settings = { name: fullName, help: `A ${kind} of the modules`, labelNames, registers: [this.#registry] };
    const made =
      kind === 'timer' ? new Histogram({ ...settings, buckets: [...TIME_BUCKETS_SEC] }) : new Gauge(settings);
    this.#custom.set(`${fullName}:${shape}`, made);
    return made;
  }

  /** False when one more would be over `metrics.custom_scope_limit`. */
  #admit(scope: string): boolean {
    if (this.#scopes.has(scope)) return true;
    if (this.#scopeLimit > 0 && this.#scopes.size >= this.#scopeLimit) return false;
    this.#scopes.add(scope);
    return true;
  }
}

/** Letters that Prometheus knows; all others become `_`. */
function metricName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_:]/g, '_').replace(/^(?=\d)/, '_');
}
