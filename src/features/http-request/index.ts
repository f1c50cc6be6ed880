import type { Feature } from '../feature.ts';
import type { AddressPolicy } from './address-policy.ts';
import { httpRequestFunction } from './module-api.ts';

/**
 * What modules may reach beyond public addresses. Private ones by default (`runtime.http_request_allow_private`), as in
 * the reference: a game's other services often live there. The metadata addresses of clouds only where somebody asks
 * for it (`runtime.http_request_allow_metadata`): who gets a module to fetch a URL of theirs must not get credentials.
 */
export type HttpRequestDependencies = AddressPolicy;

/** `nk.httpRequest`: the modules' requests to other servers. */
export function createHttpRequestFeature(dependencies: HttpRequestDependencies): Feature {
  return { name: 'http-request', functions: [httpRequestFunction(dependencies)] };
}
