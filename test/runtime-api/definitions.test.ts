import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { nakamaFunctionNames } from '../../src/runtime/api-surface.ts';
import { boolean, integer, list, object, optional, record, text, texts } from '../../src/runtime/parameters.ts';
import { definedFunctions } from './defined-functions.ts';
import { type Definition, definitionAssertions } from './definition-assertions.ts';
import { implementedFunctions } from './implemented-functions.ts';
import { typeCheck } from './type-check.ts';

/** What isolates ask the server for on their own, out of reach for modules. */
const internal = ['connectionsList'];

/** The compiler's errors, each with what it is about. */
function check(definitions: readonly Definition[]): string[] {
  const assertions = definitionAssertions(definitions);
  const lines = assertions.split('\n');
  return typeCheck({ files: { 'definitions.ts': assertions } }).map((error) => {
    const line = /^definitions\.ts\((\d+),/.exec(error)?.[1];
    return `${lines[Number(line) - 1]?.split('// ')[1]}: ${error}`;
  });
}

describe('the definitions of nk functions', () => {
  test('take whatever the types let a module pass', async () => {
    const definitions = await definedFunctions();
    // Steam's also takes the longer form that the reference's runtime has and its types do not.
    const named = definitions.filter(({ name }) => !internal.includes(name) && name !== 'authenticateSteam');
    assert.ok(named.length > 0);
    assert.deepEqual(check(named), []);
  });

  test('have names of the module API', () => {
    const names = new Set<string>([...nakamaFunctionNames, ...internal]);
    assert.deepEqual(
      implementedFunctions().filter((name) => !names.has(name)),
      [],
    );
  });
});

describe('a definition that its types do not fit is found', () => {
  const cases: Record<string, { definition: Definition; about: string }> = {
    'another type': {
      definition: { name: 'accountGetId', parameters: [['userId', integer()]] },
      about: 'arguments of accountGetId',
    },
    'a parameter that modules may leave out': {
      definition: {
        name: 'authenticateDevice',
        parameters: [
          ['id', text()],
          ['username', text()],
          ['create', optional(boolean())],
        ],
      },
      about: 'arguments of authenticateDevice',
    },
    'null where modules may pass it': {
      definition: {
        name: 'notificationSend',
        parameters: [
          ['userId', text()],
          ['subject', text()],
          ['content', object()],
          ['code', integer()],
          ['senderId', optional(text())],
        ],
      },
      about: 'arguments of notificationSend',
    },
    'a field that modules may leave out': {
      definition: {
        name: 'storageRead',
        parameters: [['keys', list(record({ collection: text(), key: text(), userId: text() }))]],
      },
      about: 'arguments of storageRead',
    },
    'a parameter that the types do not have': {
      definition: {
        name: 'accountGetId',
        parameters: [
          ['userId', text()],
          ['vars', optional(texts())],
        ],
      },
      about: 'parameters of accountGetId',
    },
    'a name that the types do not have': {
      definition: { name: 'acountGetId', parameters: [['userId', text()]] },
      about: 'arguments of acountGetId',
    },
  };

  for (const [what, { definition, about }] of Object.entries(cases)) {
    test(what, () => {
      const errors = check([definition]);
      assert.ok(
        errors.some((error) => error.startsWith(`${about}:`)),
        errors.join('\n'),
      );
    });
  }
});
