import type { Feature } from '../feature.ts';
import { streamFunctions } from './module-api.ts';
import { type StreamDependencies, Streams } from './service.ts';

export type { StreamDependencies } from './service.ts';

/** Streams of a game's own, which server modules put sessions into and send on. */
export function createStreamsFeature(dependencies: StreamDependencies): Feature {
  return { name: 'streams', functions: streamFunctions(new Streams(dependencies)) };
}
