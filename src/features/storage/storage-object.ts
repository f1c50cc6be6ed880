import { hash } from 'node:crypto';
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
/** Lists and objects within each other. The embedded database ends when it reads some ten thousands of them. */
const VALUE_MAX_DEPTH = 2_000;

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

/** @throws StatusError INVALID_ARGUMENT unless the text is one JSON object */
export function checkValue(value: string): void {
  if (value === '') throw invalidArgument('a value is required');
  let parsed: unknown;
  try {
    parsed = JSON.parse(value);
  } catch {
    throw invalidArgument('the value must be text of a JSON object');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalidArgument('the value must be text of a JSON object');
  }
  checkDepth(value);
}

/** @throws StatusError INVALID_ARGUMENT for JSON that is nested too deeply */
export function checkDepth(value: string): void {
  // Each level takes two characters at least.
  if (value.length > 2 * VALUE_MAX_DEPTH && depthOf(value) > VALUE_MAX_DEPTH) {
    throw invalidArgument(`the value may be nested ${VALUE_MAX_DEPTH} levels deep`);
  }
}

/** How deeply a text of JSON is nested, without recursion. */
function depthOf(json: string): number {
  let depth = 0;
  let deepest = 0;
  let isInText = false;
  for (let i = 0; i < json.length; i++) {
    const character = json[i];
    if (isInText) {
      if (character === '\\') i++;
      else if (character === '"') isInText = false;
    } else if (character === '"') isInText = true;
    else if (character === '{' || character === '[') deepest = Math.max(deepest, ++depth);
    else if (character === '}' || character === ']') depth--;
  }
  return deepest;
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
