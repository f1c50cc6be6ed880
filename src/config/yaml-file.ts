import { readFileSync } from 'node:fs';
import type { Document, Node, YAMLError } from 'yaml';
import { lazyPackage } from '../lazy-package.ts';
import { nearest } from './nearest.ts';
import type { RawValue } from './read-value.ts';
import { isKey, type Key, keys } from './schema.ts';
import { UserError } from './user-error.ts';

const yaml = lazyPackage<typeof import('yaml')>('yaml');

/**
 * Reads a YAML file in the form of Nakama's: sections nested as the keys' names are.
 * @throws UserError with file and line for text that is not YAML and for keys that do not exist
 */
export function readYamlFile(path: string): ReadonlyMap<Key, RawValue> {
  const lines = new (yaml().LineCounter)();
  const document = yaml().parseDocument(readText(path), { lineCounter: lines });
  const place = (offset: number) => `${path}:${lines.linePos(offset).line}`;
  const mistake = document.errors[0];
  if (mistake) throw new UserError(`${place(mistake.pos[0])}: ${textOf(mistake)}`);
  const values = new Map<Key, RawValue>();
  collect(document, document.contents, '', place, values);
  return values;
}

function textOf(mistake: YAMLError): string {
  if (mistake.code === 'MULTIPLE_DOCS') return 'the file must end where a second document begins';
  return mistake.message.split(/ at line |\n/, 1)[0]!;
}

type Place = (offset: number) => string;

function collect(document: Document, node: unknown, prefix: string, place: Place, values: Map<Key, RawValue>): void {
  if (node === null || (yaml().isScalar(node) && node.value === null)) return;
  if (!yaml().isMap(node))
    throw new UserError(`${place(startOf(node))}: ${prefix || 'the file'} must be a section of settings`);
  for (const { key, value } of node.items) {
    const name = prefix ? `${prefix}.${String(key)}` : String(key);
    const content = yaml().isAlias(value) ? value.resolve(document) : value;
    const line = place(startOf(key));
    if (content === undefined) throw new UserError(`${line}: there is nothing that ${String(value)} stands for`);
    if (isKey(name)) {
      const plain = (content as Node | null)?.toJS(document);
      if (plain != null) values.set(name, { value: plain, origin: { source: 'file', name: line } });
    } else if (keys.some((known) => known.startsWith(`${name}.`))) {
      collect(document, content, name, place, values);
    } else {
      throw new UserError(`${line}: there is no setting ${name}${hintFor(name)}`);
    }
  }
}

function hintFor(name: string): string {
  const meant = nearest(name, keys);
  return meant ? `; did you mean ${meant}?` : '; nk config lists them all';
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? 0;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const reason = isMissing ? 'there is no such file' : (error as Error).message;
    throw new UserError(`cannot read the configuration ${path}: ${reason}; correct --config`);
  }
}
