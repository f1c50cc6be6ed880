import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { invalidArgument } from '../../protocol/status.ts';
import { type OperationBinding, type OperationCall, operation } from '../feature.ts';
import type { SessionsService } from '../sessions/index.ts';
import { checkPassword } from './rules.ts';
import type { AuthenticationService, SignedIn, SignInOptions } from './service.ts';

export function authenticationOperations(
  service: AuthenticationService,
  sessions: SessionsService,
): OperationBinding[] {
  const begin = async (call: OperationCall, signedIn: SignedIn, vars: Readonly<Record<string, string>>) => {
    const pair = await sessions.begin(signedIn.userId, signedIn.username, vars);
    call.identity = pair.identity;
    return { created: signedIn.created, token: pair.token, refreshToken: pair.refreshToken };
  };

  return [
    operation(Nakama.method.authenticateDevice, async (request, call) => {
      if (!request.account) throw invalidArgument('a device id is required');
      return begin(call, await service.byDevice(request.account.id, optionsOf(request)), request.account.vars);
    }),

    operation(Nakama.method.authenticateCustom, async (request, call) => {
      if (!request.account) throw invalidArgument('a custom id is required');
      return begin(call, await service.byCustomId(request.account.id, optionsOf(request)), request.account.vars);
    }),

    operation(Nakama.method.authenticateEmail, async (request, call) => {
      if (!request.account) throw invalidArgument('an e-mail address and a password are required');
      const { email, password, vars } = request.account;
      if (email !== '') return begin(call, await service.byEmail(email, password, optionsOf(request)), vars);
      checkPassword(password);
      if (request.username === '') throw invalidArgument('an e-mail address or a username is required');
      return begin(call, await service.byUsername(request.username, password), vars);
    }),
  ];
}

function optionsOf(request: { username: string; create?: boolean | undefined }): SignInOptions {
  return { username: request.username, create: request.create ?? true };
}
