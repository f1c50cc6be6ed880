import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import type { SessionsService } from './service.ts';

export function sessionOperations(service: SessionsService): OperationBinding[] {
  return [
    operation(Nakama.method.sessionRefresh, async ({ token, vars }, call) => {
      const pair = await service.refresh(token, vars);
      call.identity = pair.identity;
      return { token: pair.token, refreshToken: pair.refreshToken };
    }),

    operation(Nakama.method.sessionLogout, async ({ token, refreshToken }, call) => {
      await service.logout(callerOf(call).userId, token, refreshToken);
      return {};
    }),
  ];
}
