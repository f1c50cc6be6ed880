import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  channelFieldsOf,
  channelIdOf,
  directStream,
  groupStream,
  parseChannelId,
  roomNameFault,
  roomStream,
} from '../../../src/features/chat/channel.ts';

const low = '11111111-2222-4333-8444-555555555555';
const high = 'aaaaaaaa-2222-4333-8444-555555555555';

describe('channel ids', () => {
  it('name rooms, direct channels and groups', () => {
    assert.equal(channelIdOf(roomStream('lobby')), '2...lobby');
    assert.equal(channelIdOf(groupStream(low)), `3.${low}..`);
    assert.equal(channelIdOf(directStream(high, low)), `4.${low}.${high}.`);
  });

  it('are the same for a direct channel from both sides, in whatever case', () => {
    assert.deepEqual(directStream(low, high.toUpperCase()), directStream(high, low));
  });

  it('come back as the stream they were made of', () => {
    for (const stream of [
      roomStream('eu.west...1'),
      roomStream('two\u2028lines'),
      groupStream(low),
      directStream(low, high),
    ]) {
      assert.deepEqual(parseChannelId(channelIdOf(stream)), stream);
    }
  });

  it('are refused when a part is missing, too much or no id', () => {
    const bad = [
      '',
      'lobby',
      '2..lobby',
      '2...',
      '2.a..lobby',
      '2..a.lobby',
      `2...${'x'.repeat(65)}`,
      `2...${'ü'.repeat(33)}`,
    ];
    bad.push('3...', '3.guild..', `3.${low}.${high}.`, `3.${low}..label`, '9...lobby', '1...lobby', ' 2...lobby');
    bad.push('4...', `4.${low}..`, `4.${low}.${high}.x`, `4.${low}.bob.`, '02...lobby');
    for (const id of bad) assert.equal(parseChannelId(id), null, id);
  });

  it('give every object of the channel the fields of its kind', () => {
    assert.deepEqual(channelFieldsOf(roomStream('lobby')), { roomName: 'lobby' });
    assert.deepEqual(channelFieldsOf(groupStream(low)), { groupId: low });
    assert.deepEqual(channelFieldsOf(directStream(high, low)), { userIdOne: low, userIdTwo: high });
  });
});

describe('a room name', () => {
  it('has 1 to 64 bytes of any text but control characters', () => {
    for (const name of ['a', 'x'.repeat(64), 'ü'.repeat(32), ' spaced ', 'eu.west', 'Zimmer/7', '\u0085', '🎲']) {
      assert.equal(roomNameFault(name), null, JSON.stringify(name));
    }
    for (const name of [
      '',
      'x'.repeat(65),
      'ü'.repeat(33),
      'two\nlines',
      'tab\t',
      'nul\0',
      'del\u007f',
      'half \ud800',
    ]) {
      assert.notEqual(roomNameFault(name), null, JSON.stringify(name));
    }
  });
});
