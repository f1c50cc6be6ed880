import type { Feature } from '../feature.ts';
import { statusEnvelopes } from './envelopes.ts';
import { statusFunctions } from './module-api.ts';
import { type StatusDependencies, StatusService } from './service.ts';

export { type StatusDependencies, StatusService } from './service.ts';

/** Status: who is online and what they say of it, told to those that follow them. */
export function createStatusFeature(dependencies: StatusDependencies): {
  readonly feature: Feature;
  readonly statuses: StatusService;
} {
  const statuses = new StatusService(dependencies);
  return {
    statuses,
    feature: { name: 'status', envelopes: statusEnvelopes(statuses), functions: statusFunctions(statuses) },
  };
}
