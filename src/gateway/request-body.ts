import type { IncomingMessage } from 'node:http';
import { createGunzip, createInflateRaw } from 'node:zlib';
import { invalidArgument, Status, StatusError } from '../protocol/status.ts';

const empty = Buffer.alloc(0);

/** Thrown when a body is larger than allowed: after the answer the connection has to be closed. */
export class BodyTooLargeError extends StatusError {
  constructor(limitBytes: number) {
    super(Status.INVALID_ARGUMENT, `the request body is larger than ${limitBytes} bytes`);
  }
}

/**
 * Reads a request's body, unpacked when it is `gzip` or raw `deflate`; other encodings are read as they are.
 * @throws BodyTooLargeError when more than the limit is sent; StatusError RESOURCE_EXHAUSTED when it unpacks to more,
 *   INVALID_ARGUMENT when the packed data is damaged or cut off
 */
export async function readBody(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  const length = request.headers['content-length'];
  if (length === '0' || (length === undefined && request.headers['transfer-encoding'] === undefined)) return empty;
  if (Number(length) > limitBytes) throw new BodyTooLargeError(limitBytes);
  // What arrived together with the headers, which is most bodies, has been parsed by then, and is there to be taken:
  // no listeners, no stream set flowing.
  await undefined;
  const body = request.complete ? taken(request, limitBytes) : await collected(request, limitBytes);
  const encoding = request.headers['content-encoding'];
  if (encoding === 'gzip') return unpack(body, createGunzip(), limitBytes);
  if (encoding === 'deflate') return unpack(body, createInflateRaw(), limitBytes);
  return body;
}

function taken(request: IncomingMessage, limitBytes: number): Buffer {
  const body = (request.read() as Buffer | null) ?? empty;
  if (body.length > limitBytes) throw new BodyTooLargeError(limitBytes);
  return body;
}

function collected(request: IncomingMessage, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) {
        request.removeAllListeners('data');
        request.pause();
        reject(new BodyTooLargeError(limitBytes));
      } else {
        parts.push(chunk);
      }
    });
    request.on('end', () => resolve(parts.length === 1 ? parts[0]! : Buffer.concat(parts)));
    request.on('error', () => reject(invalidArgument('the request was cut off')));
  });
}

function unpack(packed: Buffer, stream: ReturnType<typeof createGunzip>, limitBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limitBytes) {
        stream.destroy();
        reject(new StatusError(Status.RESOURCE_EXHAUSTED, `the body unpacks to more than ${limitBytes} bytes`));
      } else {
        parts.push(chunk);
      }
    });
    stream.on('end', () => resolve(Buffer.concat(parts)));
    stream.on('error', () => reject(invalidArgument('the packed body is damaged or cut off')));
    stream.end(packed);
  });
}
