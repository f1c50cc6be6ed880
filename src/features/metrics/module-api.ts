import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { integer, number, text, texts } from '../../runtime/parameters.ts';
import type { CustomMetrics } from './service.ts';

const name = ['name', text()] as const;
const tags = ['tags', texts()] as const;

/** The modules' own metrics; the calls cross without waiting. */
export function metricsFunctions(metrics: CustomMetrics): readonly ModuleFunction[] {
  const options = { deferredWhen: 'always' } as const;
  return [
    moduleFunction(
      'metricsCounterAdd',
      [name, tags, ['delta', integer()]],
      (_call, metric, labels, delta) => metrics.add(metric, labels, delta),
      options,
    ),
    moduleFunction(
      'metricsGaugeSet',
      [name, tags, ['value', number()]],
      (_call, metric, labels, value) => metrics.set(metric, labels, value),
      options,
    ),
    moduleFunction(
      'metricsTimerRecord',
      [name, tags, ['value', integer()]],
      (_call, metric, labels, durationNs) => metrics.record(metric, labels, durationNs),
      options,
    ),
  ];
}
