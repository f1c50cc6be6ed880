import assert from 'node:assert/strict';
import test from 'node:test';
import type { EnvelopeDispatcher, ReadMessage } from '../../src/gateway/envelope-dispatcher.ts';
import { Inbox } from '../../src/gateway/inbox.ts';
import type { SocketSession } from '../../src/gateway/socket-session.ts';

const MAX_WAITING = 4;

/** An inbox whose messages are words; those with a `~` may follow others with a `~`. Each is done when it is told to be. */
function inboxOfWords() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const session = {
    isClosed: false,
    paused: false,
    pause() {
      this.paused = true;
    },
    resume() {
      this.paused = false;
    },
  };
  const wordOf = (message: ReadMessage) => message.refusal!;
  const dispatcher = {
    read: (data: string) => ({ refusal: data }),
    follows: (_session: unknown, message: ReadMessage, earlier: ReadMessage) =>
      wordOf(message).startsWith('~') && wordOf(earlier).startsWith('~'),
    handle(_session: unknown, message: ReadMessage) {
      begun.push(wordOf(message));
      if (wordOf(message) === 'quick') return;
      return new Promise<void>((resolve) => ends.set(wordOf(message), resolve));
    },
  } as unknown as EnvelopeDispatcher;
  const inbox = new Inbox(session as unknown as SocketSession, dispatcher, MAX_WAITING);
  const end = async (word: string) => {
    ends.get(word)!();
    await new Promise(setImmediate);
  };
  return { inbox, begun, session, end };
}

test('messages are handled one after another', async () => {
  const { inbox, begun, end } = inboxOfWords();
  for (const word of ['a', 'quick', 'b', 'c']) inbox.push(word);
  assert.deepEqual(begun, ['a']);
  await end('a');
  assert.deepEqual(begun, ['a', 'quick', 'b']);
  await end('b');
  assert.deepEqual(begun, ['a', 'quick', 'b', 'c']);
});

test('a message that may follow does not wait, unless others do', async () => {
  const { inbox, begun, end } = inboxOfWords();
  for (const word of ['~1', '~2', 'a', '~3', '~4']) inbox.push(word);
  assert.deepEqual(begun, ['~1', '~2']);
  await end('~1');
  assert.deepEqual(begun, ['~1', '~2']);
  await end('~2');
  assert.deepEqual(begun, ['~1', '~2', 'a']);
  await end('a');
  assert.deepEqual(begun, ['~1', '~2', 'a', '~3', '~4']);
});

test('the socket is not read from while too many wait', async () => {
  const { inbox, session, end } = inboxOfWords();
  const words = ['a', 'b', 'c', 'd', 'e'];
  for (const word of words) {
    assert.equal(session.paused, false);
    inbox.push(word);
  }
  assert.ok(session.paused);
  await end('a');
  assert.ok(session.paused);
  await end('b');
  assert.equal(session.paused, false);
});

test('nothing more is handled for a session that has ended', async () => {
  const { inbox, begun, session, end } = inboxOfWords();
  inbox.push('a');
  inbox.push('b');
  session.isClosed = true;
  await end('a');
  assert.deepEqual(begun, ['a']);
});
