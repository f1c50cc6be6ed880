import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { isWrapperDesc } from '@bufbuild/protobuf/wkt';
import { MalformedError } from './malformed-error.ts';

type ParseValue = (text: string) => unknown;

interface QueryField {
  readonly localName: string;
  readonly isList: boolean;
  readonly isWrapper: boolean;
  readonly parse: ParseValue;
}

/**
 * A function that sets fields of a message from query parameters: names in snake_case or camelCase, lists by
 * repeating the name, unknown names ignored.
 * @param excluded fields that come from elsewhere; parameters of their names are ignored
 */
export function queryReader(
  message: DescMessage,
  excluded: readonly DescField[],
): (query: URLSearchParams, target: Record<string, unknown>) => void {
  const fields = new Map<string, QueryField | 'excluded'>();
  for (const field of message.fields) {
    const entry = excluded.includes(field) ? 'excluded' : queryField(field);
    if (entry === undefined) continue;
    fields.set(field.name, entry);
    fields.set(field.jsonName, entry);
  }

  return (query, target) => {
    for (const key of new Set(query.keys())) {
      const { name, path, values } = split(key, query.getAll(key));
      const field = fields.get(name);
      if (field === undefined || field === 'excluded') continue;
      if (path.length > 0) {
        if (!field.isWrapper) throw new MalformedError(`${name} has no fields of its own`);
        if (path.length > 1 || path[0] !== 'value') continue;
      }
      if (!field.isList && values.length > 1) throw new MalformedError(`${name} twice`);
      const parsed = values.map((text) => parseNamed(name, text, field.parse));
      target[field.localName] = field.isList ? [...(target[field.localName] as unknown[]), ...parsed] : parsed[0];
    }
  };
}

/**
 * The reference takes `name[x]=y` for two values of `name`, and `a.b` for a field within a field; so `ids[]=1` is an
 * empty id and then 1.
 */
function split(key: string, values: string[]): { name: string; path: string[]; values: string[] } {
  const bracket = /^(.*)\[(.*)\]$/s.exec(key);
  const [name = '', ...path] = (bracket?.[1] ?? key).split('.');
  return { name, path, values: bracket === null ? values : [bracket[2]!, ...values] };
}

/** How a field is read from the query; undefined for messages and maps, which are only read from bodies. */
function queryField(field: DescField): QueryField | undefined {
  const { localName } = field;
  if (field.fieldKind === 'scalar')
    return { localName, isList: false, isWrapper: false, parse: scalarParser(field.scalar) };
  if (field.fieldKind === 'message' && isWrapperDesc(field.message)) {
    return { localName, isList: false, isWrapper: true, parse: scalarParser(field.message.fields[0].scalar) };
  }
  if (field.fieldKind === 'list' && field.listKind === 'scalar') {
    return { localName, isList: true, isWrapper: false, parse: scalarParser(field.scalar) };
  }
  return undefined;
}

function scalarParser(type: ScalarType): ParseValue {
  switch (type) {
    case ScalarType.STRING:
      return (text) => text;
    case ScalarType.BOOL:
      return parseBoolean;
    case ScalarType.INT32:
      return (text) => Number(parseInteger(text, -(2n ** 31n), 2n ** 31n - 1n));
    case ScalarType.UINT32:
      return (text) => Number(parseInteger(text, 0n, 2n ** 32n - 1n));
    case ScalarType.INT64:
      return (text) => parseInteger(text, -(2n ** 63n), 2n ** 63n - 1n);
    default:
      return () => {
        throw new MalformedError('a field that cannot be given in the query');
      };
  }
}

const booleans = new Map<string, boolean>([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
]);

function parseBoolean(text: string): boolean {
  const value = booleans.get(text);
  if (value === undefined) throw new MalformedError('true or false was expected');
  return value;
}

function parseInteger(text: string, low: bigint, high: bigint): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw new MalformedError('a whole number was expected');
  const value = BigInt(text.replace(/^\+/, ''));
  if (value < low || value > high) throw new MalformedError('a number out of range');
  return value;
}

function parseNamed(name: string, text: string, parse: ParseValue): unknown {
  try {
    return parse(text);
  } catch (error) {
    if (error instanceof MalformedError) throw new MalformedError(`${name}: ${error.message}`);
    throw error;
  }
}
