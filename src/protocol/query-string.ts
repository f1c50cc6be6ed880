import { invalidArgument } from './status.ts';

/** Of every request that has none: making one for each costs more than reading it. Nobody may add to it. */
const noParameters = new URLSearchParams();

/**
 * The parameters of a query string, without its question mark; only to be read.
 * @throws StatusError INVALID_ARGUMENT for a broken percent escape, a semicolon, or escaped bytes that are not UTF-8
 */
export function parseQueryString(text: string): URLSearchParams {
  if (text === '') return noParameters;
  if (text.includes(';')) throw invalidArgument('a semicolon in the query must be escaped');
  const parameters = new URLSearchParams();
  for (const pair of text.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = equals === -1 ? pair : pair.slice(0, equals);
    parameters.append(decode(name), equals === -1 ? '' : decode(pair.slice(equals + 1)));
  }
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidArgument('the query has a broken percent escape');
  }
}
