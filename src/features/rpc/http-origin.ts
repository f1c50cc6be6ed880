import type { Identity } from '../../protocol/identity.ts';
import type { CallOrigin } from '../../runtime/module-function.ts';

/** What a module learns of an HTTP caller. */
export interface HttpCaller {
  /** Null with the HTTP key. */
  readonly identity: Identity | null;
  readonly query: URLSearchParams;
  /** The header lines in pairs of name and value, as Node's `IncomingMessage.rawHeaders` has them. */
  readonly rawHeaders: readonly string[];
  /** Stands for the connection that the request came on. */
  readonly connection: object;
  readonly clientIp: string;
  readonly clientPort: string;
  /** Joins the log lines of this request. */
  readonly requestId: string;
  /** How many calls of modules led to it; left out for none. */
  readonly depth?: number;
}

/**
 * The `ctx` of a call over HTTP. The text is put together from pieces, since it is made for every request: the caller's
 * part once per token where the gateway keeps the identity of one, header names once per name.
 */
export function httpOrigin(caller: HttpCaller): CallOrigin {
  const { identity } = caller;
  const contextText = `{${identity ? identityText(identity) : ''}"queryParams":${queryText(caller.query)},"headers":${knownHeadersText(caller)},"clientIp":${JSON.stringify(caller.clientIp)},"clientPort":${JSON.stringify(caller.clientPort)}}`;
  const { requestId, depth } = caller;
  if (depth !== undefined) return { contextText, requestId, depth, ...(identity && { userId: identity.userId }) };
  return identity ? { contextText, userId: identity.userId, requestId } : { contextText, requestId };
}

const identityTexts = new WeakMap<Identity, string>();

function identityText(identity: Identity): string {
  let text = identityTexts.get(identity);
  if (text === undefined) {
    const vars = hasEntries(identity.vars) ? `"vars":${JSON.stringify(identity.vars)},` : '';
    text = `"userId":${JSON.stringify(identity.userId)},"username":${JSON.stringify(identity.username)},"userSessionExp":${identity.expiresAt},${vars}`;
    identityTexts.set(identity, text);
  }
  return text;
}

function hasEntries(vars: Identity['vars']): boolean {
  for (const _ in vars) return true;
  return false;
}

/** Parameters as lists, without the HTTP key. */
function queryText(query: URLSearchParams): string {
  if (query.size === 0) return '{}';
  const lists: ListTexts = new Map();
  for (const [name, value] of query) {
    if (name !== 'http_key') append(lists, labelOf(name), value);
  }
  return objectText(lists);
}

/** What the last request on each connection had. */
const lastHeaders = new WeakMap<object, { readonly raw: readonly string[]; readonly text: string }>();

/** Clients mostly send the same headers again on a connection: a comparison instead of writing them out anew. */
function knownHeadersText({ connection, rawHeaders: raw }: HttpCaller): string {
  const last = lastHeaders.get(connection);
  if (last && isSameList(last.raw, raw)) return last.text;
  const text = headersText(raw);
  lastHeaders.set(connection, { raw, text });
  return text;
}

function isSameList(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Headers as lists under their canonical names, without those that the reference's HTTP server keeps to itself. */
function headersText(rawHeaders: readonly string[]): string {
  const lists: ListTexts = new Map();
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const label = headerLabel(rawHeaders[i]!);
    if (!hiddenLabels.has(label)) append(lists, label, rawHeaders[i + 1]!);
  }
  return objectText(lists);
}

/** The JSON of values, with commas between them, by label. A text, so that a name like `__proto__` is one like any other. */
type ListTexts = Map<string, string>;

function append(lists: ListTexts, label: string, value: string): void {
  const before = lists.get(label);
  const text = JSON.stringify(value);
  lists.set(label, before === undefined ? text : `${before},${text}`);
}

function objectText(lists: ListTexts): string {
  let text = '{';
  for (const [label, values] of lists) {
    if (text.length > 1) text += ',';
    text += `${label}[${values}]`;
  }
  return `${text}}`;
}

/** A name in quotes, and a colon. */
function labelOf(name: string): string {
  return `${JSON.stringify(name)}:`;
}

const hiddenLabels: ReadonlySet<string> = new Set(['Host', 'Transfer-Encoding', 'Grpc-Timeout'].map(labelOf));

/** How many spellings of header names are remembered; clients choose them, so there must be an end. */
const MAX_REMEMBERED_NAMES = 1000;
const headerLabels = new Map<string, string>();

/** `x-game-version` → `"X-Game-Version":` */
function headerLabel(name: string): string {
  const known = headerLabels.get(name);
  if (known !== undefined) return known;
  const label = labelOf(name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase()));
  if (headerLabels.size < MAX_REMEMBERED_NAMES) headerLabels.set(name, label);
  return label;
}
