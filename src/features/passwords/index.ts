import type { Feature } from '../feature.ts';
import { passwordFunctions } from './module-api.ts';

/** `nk.bcryptHash` and `nk.bcryptCompare`. */
export function createPasswordsFeature(): Feature {
  return { name: 'passwords', functions: passwordFunctions };
}
