import { compare, hash, parseOptions } from '@node-rs/bcrypt';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { text } from '../../runtime/parameters.ts';

/** Rounds of a hash, as a power of two. Source: the module API's observed behaviour. */
const COST = 13;
/** bcrypt looks at no more than these; a longer text is refused rather than cut unnoticed. */
const MAX_PASSWORD_BYTES = 72;
/** What is shorter is no hash, and so matches nothing. */
const MIN_HASH_BYTES = 59;
/**
 * A comparison at the highest cost there is (31) would keep a thread for days, and the server has few. This one takes
 * some eight seconds, longer than calls may take by default.
 */
const MAX_COMPARED_COST = 17;

/** bcrypt for modules, on threads of the pool: neither a worker nor the server waits. */
export const passwordFunctions: readonly ModuleFunction[] = [
  moduleFunction('bcryptHash', [['input', text()]], (_call, input) => {
    if (Buffer.byteLength(input) > MAX_PASSWORD_BYTES) {
      throw new Error(`bcrypt takes at most ${MAX_PASSWORD_BYTES} bytes`);
    }
    return hash(input, { cost: COST, version: '2a' });
  }),

  moduleFunction(
    'bcryptCompare',
    [
      ['hash', text({ minLength: 1 })],
      ['plaintext', text({ minLength: 1 })],
    ],
    (_call, stored, plaintext) => {
      if (Buffer.byteLength(stored) < MIN_HASH_BYTES) return false;
      if (costOf(stored) > MAX_COMPARED_COST) {
        throw new Error(`the hash has a cost above ${MAX_COMPARED_COST}, comparing it would take too long`);
      }
      return compare(plaintext, stored);
    },
  ),
];

function costOf(stored: string): number {
  try {
    return parseOptions(stored).cost;
  } catch {
    throw new Error('the text is not a bcrypt hash');
  }
}
