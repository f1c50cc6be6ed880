import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { DescMessage } from '@bufbuild/protobuf';
import { EnvelopeSchema } from '../../src/protocol/gen/nakama/realtime/realtime_pb.js';
import { operations } from '../../src/protocol/operations.ts';
import { initializerFunctionNames } from '../../src/runtime/api-surface.ts';
import { typeCheck } from './type-check.ts';

/** Operations that modules cannot put hooks on: an RPC is itself the module's, a health check nobody's. */
const unhooked = ['RpcFunc', 'Healthcheck'];

const helpers = `
type Handler<F> = F extends (fn: infer H) => void ? H : never;
type Data<F> = Handler<F> extends (ctx: any, logger: any, nk: any, data: infer D, ...rest: any[]) => any ? D : never;
type Request<F> = Handler<F> extends (ctx: any, logger: any, nk: any, data: any, request: infer D) => any ? D : never;
type One<T> = NonNullable<T> extends readonly (infer E)[] ? E : NonNullable<T>;
type Field<T, K extends string> = T extends unknown ? (K extends keyof T ? One<T[K]> : never) : never;
type Lacks<T, K extends string> = [T] extends [never] ? never : Exclude<K, keyof T>;
`;

/** Lines that compile only when a type has the fields of a message, those of the messages in it too where asked. */
function assertions(label: string, message: DescMessage, type: string, nested: boolean): string[] {
  if (message.fields.length === 0) return [];
  const fields = message.fields.map((field) => `'${field.localName}'`).join(' | ');
  const own = `export const _: never = null! as Lacks<${type}, ${fields}>; // ${label}`;
  if (!nested) return [own];
  return message.fields.reduce(
    (lines, field) => {
      if (!field.message || field.message.typeName.startsWith('google.')) return lines;
      const inner = `Field<${type}, '${field.localName}'>`;
      return lines.concat(assertions(`${label}.${field.localName}`, field.message, inner, nested));
    },
    [own],
  );
}

/** The compiler's errors, each with the message and the fields that it is about. */
function check(lines: readonly string[]): string[] {
  const numbered = [...helpers.split('\n'), ...lines.map((line, at) => line.replace(' _:', ` _${at}:`))];
  return typeCheck({ files: { 'fields.ts': numbered.join('\n') } }).map((error) => {
    const line = /^fields\.ts\((\d+),/.exec(error)?.[1];
    return `${numbered[Number(line) - 1]?.split('// ')[1]}: ${error}`;
  });
}

const hooked = operations.filter(({ name }) => !unhooked.includes(name));

describe('hooks', () => {
  test('can be registered before and after every operation', () => {
    const names = hooked.flatMap(({ name }) => [`registerBefore${name}`, `registerAfter${name}`]);
    const listed = initializerFunctionNames.filter((name) => /^register(Before|After)/.test(name));
    assert.deepEqual([...listed].sort(), names.sort());
  });

  test('are typed with every field of the request', () => {
    const lines = hooked.flatMap(({ name, method }) => [
      ...assertions(name, method.input, `Data<nkruntime.Initializer['registerBefore${name}']>`, true),
      ...assertions(name, method.input, `Request<nkruntime.Initializer['registerAfter${name}']>`, true),
    ]);
    assert.deepEqual(check(lines), []);
  });

  test('are typed with every field of the answer', () => {
    const lines = hooked.flatMap(({ name, method }) =>
      assertions(name, method.output, `Data<nkruntime.Initializer['registerAfter${name}']>`, false),
    );
    assert.deepEqual(check(lines), []);
  });

  test('on sockets are typed with every field of the message', () => {
    const lines = EnvelopeSchema.fields.flatMap(({ localName, message }) => {
      const name = localName.charAt(0).toUpperCase() + localName.slice(1);
      const type = `nkruntime.RtMessages[Extract<keyof nkruntime.RtMessages, '${name}'>]`;
      return message ? assertions(name, message, `Field<${type}, '${localName}'>`, true) : [];
    });
    assert.deepEqual(check(lines), []);
  });

  test('that lack a field are found', () => {
    const { method } = hooked.find(({ name }) => name === 'AuthenticateDevice')!;
    const errors = check(
      assertions('AuthenticateDevice', method.input, '{ account?: { id: string }; create?: boolean }', true),
    );
    assert.equal(errors.length, 2);
    assert.match(errors[0]!, /^AuthenticateDevice: .*"username"/);
    assert.match(errors[1]!, /^AuthenticateDevice\.account: .*"vars"/);
  });
});
