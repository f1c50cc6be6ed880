import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parsePartyId, partyIdOf, partyStream } from '../../../src/features/parties/party-id.ts';

const subject = 'aaaaaaaa-2222-4333-8444-555555555555';

describe('a party id', () => {
  it('is a UUID and the name of a node, which may have dots itself', () => {
    const stream = partyStream(subject, 'node.eu-1');
    assert.equal(partyIdOf(stream), `${subject}.node.eu-1`);
    assert.deepEqual(parsePartyId(partyIdOf(stream)), stream);
  });

  it('is read in any spelling of the UUID', () => {
    const stream = partyStream(subject, 'n');
    assert.deepEqual(parsePartyId(`${subject.toUpperCase()}.n`), stream);
    assert.deepEqual(parsePartyId(`${subject.replaceAll('-', '')}.n`), stream);
  });

  it('is nothing else', () => {
    for (const text of ['', '.', subject, 'nonsense.n', `${subject.slice(1)}.n`]) {
      assert.equal(parsePartyId(text), undefined, text);
    }
  });
});
