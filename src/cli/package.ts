import { readFileSync } from 'node:fs';

interface PackageJson {
  readonly version: string;
  readonly description: string;
}

/** This package's own package.json: two folders up, from the sources as from the build. */
export const { version, description } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as PackageJson;
