import { httpStatusOf, Status, StatusError } from '../../protocol/status.ts';
import type { ModuleHost } from '../../runtime/module-host.ts';
import { type HttpCaller, httpOrigin } from './http-origin.ts';

/** A call of `/v2/rpc/{id}` whose credentials have been checked. */
export interface HttpRpcRequest extends HttpCaller {
  /** `POST` or `GET`; a GET carries no payload. */
  readonly method: string;
  /** The id as in the path, decoded. */
  readonly id: string;
  /** The whole body; the gateway has bounded its size. */
  readonly body: Buffer;
}

export interface HttpRpcResponse {
  /** The HTTP status. */
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const JSON_TYPE = 'application/json';

/**
 * Answers a call of `/v2/rpc/{id}`: the payload is a JSON string both ways, or with the parameter `unwrap` the body as
 * it is. Failures of the function are answers too; only what is no StatusError is thrown.
 */
export async function handleHttpRpc(request: HttpRpcRequest, host: ModuleHost): Promise<HttpRpcResponse> {
  const { id, query } = request;
  if (id === '') return refuseHttpRpc(Status.INVALID_ARGUMENT, 'an RPC id is required');
  if (!host.hasRpc(id)) return refuseHttpRpc(Status.NOT_FOUND, 'RPC function not found');

  const isPost = request.method === 'POST';
  try {
    if (query.size > 0 && query.has('unwrap')) {
      const body = await host.rpc(id, httpOrigin(request), isPost ? request.body.toString('utf8') : '');
      return { status: 200, contentType: contentTypeOf(request.rawHeaders) ?? 'text/plain', body };
    }
    const payload = isPost ? jsonTextOf(request.body) : '""';
    if (payload === undefined) return refuseHttpRpc(Status.INVALID_ARGUMENT, 'the body must be a JSON string');
    const result = await host.rpcJson(id, httpOrigin(request), payload);
    return { status: 200, contentType: JSON_TYPE, body: `{"payload":${result}}` };
  } catch (error) {
    if (error instanceof StatusError) return refuseHttpRpc(error.code, error.message);
    throw error;
  }
}

/** An error answer in the shape that this route has and no other: `error` repeats the message. */
export function refuseHttpRpc(code: number, message: string): HttpRpcResponse {
  return {
    status: httpStatusOf(code),
    contentType: JSON_TYPE,
    body: JSON.stringify({ code, error: message, message }),
  };
}

/** The payload in a body as a JSON string; undefined when the body is not what it must be. */
function jsonTextOf(body: Buffer): string | undefined {
  if (body.length === 0) return '""';
  const text = body.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (value === null) return '""';
    return typeof value === 'string' ? text.trim() : undefined;
  } catch {
    return undefined;
  }
}

function contentTypeOf(rawHeaders: readonly string[]): string | undefined {
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!;
    if (name.length === 12 && name.toLowerCase() === 'content-type') return rawHeaders[i + 1];
  }
  return undefined;
}
