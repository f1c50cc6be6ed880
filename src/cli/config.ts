import type { Command } from 'commander';
import { settingValue, type Value } from '../config/config.ts';
import type { LoadedConfig } from '../config/load.ts';
import { type Key, keys, settingOf } from '../config/schema.ts';
import { addSettingFlags, configOf } from './setting-flags.ts';

/** `nk config`: every setting with its value and where that came from. */
export function registerConfig(program: Command): void {
  const command = program.command('config').description('show every setting, its value and where it came from');
  addSettingFlags(command);
  command.action(() => {
    process.stdout.write(configListing(configOf(command)));
  });
}

/** One line for each setting: name, value, origin, meaning. Secrets are masked. */
export function configListing(loaded: LoadedConfig): string {
  const rows = keys.map((key) => {
    const { name, source } = loaded.originOf(key);
    return [key, shownValue(loaded, key), name ? `${source} ${name}` : source, meaning(key)] as const;
  });
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}\n`).join('');
}

function shownValue({ config }: LoadedConfig, key: Key): string {
  const value = settingValue(config, key);
  return settingOf(key).secret && !isEmpty(value) ? '********' : JSON.stringify(value);
}

function meaning(key: Key): string {
  const { doc, compat, later } = settingOf(key);
  if (later) return `(not used yet) ${doc}`;
  return compat ? `(no effect) ${doc}` : doc;
}

function isEmpty(value: Value): boolean {
  return value === '' || (Array.isArray(value) && value.length === 0);
}
