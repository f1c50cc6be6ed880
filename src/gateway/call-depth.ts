import type { IncomingMessage } from 'node:http';
import { CALL_DEPTH_HEADER } from '../protocol/call-depth.ts';
import { Status, StatusError } from '../protocol/status.ts';

/**
 * How many calls of modules led to a request, each by `nk.httpRequest`, as the request tells; nothing for none.
 * @throws StatusError RESOURCE_EXHAUSTED when they are more than `most`: a module calls itself without end
 */
export function callDepthOf(request: IncomingMessage, most: number): { depth?: number } {
  const text = request.headers[CALL_DEPTH_HEADER];
  if (typeof text !== 'string' || !/^\d{1,9}$/.test(text)) return {};
  const depth = Number(text);
  if (depth <= most) return { depth };
  throw new StatusError(
    Status.RESOURCE_EXHAUSTED,
    `requests of modules to their own server are nested more than ${most} deep (runtime.http_request_depth)`,
  );
}
