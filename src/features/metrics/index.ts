import type { Feature } from '../feature.ts';
import { metricsFunctions } from './module-api.ts';
import { CustomMetrics, type CustomMetricsDependencies } from './service.ts';

/** `nk.metrics…`: counters, gauges and timers of the modules, in the server's registry. */
export function createMetricsFeature(dependencies: CustomMetricsDependencies): Feature {
  return { name: 'metrics', functions: metricsFunctions(new CustomMetrics(dependencies)) };
}
