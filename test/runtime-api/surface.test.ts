import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { describedNamespace, type Surface, surfaceAssertions } from './surface-assertions.ts';
import { repository, typeCheck } from './type-check.ts';

const description = join(repository, '..', 'shared', 'spec', 'nk-api.json');
const skip = existsSync(description) ? false : `the description of Nakama's module API is not at ${description}`;

/** The compiler's errors, each with the assertion that it is about. */
function check(surface: Surface): string[] {
  const assertions = surfaceAssertions(surface);
  const lines = assertions.split('\n');
  const errors = typeCheck({
    files: { 'described.d.ts': describedNamespace(surface), 'assertions.ts': assertions },
    compilerOptions: { strictFunctionTypes: true },
  });
  return errors.map((error) => {
    const line = /^assertions\.ts\((\d+),/.exec(error)?.[1];
    return line ? `${lines[Number(line) - 1]?.split('// ')[1]}: ${error}` : error;
  });
}

describe("runtime-api, beside the description of Nakama's module API", { skip }, () => {
  const surface = skip ? null : (JSON.parse(readFileSync(description, 'utf8')) as Surface);

  test('can stand in for every member of it', () => {
    assert.deepEqual(check(surface!), []);
  });

  test('a member that is missing or misspelt is found, as is one too many', () => {
    const [first, ...rest] = surface!.nakama;
    const misspelt = { ...surface!, nakama: [{ ...first!, name: `${first!.name}s` }, ...rest] };
    const errors = check(misspelt);
    assert.ok(errors.some((error) => error.startsWith(`Nakama.${first!.name}s:`)));
    assert.ok(errors.some((error) => error.startsWith('members of Nakama:')));
  });

  test('a parameter that is missing, a result of another type and a missing field are found', () => {
    const method = (name: string) => surface!.nakama.find((one) => one.name === name)!;
    const nakama = [
      { ...method('fileRead'), params: [...method('fileRead').params, { name: 'x', type: 'string', optional: true }] },
      { ...method('uuidv4'), returns: 'number' },
    ];
    const fields = [...surface!.interfaces.Stream!.fields!, { name: 'colour', type: 'string', optional: true }];
    const interfaces = { ...surface!.interfaces, Stream: { fields } };
    const errors = check({ ...surface!, nakama, interfaces });
    for (const start of ['parameters of Nakama.fileRead:', 'Nakama.uuidv4:', 'fields of Stream:']) {
      assert.ok(
        errors.some((error) => error.startsWith(start)),
        `nothing was said about ${start}`,
      );
    }
  });
});
