import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lostOr } from '../../src/database/errors.ts';
import { databaseFailure } from '../../src/gateway/database-failure.ts';
import { Status } from '../../src/protocol/status.ts';

const failureOf = (code: string | undefined, message = 'select * from "users"') =>
  databaseFailure(lostOr(Object.assign(new Error(message), { code })));

test('a value that cannot be stored is the fault of who sent it', () => {
  assert.equal(failureOf('22P05')?.code, Status.INVALID_ARGUMENT);
});

test('a database that went away, that restarts, that has no connection left, or that cannot be reached is unavailable', () => {
  for (const code of ['57P01', '57P03', '08006', '53300', 'ECONNRESET', 'ECONNREFUSED']) {
    const failure = failureOf(code);
    assert.equal(failure?.code, Status.UNAVAILABLE, code);
    assert.doesNotMatch(failure?.message ?? '', /users/);
  }
  assert.equal(failureOf(undefined, 'Connection terminated unexpectedly')?.code, Status.UNAVAILABLE);
});

test('every other failure is our own', () => {
  assert.equal(failureOf('42601'), undefined);
  assert.equal(failureOf('23505'), undefined);
  assert.equal(failureOf(undefined, 'oops'), undefined);
});
