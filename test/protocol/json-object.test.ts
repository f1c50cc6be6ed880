import assert from 'node:assert/strict';
import { it } from 'node:test';
import { isJsonObject } from '../../src/protocol/json-object.ts';

it('a JSON object is told from other texts', () => {
  for (const text of ['{}', ' {"a":1}\n', '{"a":[null]}']) assert.equal(isJsonObject(text), true, text);
  for (const text of ['', 'hello', '"hello"', '[]', '42', 'null', 'true', '{"a":', '{} {}', '{a:1}']) {
    assert.equal(isJsonObject(text), false, text);
  }
});
