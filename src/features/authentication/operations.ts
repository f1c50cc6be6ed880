import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { invalidArgument } from '../../protocol/status.ts';
import { type OperationBinding, operation } from '../feature.ts';
import type { SessionsService } from '../sessions/index.ts';
import { checkPassword } from './rules.ts';
import type { AuthenticationService } from './service.ts';
import { beginSession, requestedOptions } from './sign-in-calls.ts';

export function authenticationOperations(
  service: AuthenticationService,
  sessions: SessionsService,
): OperationBinding[] {
  return [
    operation(Nakama.method.authenticateDevice, async (request, call) => {
      if (!request.account) throw invalidArgument('a device id is required');
      return beginSession(
        sessions,
        call,
        await service.byDevice(request.account.id, requestedOptions(request)),
        request.account.vars,
      );
    }),

    operation(Nakama.method.authenticateCustom, async (request, call) => {
      if (!request.account) throw invalidArgument('a custom id is required');
      return beginSession(
        sessions,
        call,
        await service.byCustomId(request.account.id, requestedOptions(request)),
        request.account.vars,
      );
    }),

    operation(Nakama.method.authenticateEmail, async (request, call) => {
      if (!request.account) throw invalidArgument('an e-mail address and a password are required');
      const { email, password, vars } = request.account;
      if (email !== '')
        return beginSession(sessions, call, await service.byEmail(email, password, requestedOptions(request)), vars);
      checkPassword(password);
      if (request.username === '') throw invalidArgument('an e-mail address or a username is required');
      return beginSession(sessions, call, await service.byUsername(request.username, password), vars);
    }),
  ];
}
