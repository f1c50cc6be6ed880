/** What is found at an address: a target and its path parameters, or why there is none. */
export type RouteMatch<T> =
  | { readonly found: true; readonly target: T; readonly parameters: Readonly<Record<string, string>> }
  | { readonly found: false; readonly reason: 'unknown-path' | 'wrong-method' };

interface Route<T> {
  readonly method: string;
  /** What stands before its first parameter: `/v2/group/`. */
  readonly start: string;
  readonly segments: readonly Segment[];
  readonly target: T;
}

type Segment = { readonly literal: string } | { readonly parameter: string };

const none: Readonly<Record<string, string>> = Object.freeze({});

/** Paths with parameters whose routes are remembered; clients choose them, so there must be an end. */
const MAX_REMEMBERED = 1000;
const MAX_REMEMBERED_LENGTH = 200;

/**
 * Routes of the form `/v2/group/{group_id}/join`. Case and a slash at the end matter; a parameter takes any text, the
 * empty one too; literal segments win over parameters. Paths without parameters are found by one look-up.
 */
export class RouteTable<T> {
  readonly #exact = new Map<string, Map<string, T>>();
  readonly #withParameters: Route<T>[] = [];
  /** What was found, by method and path: most requests ask for what others asked for (finding `/v2/rpc/echo` took 4 % of its request). */
  readonly #remembered = new Map<string, RouteMatch<T>>();

  /** @throws Error when the method and path are taken */
  add(method: string, template: string, target: T): void {
    this.#remembered.clear();
    const segments = template.split('/').slice(1).map(parseSegment);
    if (segments.every((segment) => 'literal' in segment)) {
      let methods = this.#exact.get(template);
      if (!methods) {
        methods = new Map();
        this.#exact.set(template, methods);
      }
      if (methods.has(method)) throw new Error(`two operations at ${method} ${template}`);
      methods.set(method, target);
      return;
    }
    this.#withParameters.push({ method, start: template.slice(0, template.indexOf('{')), segments, target });
  }

  /** Finds the route of a decoded path. */
  find(method: string, path: string): RouteMatch<T> {
    const methods = this.#exact.get(path);
    const exact = methods?.get(method);
    if (exact !== undefined) return { found: true, target: exact, parameters: none };
    const key = `${method} ${path}`;
    const remembered = this.#remembered.get(key);
    if (remembered) return remembered;
    const match = this.#search(method, path, methods !== undefined);
    if (match.found && path.length <= MAX_REMEMBERED_LENGTH) {
      if (this.#remembered.size >= MAX_REMEMBERED) this.#remembered.clear();
      this.#remembered.set(key, match);
    }
    return match;
  }

  #search(method: string, path: string, isKnown: boolean): RouteMatch<T> {
    let parts: readonly string[] | undefined;
    let known = isKnown;
    for (const route of this.#withParameters) {
      if (!path.startsWith(route.start)) continue;
      parts ??= path.split('/').slice(1);
      if (!fits(route.segments, parts)) continue;
      if (route.method === method) {
        return { found: true, target: route.target, parameters: parametersOf(route.segments, parts) };
      }
      known = true;
    }
    return { found: false, reason: known ? 'wrong-method' : 'unknown-path' };
  }
}

function parseSegment(text: string): Segment {
  return text.startsWith('{') && text.endsWith('}') ? { parameter: text.slice(1, -1) } : { literal: text };
}

function fits(segments: readonly Segment[], parts: readonly string[]): boolean {
  if (segments.length !== parts.length) return false;
  return segments.every((segment, i) => 'parameter' in segment || segment.literal === parts[i]);
}

function parametersOf(segments: readonly Segment[], parts: readonly string[]): Record<string, string> {
  const parameters: Record<string, string> = {};
  segments.forEach((segment, i) => {
    if ('parameter' in segment) parameters[segment.parameter] = parts[i]!;
  });
  return parameters;
}
