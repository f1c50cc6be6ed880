import assert from 'node:assert/strict';
import { it } from 'node:test';
import { addField, DocumentIndex, type FieldValues, parseQuery } from '../../src/query/index.ts';

function documentOf(value: object): Map<string, FieldValues> {
  const document = new Map<string, FieldValues>();
  addField(document, 'a', value);
  return document;
}

it('a query looks at the documents with the rarest value that it requires, and at all where it requires none', () => {
  const index = new DocumentIndex<Map<string, FieldValues>>();
  const all = Array.from({ length: 10 }, (_, i) => documentOf({ half: i % 2, id: `id-${i}` }));
  for (const document of all) index.add(document);
  const looked = (query: string) => [...index.candidates(parseQuery(query))];
  assert.deepEqual(looked('+a.half:1 +a.id:id-3'), [all[3]]);
  assert.equal(looked('+a.half:1').length, 5);
  assert.equal(looked('a.half:1').length, 10);
  index.delete(all[3]!);
  index.delete(all[3]!);
  index.add(documentOf({ half: 1, id: 'id-10' }));
  assert.deepEqual(looked('+a.id:id-3'), []);
  assert.equal(looked('+a.id:id-10').length, 1);
  assert.equal(index.size, 10);
});
