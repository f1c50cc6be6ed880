import { refused, unavailable } from './errors.ts';

/** Largest answer that is read; what is asked for is some kilobytes. */
const MAX_ANSWER_BYTES = 1024 * 1024;
const TOO_MANY_REQUESTS = 429;

/** An answer of any status. */
export interface WebAnswer {
  readonly status: number;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What is sent; GET when there is no form. */
export interface WebRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
}

/**
 * Asks one company. Redirects are not followed: the addresses are configuration, or checked by the caller. Neither
 * addresses nor answers get into errors, since both may hold secrets.
 */
export class WebClient {
  readonly #provider: string;
  readonly #timeoutMs: number;

  constructor(provider: string, timeoutMs: number) {
    this.#provider = provider;
    this.#timeoutMs = timeoutMs;
  }

  /** @throws StatusError UNAVAILABLE when there is no answer in time, or a too large one */
  async send(url: URL, { headers = {}, form }: WebRequest = {}): Promise<WebAnswer> {
    try {
      const response = await fetch(url, {
        headers,
        redirect: 'manual',
        signal: AbortSignal.timeout(this.#timeoutMs),
        ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      });
      return { status: response.status, body: await readBody(response) };
    } catch (error) {
      throw unavailable(this.#provider, error);
    }
  }

  /** The body of a good answer. @throws StatusError as {@link send} and {@link bodyOf} */
  async get(url: URL, request?: WebRequest): Promise<Buffer> {
    return this.bodyOf(await this.send(url, request));
  }

  /** As {@link get}, for an answer in JSON. */
  async getJson(url: URL, request?: WebRequest): Promise<unknown> {
    return this.jsonOf(await this.send(url, request));
  }

  /** @throws StatusError UNAUTHENTICATED when the request is said to be at fault, UNAVAILABLE for other answers than 200 */
  bodyOf({ status, body }: WebAnswer): Buffer {
    if (status === 200) return Buffer.from(body.buffer);
    const isRefusal = status >= 400 && status < 500 && status !== TOO_MANY_REQUESTS;
    throw (isRefusal ? refused : unavailable)(this.#provider, new Error(`status ${status}`));
  }

  /** As {@link bodyOf}; UNAVAILABLE also when it is not JSON. */
  jsonOf(answer: WebAnswer): unknown {
    const body = this.bodyOf(answer);
    try {
      return JSON.parse(body.toString());
    } catch {
      throw unavailable(this.#provider, new Error('the answer is not JSON'));
    }
  }
}

/** A URL below a configured one, with a query. */
export function urlBelow(base: string, path: string, query: Readonly<Record<string, string>>): URL {
  const url = new URL(base.replace(/\/+$/, '') + path);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url;
}

async function readBody(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.length;
  }
  return body;
}
