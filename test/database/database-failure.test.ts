import assert from 'node:assert/strict';
import { test } from 'node:test';
import { databaseFailure } from '../../src/database/database-failure.ts';
import { lostOr } from '../../src/database/errors.ts';
import { Status } from '../../src/protocol/status.ts';

const failureOf = (code: string | undefined, message = 'select * from "users"') =>
  databaseFailure(lostOr(Object.assign(new Error(message), { code })));

test('each violation has a status code of its own, and never the database’s words', () => {
  for (const [state, code] of [
    ['22P05', Status.INVALID_ARGUMENT],
    ['22021', Status.INVALID_ARGUMENT],
    ['54000', Status.INVALID_ARGUMENT],
    ['22003', Status.INVALID_ARGUMENT],
    ['22008', Status.INVALID_ARGUMENT],
    ['23505', Status.ALREADY_EXISTS],
    ['23503', Status.NOT_FOUND],
    ['23514', Status.FAILED_PRECONDITION],
    ['40001', Status.ABORTED],
    ['40P01', Status.ABORTED],
    ['42601', Status.INTERNAL],
    ['08P01', Status.INTERNAL],
    ['XX000', Status.INTERNAL],
  ] as const) {
    const failure = failureOf(state);
    assert.equal(failure?.code, code, state);
    assert.doesNotMatch(failure?.message ?? '', /select|users/);
  }
});

test('a database that went away, that restarts, that has no connection left, or that cannot be reached is unavailable', () => {
  for (const code of ['57P01', '57P03', '08006', '53300', 'ECONNRESET', 'ECONNREFUSED']) {
    const failure = failureOf(code);
    assert.equal(failure?.code, Status.UNAVAILABLE, code);
    assert.doesNotMatch(failure?.message ?? '', /users/);
  }
  assert.equal(failureOf(undefined, 'Connection terminated unexpectedly')?.code, Status.UNAVAILABLE);
});

test('what is not the database’s is not told as such', () => {
  assert.equal(failureOf(undefined, 'oops'), undefined);
  assert.equal(failureOf('EPERM'), undefined);
});
