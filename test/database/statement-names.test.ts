import assert from 'node:assert/strict';
import { it } from 'node:test';
import { StatementNames } from '../../src/database/statement-names.ts';

it('a text is prepared from its second use on, under one name', () => {
  const names = new StatementNames();
  assert.equal(names.nameOf('select 1'), undefined);
  const name = names.nameOf('select 1');
  assert.ok(name);
  assert.equal(names.nameOf('select 1'), name);
  names.nameOf('select 2');
  assert.notEqual(names.nameOf('select 2'), name);
});

it('texts that keep changing do not grow without end', () => {
  const names = new StatementNames();
  const use = (index: number) => [names.nameOf(`select ${index}`), names.nameOf(`select ${index}`)][1];
  const given = Array.from({ length: 2000 }, (_, index) => use(index)).filter((name) => name !== undefined);
  assert.equal(given.length, 512);
  assert.equal(use(0), given[0]);
  assert.equal(use(3000), undefined);
});

it('a text that must be prepared anew gets another name', () => {
  const names = new StatementNames();
  names.renew('select 1');
  assert.equal(names.nameOf('select 1'), undefined);
  const first = names.nameOf('select 1');
  names.renew('select 1');
  assert.ok(names.nameOf('select 1'));
  assert.notEqual(names.nameOf('select 1'), first);
});

it('when nobody knows what is prepared every text gets another name', () => {
  const names = new StatementNames();
  const given = ['select 1', 'select 2'].map((sql) => [names.nameOf(sql), names.nameOf(sql)][1]);
  names.renewAll();
  const renewed = ['select 1', 'select 2'].map((sql) => names.nameOf(sql));
  assert.equal(new Set([...given, ...renewed]).size, 4);
});
