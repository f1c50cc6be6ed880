import { readFileSync } from 'node:fs';

/** This package's version, from its package.json: one folder up, from the sources as from the build. */
export const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};
