import { type CustomTypesConfig, types } from 'pg';
import { parseTimestamp } from './timestamp-parser.ts';

type Parser = (text: string) => unknown;

const Oid = {
  INT8: 20,
  JSON: 114,
  DATE: 1082,
  TIMESTAMP: 1114,
  TIMESTAMPTZ: 1184,
  JSONB: 3802,
  INT8_ARRAY: 1016,
} as const;
const textOnly: Parser = (text) => text;
const parseInt8Array = types.getTypeParser(Oid.INT8_ARRAY as number) as (text: string) => (string | null)[];

/** What a type without a parser of its own comes back as: the text that PostgreSQL writes for it. */
const schemaParsers = new Map<number, Parser>([
  [Oid.INT8, BigInt],
  [Oid.INT8_ARRAY, (text) => parseInt8Array(text).map((item) => (item === null ? null : BigInt(item)))],
  [Oid.JSON, textOnly],
  [Oid.JSONB, textOnly],
  [Oid.TIMESTAMPTZ, parseTimestamp],
]);

const safeInteger: Parser = (text) => {
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text);
};
const utcDate: Parser = (text) => new Date(`${text.replace(' ', 'T')}Z`);
const jsonBytes: Parser = (text) => Buffer.from(text);

/** Types that modules' own SQL gets as values; every other one comes as text. Source: spec of `sqlQuery`. */
const rawParsers = new Map<number, Parser>([
  [16, (text) => text === 't'],
  [17, types.getTypeParser(17)],
  [Oid.INT8, safeInteger],
  [21, Number],
  [23, Number],
  [26, Number],
  [700, Number],
  [701, Number],
  [Oid.JSON, jsonBytes],
  [Oid.JSONB, jsonBytes],
  [Oid.DATE, utcDate],
  [Oid.TIMESTAMP, utcDate],
  [Oid.TIMESTAMPTZ, parseTimestamp],
]);

/** How columns come back in our own queries: the conventions of {@link Schema}. */
export const schemaTypes: CustomTypesConfig = typesOf((oid) => schemaParsers.get(oid) ?? types.getTypeParser(oid));

/** How columns come back to `rawQuery`. */
export const rawTypes: CustomTypesConfig = typesOf((oid) => rawParsers.get(oid) ?? textOnly);

function typesOf(parserOf: (oid: number) => Parser): CustomTypesConfig {
  return { getTypeParser: ((oid: number) => parserOf(oid)) as CustomTypesConfig['getTypeParser'] };
}
