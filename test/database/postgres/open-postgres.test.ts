import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openDatabase } from '../../../src/database/database.ts';

describe('a database that cannot be opened is one line that says what to do', () => {
  it('when no server answers', async () => {
    await assert.rejects(openDatabase({ url: 'postgres://nk:secret@127.0.0.1:1/game' }), (error: Error) => {
      assert.equal(error.name, 'DatabaseError');
      assert.match(error.message, /^cannot connect to postgres:\/\/nk@127\.0\.0\.1:1\/game: .*Is the server running/);
      assert.doesNotMatch(error.message, /secret|\n/);
      return true;
    });
  });

  it('when the URL is none', async () => {
    await assert.rejects(openDatabase({ url: 'mysql://x' }), /"mysql:\/\/x" is none of: memory, pglite:FOLDER/);
    await assert.rejects(openDatabase({ url: 'pglite:' }), /is none of/);
    await assert.rejects(openDatabase({ url: 'postgres://[x' }), /cannot be read/);
  });

  it('when the database is not there', { skip: !process.env.NK_TEST_POSTGRES }, async () => {
    const url = new URL(process.env.NK_TEST_POSTGRES ?? '');
    url.pathname = '/nk_no_such_database';
    await assert.rejects(openDatabase({ url: url.toString() }), /Create that database, or name another\.$/);
  });
});
