import { hash } from 'node:crypto';
import { jsonExtremes, jsonObjectProblem } from '../../protocol/json-object.ts';
import { invalidArgument } from '../../protocol/status.ts';

/** Who may read an object: 0 nobody but modules, 1 its owner, 2 everybody. */
export const ReadPermission = { NOBODY: 0, OWNER: 1, EVERYBODY: 2 } as const;
/** Who may write an object: 0 nobody but modules, 1 its owner. */
export const WritePermission = { NOBODY: 0, OWNER: 1 } as const;

/** What names an object. */
export interface ObjectId {
  readonly collection: string;
  readonly key: string;
  readonly userId: string;
}

/** An object to write. */
export interface ObjectWrite extends ObjectId {
  /** Text of a JSON object. */
  readonly value: string;
  /** '' writes always; `*` only when there is no such object; else only over exactly this version. */
  readonly version: string;
  readonly permissionRead: number;
  readonly permissionWrite: number;
}

/** An object to delete; with a version only that one. */
export interface ObjectDelete extends ObjectId {
  readonly version: string;
}

/** What a write answers. */
export interface ObjectAck extends ObjectId {
  readonly version: string;
  readonly createTimeMicros: bigint;
  readonly updateTimeMicros: bigint;
}

const NAME_MAX_CHARACTERS = 128;

/** The version of a value: a hash of its text, so that the same text has the same version. */
export function versionOf(value: string): string {
  return hash('md5', value);
}

/** @throws StatusError INVALID_ARGUMENT */
export function checkName(what: 'collection' | 'key', name: string): void {
  if (name === '') throw invalidArgument(`a ${what} is required`);
  if (name.length > NAME_MAX_CHARACTERS && [...name].length > NAME_MAX_CHARACTERS)
    throw invalidArgument(`a ${what} may have ${NAME_MAX_CHARACTERS} characters`);
}

/** @throws StatusError INVALID_ARGUMENT unless the text is one JSON object that can be stored */
export function checkValue(value: string): void {
  if (value === '') throw invalidArgument('a value is required');
  const problem = jsonObjectProblem(value);
  if (problem) throw invalidArgument(`the value ${problem}`);
}

/** As {@link checkValue}, of what was an object before it was text. */
export function checkOwnValue(value: string): void {
  const problem = jsonExtremes(value);
  if (problem) throw invalidArgument(`the value ${problem}`);
}

/** @throws StatusError INVALID_ARGUMENT */
export function checkPermissions(read: number, write: number): void {
  if (read < ReadPermission.NOBODY || read > ReadPermission.EVERYBODY) {
    throw invalidArgument('the read permission must be 0, 1 or 2');
  }
  if (write < WritePermission.NOBODY || write > WritePermission.OWNER) {
    throw invalidArgument('the write permission must be 0 or 1');
  }
}
