import type { Identity } from '../../protocol/identity.ts';
import type { CallOrigin } from '../../runtime/module-function.ts';

/** What a module learns of an HTTP caller. */
export interface HttpCaller {
  /** Null with the HTTP key. */
  readonly identity: Identity | null;
  readonly query: URLSearchParams;
  /** The header lines in pairs of name and value, as Node's `IncomingMessage.rawHeaders` has them. */
  readonly rawHeaders: readonly string[];
  readonly clientIp: string;
  readonly clientPort: string;
  /** Joins the log lines of this request. */
  readonly requestId: string;
  /** How many calls of modules led to it; left out for none. */
  readonly depth?: number;
}

/**
 * The `ctx` of a call over HTTP: what a caller brings with every request, and what only this one has. The text is put
 * together from pieces: the caller's part once per token where the gateway keeps the identity of one, header names once
 * per name.
 */
export function httpOrigin(caller: HttpCaller): CallOrigin {
  const { identity, requestId, depth, clientIp, clientPort } = caller;
  const address = `"clientIp":${JSON.stringify(clientIp)},"clientPort":${JSON.stringify(clientPort)}`;
  return {
    contextText: knownContextText(identity, caller.rawHeaders),
    ownContextText: `{"queryParams":${queryText(caller.query)},${address}}`,
    requestId,
    ...(identity && { userId: identity.userId }),
    ...(depth !== undefined && { depth }),
  };
}

/** What the last request of each caller had. */
const lastRequests = new WeakMap<object, { readonly rawHeaders: readonly string[]; readonly contextText: string }>();
/** Stands for those who call with the HTTP key. */
const nobody = {};

/** Clients mostly send the same headers again: a comparison instead of writing them out anew. */
function knownContextText(identity: Identity | null, rawHeaders: readonly string[]): string {
  const last = lastRequests.get(identity ?? nobody);
  if (last && isSameList(last.rawHeaders, rawHeaders)) return last.contextText;
  const contextText = `{${identity ? identityText(identity) : ''}"headers":${headersText(rawHeaders)}}`;
  lastRequests.set(identity ?? nobody, { rawHeaders, contextText });
  return contextText;
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
