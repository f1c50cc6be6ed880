import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPasswordsFeature } from '../../../src/features/passwords/index.ts';
import { moduleCalls } from '../../support/module-calls.ts';

const nk = moduleCalls(createPasswordsFeature());
const elsewhere = '$2a$06$0k2OxacGzg3a9fcxksUlAe3AlnEHGJ1/F68TxjUHLzCdC7mGlK5vW';

test('a hash is bcrypt 2a of cost 13, and its word matches it', async () => {
  const hash = (await nk('bcryptHash', 'mizzen')) as string;
  assert.match(hash, /^\$2a\$13\$[./A-Za-z0-9]{53}$/);
  assert.equal(await nk('bcryptCompare', hash, 'mizzen'), true);
  assert.equal(await nk('bcryptCompare', hash, 'Mizzen'), false);
});

test('a hash made elsewhere is compared by its own cost', async () => {
  assert.equal(typeof (await nk('bcryptCompare', elsewhere, 'mizzen')), 'boolean');
  assert.equal(await nk('bcryptCompare', elsewhere, 'no'), false);
});

test('what is too short to be a hash matches nothing; what is malformed fails', async () => {
  assert.equal(await nk('bcryptCompare', 'mizzen', 'mizzen'), false);
  for (const wrong of ['x'.repeat(60), elsewhere.replace('06', '99'), elsewhere.replace('06', '31')]) {
    await assert.rejects(nk('bcryptCompare', wrong, 'mizzen'), (error: Error) => !(error instanceof TypeError));
  }
});

test('72 bytes may be hashed, 73 may not', async () => {
  await assert.rejects(nk('bcryptHash', `${'ø'.repeat(36)}x`), /72 bytes/);
});

test('no hash, no word, no text: TypeError', async () => {
  await assert.rejects(nk('bcryptCompare', '', 'x'), TypeError);
  await assert.rejects(nk('bcryptCompare', elsewhere, ''), TypeError);
  await assert.rejects(nk('bcryptHash', 7), TypeError);
});
