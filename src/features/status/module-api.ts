import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { list, uuid } from '../../runtime/parameters.ts';
import type { StatusService } from './service.ts';

const parameters = [
  ['sessionId', uuid()],
  ['userIds', list(uuid())],
] as const;

/** `nk.statusFollow` and `nk.statusUnfollow`. */
export function statusFunctions(statuses: StatusService): readonly ModuleFunction[] {
  return [
    moduleFunction('statusFollow', parameters, (_call, sessionId, userIds) => statuses.followFor(sessionId, userIds)),
    moduleFunction('statusUnfollow', parameters, (_call, sessionId, userIds) =>
      statuses.unfollowFor(sessionId, userIds),
    ),
  ];
}
