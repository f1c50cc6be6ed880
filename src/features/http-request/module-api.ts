import { ArgumentError } from '../../runtime/argument-check.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, optional, text, texts } from '../../runtime/parameters.ts';
import type { AddressPolicy } from './address-policy.ts';
import { httpRequest } from './service.ts';

const METHODS: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'];
const DEFAULT_TIMEOUT_MS = 5000;
/** Longest time that a request may take; timers know no more. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** `nk.httpRequest`. */
export function httpRequestFunction(policy: AddressPolicy): ModuleFunction {
  return moduleFunction(
    'httpRequest',
    [
      ['url', text({ minLength: 1 })],
      ['method', text()],
      ['headers', optional(texts(), { orNull: true })],
      ['body', optional(text(), { orNull: true })],
      ['timeout', optional(integer(), { orNull: true })],
      ['insecure', optional(boolean(), { orNull: true })],
    ],
    (call, url, method, headers = {}, body = '', timeoutMs = 0, insecure = false) => {
      const verb = method.toUpperCase();
      if (!METHODS.includes(verb)) {
        throw new ArgumentError('nk.httpRequest: method must be get, post, put, patch, delete or head');
      }
      return httpRequest(
        {
          url,
          method: verb,
          headers,
          body,
          timeoutMs: timeoutMs > 0 ? Math.min(timeoutMs, MAX_TIMEOUT_MS) : DEFAULT_TIMEOUT_MS,
          insecure,
          depth: (call.origin?.depth ?? 0) + 1,
          signal: call.signal,
        },
        policy,
      );
    },
  );
}
