import type { Log } from '../../observability/log.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { Feature } from '../feature.ts';
import { metricsFunctions } from './module-api.ts';
import { CustomMetrics } from './service.ts';

/** `nk.metrics…`: counters, gauges and timers of the modules, among the server's own. */
export function createMetricsFeature(dependencies: { readonly metrics: Metrics; readonly log: Log }): Feature {
  return { name: 'metrics', functions: metricsFunctions(new CustomMetrics(dependencies.metrics, dependencies.log)) };
}
