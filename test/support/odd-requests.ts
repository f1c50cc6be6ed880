import { randomUUID } from 'node:crypto';
import { type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import { oddTexts } from './odd-texts.ts';

const oddValues = new Map<ScalarType, readonly unknown[]>([
  [ScalarType.STRING, oddTexts],
  [ScalarType.BYTES, ['', 'AA==', '%']],
  [ScalarType.BOOL, [true, false]],
  [ScalarType.INT32, [-1, 0, 2_147_483_647, -2_147_483_648, 2_147_483_648]],
  [ScalarType.UINT32, [0, 4_294_967_295, -1]],
  [ScalarType.INT64, ['-1', '0', '9223372036854775807', '-9223372036854775808', '9223372036854775808']],
]);
const oddTimes = ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999999999Z', '2026-02-30T00:00:00Z'];

/** A request as JSON, by the names of the wire. */
export type Body = Readonly<Record<string, unknown>>;

/** A request that may well succeed. */
export function usualRequest(desc: DescMessage, known: Readonly<Record<string, string>>): Body {
  return Object.fromEntries(desc.fields.map((field) => [field.name, usualValue(field, known)]));
}

function usualValue(field: DescField, known: Readonly<Record<string, string>>): unknown {
  if (field.fieldKind === 'map') return { k: 'v' };
  const one = usualSingle(field, known);
  return field.fieldKind === 'list' ? [one] : one;
}

function usualSingle(field: DescField, known: Readonly<Record<string, string>>): unknown {
  const message = 'message' in field ? field.message : undefined;
  if (message) return valueOfWrapper(message) ? usualText(field.name, known) : usualOfMessage(message, known);
  if (field.fieldKind === 'enum' || field.scalar !== ScalarType.STRING)
    return field.scalar === ScalarType.BOOL ? true : 1;
  return usualText(field.name, known);
}

function usualOfMessage(message: DescMessage, known: Readonly<Record<string, string>>): unknown {
  return message.typeName === 'google.protobuf.Timestamp' ? '2026-01-01T00:00:00Z' : usualRequest(message, known);
}

function usualText(name: string, known: Readonly<Record<string, string>>): unknown {
  if (known[name] !== undefined) return known[name];
  if (/limit|direction|state|members|rank/.test(name)) return 1;
  if (/open|create|import|forward|persistent|sync/.test(name)) return true;
  if (/group_id/.test(name)) return known.group_id;
  if (/user_id|owner_id|^ids$/.test(name)) return known.user;
  if (/value|metadata/.test(name)) return '{}';
  if (/leaderboard/.test(name)) return 'board';
  if (/cursor|version/.test(name)) return '';
  if (/email/.test(name)) return `${randomUUID()}@example.com`;
  return /^(id|name|username|password)$/.test(name) ? randomUUID() : 'x';
}

/** The type within `google.protobuf.Int32Value` and its like. */
function valueOfWrapper(message: DescMessage): DescField | undefined {
  return /^google\.protobuf\.\w+Value$/.test(message.typeName) ? message.fields[0] : undefined;
}

/** The usual request, and each that differs from it by one odd value. */
export function* oddRequests(
  desc: DescMessage,
  usual: Body,
  cursors: readonly string[],
): Generator<{ what: string; request: Body }> {
  yield { what: 'the usual', request: usual };
  for (const field of desc.fields) {
    for (const odd of oddValuesOf(field, usual[field.name], cursors)) {
      const what = `${field.name} = ${(JSON.stringify(odd) ?? 'left out').slice(0, 60)}`;
      yield { what, request: { ...usual, ...freshNames(usual), [field.name]: odd } };
    }
  }
}

/** What may be used only once. */
function freshNames(usual: Body): Body {
  return 'name' in usual ? { name: randomUUID() } : {};
}

function* oddValuesOf(field: DescField, usual: unknown, cursors: readonly string[]): Generator<unknown> {
  yield undefined;
  if (field.fieldKind === 'map') {
    for (const text of oddTexts) yield* [{ [text]: 'v' }, { k: text }];
  } else if (field.fieldKind === 'list') {
    const [one] = usual as unknown[];
    yield Array.from({ length: 2000 }, () => one);
    yield [one, one];
    for (const odd of oddSingles(field, one, cursors)) if (odd !== undefined) yield [odd];
  } else {
    yield* oddSingles(field, usual, cursors);
    if (/cursor/.test(field.name)) yield* cursors;
  }
}

function* oddSingles(field: DescField, usual: unknown, cursors: readonly string[]): Generator<unknown> {
  const message = 'message' in field ? field.message : undefined;
  const wrapped = message && valueOfWrapper(message);
  if (wrapped) yield* oddValues.get(wrapped.scalar!) ?? [];
  else if (message?.typeName === 'google.protobuf.Timestamp') yield* oddTimes;
  else if (message) for (const { request } of oddRequests(message, usual as Body, cursors)) yield request;
  else if (field.fieldKind === 'enum') yield* [-1, 99, 'NONSENSE'];
  else yield* oddValues.get(field.scalar!) ?? [];
}
