import type { IncomingMessage, ServerResponse } from 'node:http';

const allowedHeaders = new Map(
  ['Authorization', 'Content-Type', 'User-Agent'].map((name) => [name.toLowerCase(), name]),
);
/** Always allowed in a cross-origin request, and so never listed. */
const impliedHeaders = new Set(['accept', 'accept-language', 'content-language', 'origin']);
const impliedMethods = new Set(['GET', 'HEAD', 'POST']);
const listedMethods = new Set(['PUT', 'DELETE']);

/** Browsers of every origin may call: what guards an operation is its credentials. */
export function allowOrigin(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.origin !== undefined) response.setHeader('access-control-allow-origin', '*');
}

/** True when the request asks whether a cross-origin call would be let through. */
export function isPreflight(request: IncomingMessage): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.headers.origin !== undefined &&
    request.headers['access-control-request-method'] !== undefined
  );
}

/** Answers a preflight, on every path: 200, or 405 and 403 for a method or header that is never allowed. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const method = String(request.headers['access-control-request-method']);
  if (!impliedMethods.has(method) && !listedMethods.has(method)) return end(response, 405);
  const wanted = String(request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && !impliedHeaders.has(name));
  if (wanted.some((name) => !allowedHeaders.has(name))) return end(response, 403);
  if (wanted.length > 0) {
    response.setHeader('access-control-allow-headers', wanted.map((name) => allowedHeaders.get(name)).join(','));
  }
  if (listedMethods.has(method)) response.setHeader('access-control-allow-methods', method);
  allowOrigin(request, response);
  end(response, 200);
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-length': 0 }).end();
}
