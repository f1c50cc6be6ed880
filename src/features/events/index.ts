import type { Log } from '../../observability/log.ts';
import type { Feature } from '../feature.ts';
import { eventFunctions } from './module-api.ts';
import { eventOperations } from './operations.ts';
import { EventLog } from './service.ts';

/** Events that clients and modules report. */
export function createEventsFeature(dependencies: { readonly log: Log }): Feature {
  const events = new EventLog(dependencies.log);
  return { name: 'events', operations: eventOperations(events), functions: eventFunctions(events) };
}
