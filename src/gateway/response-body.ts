import type { IncomingMessage, ServerResponse } from 'node:http';
import { deflateRaw, gzip } from 'node:zlib';
import { httpStatusOf } from '../protocol/status.ts';

const JSON_TYPE = 'application/json';

/** Sends a JSON text. */
export function sendJson(request: IncomingMessage, response: ServerResponse, status: number, json: string): void {
  send(request, response, status, JSON_TYPE, json);
}

/** Sends an error in the form of the HTTP API: `{"code", "message"}`. */
export function sendError(request: IncomingMessage, response: ServerResponse, code: number, message: string): void {
  if (code === 16) response.setHeader('www-authenticate', headerText(message));
  sendJson(request, response, httpStatusOf(code), JSON.stringify({ code, message }));
}

/**
 * Sends a body, packed when the client takes gzip or (raw) deflate, whatever its size: clients of the reference
 * count on it.
 */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  contentType: string,
  body: string | Buffer,
): void {
  const accepted = request.headers['accept-encoding'];
  const packing = accepted === undefined ? undefined : packingFor(accepted);
  if (!packing) return write(response, status, contentType, body);
  packing.pack(body, (error, packed) => {
    if (error) return write(response, status, contentType, body);
    response.setHeader('content-encoding', packing.name);
    write(response, status, contentType, packed);
  });
}

const packings = [
  { name: 'gzip', pack: gzip },
  { name: 'deflate', pack: deflateRaw },
] as const;

function packingFor(accepted: string) {
  return packings.find(({ name }) => accepted.includes(name));
}

function write(response: ServerResponse, status: number, contentType: string, body: string | Buffer): void {
  response.writeHead(status, {
    'content-type': contentType,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store, no-cache, must-revalidate',
    vary: 'Accept-Encoding',
  });
  response.end(body);
}

/** A header may hold no line breaks and nothing outside Latin-1. */
function headerText(message: string): string {
  return message.replace(/[^\x20-\x7e]/g, ' ');
}
