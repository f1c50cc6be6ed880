import type { Feature } from '../feature.ts';
import { connectionsFunction } from './connections.ts';
import { streamFunctions } from './module-api.ts';
import { type StreamDependencies, Streams } from './service.ts';

export type { StreamDependencies } from './service.ts';

/** Streams of a game's own, which server modules put sessions into and send on. */
export function createStreamsFeature(dependencies: StreamDependencies): Feature {
  const { sessions, tracker } = dependencies;
  return {
    name: 'streams',
    functions: [...streamFunctions(new Streams(dependencies)), connectionsFunction(sessions, tracker)],
  };
}
