import { listAt, textAt, valueAt } from '../json-fields.ts';

/** What trades an auth code for an access token. */
export interface GoogleCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUrl: string;
  readonly tokenUrl: string;
}

/**
 * Reads the client secrets file that Google's console gives out, of a web or an installed app.
 * @throws Error that says what is missing
 */
export function readGoogleCredentials(text: string): GoogleCredentials {
  const app = valueAt(parse(text), 'web') ?? valueAt(parse(text), 'installed');
  const [redirectUrl] = listAt(app, 'redirect_uris');
  if (typeof redirectUrl !== 'string') throw wrong('has no redirect_uris');
  return {
    clientId: required(app, 'client_id'),
    clientSecret: required(app, 'client_secret'),
    redirectUrl,
    tokenUrl: required(app, 'token_uri'),
  };
}

function required(app: unknown, name: string): string {
  const value = textAt(app, name);
  if (value === undefined) throw wrong(`has no ${name}`);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw wrong('is not JSON');
  }
}

function wrong(problem: string): Error {
  return new Error(`google_auth.credentials_json ${problem}: it must be the client secrets file of Google's console`);
}
