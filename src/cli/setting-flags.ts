import { type Command, Option } from 'commander';
import { DEFAULT_INSPECT_ADDRESS } from '../config/inspect-address.ts';
import { type LoadedConfig, loadConfig } from '../config/load.ts';
import type { RawValue } from '../config/read-value.ts';
import { type Key, keys, settingOf } from '../config/schema.ts';

/** Short names for the settings that are given most often. */
const shortFlags: readonly {
  readonly name: string;
  readonly key: Key;
  readonly argument: string;
  readonly doc: string;
  /** The value of the flag without one. */
  readonly preset?: string;
}[] = [
  { name: 'modules', key: 'runtime.path', argument: 'folder', doc: 'folder of the game’s modules' },
  { name: 'entry', key: 'runtime.js_entrypoint', argument: 'file', doc: 'module to begin with, if not the usual one' },
  { name: 'database', key: 'database.address', argument: 'url', doc: 'memory, pglite:FOLDER or postgres://…' },
  { name: 'host', key: 'socket.address', argument: 'address', doc: 'address to listen on' },
  { name: 'port', key: 'socket.port', argument: 'number', doc: 'port to listen on; 0: any free one' },
  {
    name: 'inspect',
    key: 'runtime.inspect',
    argument: 'host:port',
    doc: `let debuggers attach to the modules; ${DEFAULT_INSPECT_ADDRESS} when nothing is named`,
    preset: DEFAULT_INSPECT_ADDRESS,
  },
  { name: 'log-format', key: 'logger.format', argument: 'format', doc: 'auto, pretty or json' },
];

/** Gives a command `--config`, the short flags, and a hidden flag for each setting under its own name. */
export function addSettingFlags(command: Command): void {
  command.option('--config <file>', 'YAML file with settings');
  for (const { name, key, argument, doc, preset } of shortFlags) {
    command.addOption(settingOption(name, key, argument, doc, preset));
  }
  for (const key of keys) command.addOption(settingOption(key, key, 'value', settingOf(key).doc).hideHelp());
  command.addHelpText('after', '\nEvery setting that "nk config" lists is a flag, too: --matchmaker.interval_sec 5');
}

/** The configuration that a command's flags, the environment and the file make. @throws UserError */
export function configOf(command: Command): LoadedConfig {
  const options = command.opts<{ config?: string }>();
  return loadConfig({ file: options.config, environment: process.env, flags: givenSettings(command) });
}

/** The long names of a command's flags, for suggestions. */
export function flagNames(command: Command): string[] {
  return command.options.flatMap((option) => option.long ?? []);
}

function givenSettings(command: Command): ReadonlyMap<Key, RawValue> {
  const given = new Map<Key, RawValue>();
  for (const { name, key } of [...keys.map((key) => ({ name: key, key })), ...shortFlags]) {
    const value = command.getOptionValue(camelCase(name));
    if (value !== undefined) given.set(key, { value, origin: { source: 'flag', name: `--${name}` } });
  }
  return given;
}

function settingOption(name: string, key: Key, argument: string, doc: string, preset?: string): Option {
  const { kind } = settingOf(key);
  if (preset !== undefined) return new Option(`--${name} [${argument}]`, doc).preset(preset);
  if (kind === 'boolean') return new Option(`--${name} [${argument}]`, doc).preset('true');
  const option = new Option(`--${name} <${argument}>`, doc);
  return kind === 'list' ? option.argParser((text, previous?: string[]) => [...(previous ?? []), text]) : option;
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}
