import type { AddressPolicy } from './address-policy.ts';
import { type Answer, exchange } from './exchange.ts';

/** Most redirects that are followed. Source: the module API's observed behaviour. */
const MAX_REDIRECTS = 10;
/** Headers that are for the first host alone. */
const SECRET_HEADERS = /^(authorization|cookie2?|proxy-authorization|www-authenticate)$/i;

export interface HttpRequest {
  readonly url: string;
  /** In capitals. */
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Empty for none. */
  readonly body: string;
  /** For the whole exchange, redirects and body included. */
  readonly timeoutMs: number;
  /** Any certificate will do. */
  readonly insecure: boolean;
  /** How many calls of modules led to it, this one included; the receiver is told. */
  readonly depth: number;
  /** Ends it when nobody waits for the answer any more. */
  readonly signal?: AbortSignal | undefined;
}

/** What a module gets: names in canonical spelling, one entry for each header line. */
export interface HttpResponse {
  readonly code: number;
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly body: string;
}

/**
 * Sends a request and follows redirects as browsers do: 301, 302 and 303 make a GET without body of it, 307 and 308
 * keep it. Every status is a result. @throws Error when there is no whole answer in time
 */
export async function httpRequest(given: HttpRequest, policy: AddressPolicy): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout(given.timeoutMs);
  const signal = given.signal ? AbortSignal.any([timeout, given.signal]) : timeout;
  try {
    const answer = await follow(given, policy, signal);
    return { code: answer.status, headers: headersOf(answer.rawHeaders), body: answer.body.toString('utf8') };
  } catch (error) {
    if (timeout.aborted) throw new Error(`no answer within ${given.timeoutMs} ms`);
    throw new Error(`HTTP request failed: ${reasonOf(error)}`, { cause: error });
  }
}

async function follow(given: HttpRequest, policy: AddressPolicy, signal: AbortSignal): Promise<Answer> {
  const { insecure, depth } = given;
  let url = new URL(given.url);
  let { method, headers } = given;
  let body = given.body === '' ? undefined : Buffer.from(given.body);
  for (let redirects = 0; ; redirects++) {
    const answer = await exchange({ url, method, headers, body, insecure, depth, policy, signal });
    const redirected = [301, 302, 303, 307, 308].includes(answer.status) && answer.location !== undefined;
    if (!redirected) return answer;
    if (redirects === MAX_REDIRECTS) throw new Error(`stopped after ${MAX_REDIRECTS} redirects`);
    const next = new URL(answer.location!, url);
    if (answer.status < 307) {
      if (method !== 'HEAD') method = 'GET';
      body = undefined;
      headers = without(headers, /^content-type$/i);
    }
    if (next.host !== url.host) headers = without(headers, SECRET_HEADERS);
    headers = without(headers, /^host$/i);
    url = next;
  }
}

function without(headers: Readonly<Record<string, string>>, names: RegExp): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !names.test(name)));
}

function headersOf(rawHeaders: readonly string[]): Record<string, string[]> {
  const lists = new Map<string, string[]>();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]!.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase());
    const value = Buffer.from(rawHeaders[i + 1]!, 'latin1').toString('utf8');
    const list = lists.get(name);
    if (list) list.push(value);
    else lists.set(name, [value]);
  }
  return Object.fromEntries(lists);
}

/** A failure to connect to several addresses has its reasons within, and no text of its own. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reasonOf(error.errors[0]);
  return error instanceof Error && error.message !== '' ? error.message : String(error);
}
