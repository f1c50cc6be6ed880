import type { OnlineCheck } from '../accounts/index.ts';
import type { Feature } from '../feature.ts';
import { Memberships, type MembershipsDependencies } from './memberships.ts';
import { groupFunctions } from './module-api.ts';
import { groupOperations } from './operations.ts';
import { Groups } from './service.ts';
import { groupUserData } from './user-data.ts';

export { Memberships } from './memberships.ts';
export { Groups } from './service.ts';

/** Groups of users, with ranks in them. */
export function createGroupsFeature(dependencies: MembershipsDependencies & { readonly isOnline: OnlineCheck }): {
  readonly feature: Feature;
  readonly groups: Groups;
  readonly memberships: Memberships;
} {
  const groups = new Groups(dependencies);
  const memberships = new Memberships(dependencies);
  return {
    groups,
    memberships,
    feature: {
      name: 'groups',
      operations: groupOperations(groups, memberships, dependencies.isOnline),
      functions: groupFunctions(groups, memberships, dependencies.isOnline),
      userData: groupUserData(dependencies.events),
    },
  };
}
