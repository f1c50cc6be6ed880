import { makeRoom } from '../host-calls.ts';
import { captureStackTrace, isArray, NativeError, NativeRangeError, NativeTypeError } from '../primordials.ts';
import { emit, quoted, state } from '../state.ts';
import { encodeBase64 } from '../utilities/base64.ts';
import { utf8Length } from '../utilities/utf8.ts';
import type { Match } from './match.ts';

const NativeBuffer = ArrayBuffer;
const Bytes = Uint8Array;
const { isFinite: isFiniteNumber } = Number;
const { trunc } = Math;
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const MAX_LABEL_BYTES = 2048;
const NO_PRESENCES: readonly unknown[] = [];

type Below = (...args: never[]) => unknown;

/** What a match sends and changes itself with. Its members' methods throw what is wrong with their arguments. */
export class Dispatcher {
  readonly #match: Match;

  constructor(match: Match) {
    this.#match = match;
  }

  broadcastMessage(opCode: unknown, data?: unknown, presences?: unknown, sender?: unknown, reliable?: unknown): void {
    const record = this.#message(
      'broadcastMessage',
      [opCode, data, presences, sender, reliable],
      this.broadcastMessage,
    );
    if (record === '') return;
    makeRoom(record);
    state.outbox += record;
  }

  broadcastMessageDeferred(
    opCode: unknown,
    data?: unknown,
    presences?: unknown,
    sender?: unknown,
    reliable?: unknown,
  ): void {
    const below = this.broadcastMessageDeferred;
    const record = this.#message('broadcastMessageDeferred', [opCode, data, presences, sender, reliable], below);
    if (record === '') return;
    const match = this.#match;
    const { deferredQueue } = state.setup.matches;
    if (match.deferredCount >= deferredQueue) {
      const message = `more than ${deferredQueue} broadcasts were deferred (setting match.deferred_queue_size)`;
      throw thrown(new NativeError(`dispatcher.broadcastMessageDeferred: ${message}`), below);
    }
    match.deferred += record;
    match.deferredCount++;
  }

  matchKick(presences: unknown): void {
    const match = this.#open('matchKick', this.matchKick);
    const ids = sessionIdsText('matchKick', presences ?? NO_PRESENCES, this.matchKick);
    if (ids !== '[]') emit(`M ${match.number} k`, ids);
  }

  matchLabelUpdate(label: unknown): void {
    const match = this.#open('matchLabelUpdate', this.matchLabelUpdate);
    const problem = labelProblem(label);
    if (problem) throw thrown(new NativeTypeError(`dispatcher.matchLabelUpdate: ${problem}`), this.matchLabelUpdate);
    match.setLabel(label as string);
    emit(`M ${match.number} u`, quoted(label as string));
  }

  #open(name: string, below: Below): Match {
    if (this.#match.hasEnded) throw thrown(new NativeError(`dispatcher.${name}: the match has ended`), below);
    return this.#match;
  }

  /** The record of a broadcast; '' for one that reaches nobody. */
  #message(name: string, given: readonly unknown[], below: Below): string {
    const match = this.#open(name, below);
    const [opCode, data, presences, sender, reliable] = given;
    if (typeof opCode !== 'number' || !isFiniteNumber(opCode)) throw wrong(name, 'opcode must be a number', below);
    if (reliable !== undefined && typeof reliable !== 'boolean') {
      throw wrong(name, 'reliable must be true or false', below);
    }
    const isAll = presences === undefined || presences === null;
    const ids = isAll ? 'null' : sessionIdsText(name, presences, below);
    const from = sender === undefined || sender === null ? 'null' : senderText(name, sender, below);
    const body = dataText(name, data, below);
    if (ids === '[]') return '';
    return `M ${match.number} b ${trunc(opCode)} ${reliable === false ? 0 : 1}\t[${body},${ids},${from}]\n`;
  }
}

/** Why a label is none; '' for one that is good. */
export function labelProblem(label: unknown): string {
  if (typeof label !== 'string') return 'a label is text';
  return utf8Length(label) > MAX_LABEL_BYTES ? `a label has at most ${MAX_LABEL_BYTES} bytes` : '';
}

/** Text as JSON text, bytes as a list with their base64, none as null. */
function dataText(name: string, data: unknown, below: Below): string {
  if (data === undefined || data === null) return 'null';
  const isText = typeof data === 'string';
  if (!isText && !(data instanceof NativeBuffer)) throw wrong(name, 'data must be text, an ArrayBuffer or null', below);
  const { payloadBytes } = state.setup;
  if ((isText ? data.length : data.byteLength) > payloadBytes) {
    const message = `dispatcher.${name}: the data are larger than ${payloadBytes} characters (limit payloadBytes)`;
    throw thrown(new NativeRangeError(message), below);
  }
  return isText ? quoted(data) : `["${encodeBase64(new Bytes(data), 'standard', true)}"]`;
}

function sessionIdsText(name: string, presences: unknown, below: Below): string {
  if (!isArray(presences)) throw wrong(name, 'presences must be a list', below);
  let text = '[';
  for (let i = 0; i < presences.length; i++) {
    const presence = presences[i] as { sessionId?: unknown; node?: unknown } | null | undefined;
    const id = presence?.sessionId;
    if (typeof id !== 'string' || !uuidForm.test(id) || typeof presence?.node !== 'string') {
      throw wrong(name, `presences[${i}] must be a presence`, below);
    }
    text += `${i === 0 ? '' : ','}${quoted(id)}`;
  }
  return `${text}]`;
}

function senderText(name: string, sender: unknown, below: Below): string {
  const { userId, sessionId, username } = sender as Readonly<Record<string, unknown>>;
  if (typeof userId !== 'string' || typeof sessionId !== 'string')
    throw wrong(name, 'sender must be a presence', below);
  const shownName = typeof username === 'string' ? username : '';
  return `[${quoted(userId)},${quoted(sessionId)},${quoted(shownName)}]`;
}

function wrong(name: string, what: string, below: Below): Error {
  return thrown(new NativeTypeError(`dispatcher.${name}: ${what}`), below);
}

function thrown(error: Error, below: Below): Error {
  captureStackTrace(error, below);
  return error;
}
