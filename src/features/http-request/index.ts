import type { Feature } from '../feature.ts';
import { httpRequestFunction } from './module-api.ts';

export interface HttpRequestDependencies {
  /**
   * Whether modules may reach this host and private networks (`runtime.http_request_allow_private`). On by default, as
   * in the reference: a game's other services often live there. Off, cloud metadata addresses are out of reach too.
   */
  readonly allowPrivate: boolean;
}

/** `nk.httpRequest`: the modules' requests to other servers. */
export function createHttpRequestFeature(dependencies: HttpRequestDependencies): Feature {
  return { name: 'http-request', functions: [httpRequestFunction(dependencies.allowPrivate)] };
}
