import { randomUUID } from 'node:crypto';
import type { NamedParameter, Parameter } from '../../src/runtime/parameters.ts';
import { oddTexts } from './odd-texts.ts';

/** Stands for undefined where JSON is sent. */
export const UNDEFINED = '<undefined>';

/** What usual arguments are made of, by the parameter's name; a value may be used by many calls. */
export type UsualValues = (name: string, kind: Parameter['kind']) => unknown;

const NIL_ID = '00000000-0000-0000-0000-000000000000';
const MAX = Number.MAX_SAFE_INTEGER;
/** Also as times: before there were any, and after the last that a database or a Date knows. */
const oddNumbers = [0, -1, 1.5, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), -62_135_596_801, 253_402_300_800, MAX, -MAX];

/** The usual arguments, and each that differ from them by one odd value. */
export function* oddCalls(parameters: readonly NamedParameter[], usual: UsualValues): Generator<unknown[]> {
  const fresh = () => parameters.map(([name, parameter]) => usualValue(name, parameter, usual));
  yield fresh();
  for (const [at, [name, parameter]] of parameters.entries()) {
    for (const odd of oddValues(name, parameter, usual)) yield fresh().with(at, odd);
  }
}

function usualValue(name: string, parameter: Parameter, usual: UsualValues): unknown {
  const known = usual(name, parameter.kind);
  if (known !== undefined) return known;
  switch (parameter.kind) {
    case 'optional':
      return usualValue(name, parameter.of, usual);
    case 'list':
      return [usualValue(name, parameter.of, usual)];
    case 'record':
      return usualRecord(parameter.fields, usual);
    case 'integer':
      return Math.max(parameter.min ?? 1, 1);
    case 'number':
      return 1;
    case 'boolean':
      return true;
    case 'object':
      return { a: 1 };
    case 'texts':
      return { a: 'b' };
    case 'uuid':
    case 'text':
    case 'scalar':
      return randomUUID();
    default:
      return UNDEFINED;
  }
}

function usualRecord(fields: Readonly<Record<string, Parameter>>, usual: UsualValues): object {
  return Object.fromEntries(
    Object.entries(fields)
      .map(([field, of]) => [field, usualValue(field, of, usual)] as const)
      .filter(([, value]) => value !== UNDEFINED),
  );
}

function* oddValues(name: string, parameter: Parameter, usual: UsualValues): Generator<unknown> {
  switch (parameter.kind) {
    case 'optional':
      yield* [UNDEFINED, null];
      yield* oddValues(name, parameter.of, usual);
      return;
    case 'list': {
      const one = usualValue(name, parameter.of, usual);
      yield [];
      yield [one, one];
      yield Array.from({ length: 1000 }, () => one);
      for (const odd of oddValues(name, parameter.of, usual)) if (odd !== UNDEFINED) yield [odd];
      return;
    }
    case 'record':
      for (const [field, of] of Object.entries(parameter.fields)) {
        for (const odd of oddValues(field, of, usual)) {
          if (odd !== UNDEFINED) yield { ...usualRecord(parameter.fields, usual), [field]: odd };
        }
      }
      return;
    case 'integer':
    case 'number':
      yield* oddNumbers;
      return;
    case 'boolean':
      yield false;
      return;
    case 'uuid':
      yield* [NIL_ID, randomUUID(), 'no id'];
      return;
    case 'object':
    case 'json':
    case 'texts':
      for (const odd of oddTexts) yield* [{ [odd]: 'a' }, { a: odd }];
      for (const odd of [...oddNumbers, 1e300, null, [], nested(5000)]) yield { a: odd };
      return;
    case 'text':
    case 'scalar':
      yield* oddTexts;
  }
}

function nested(depth: number): unknown {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = { a: value };
  return value;
}
