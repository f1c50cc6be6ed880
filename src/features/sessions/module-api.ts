import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { integer, optional, text, texts, uuid } from '../../runtime/parameters.ts';
import type { SessionsService } from './service.ts';

/** A name for tokens that are made without one: the user's own where there is such a user. */
export type UsernameLookup = (userId: string) => Promise<string>;

export function sessionFunctions(service: SessionsService, usernameOf: UsernameLookup): ModuleFunction[] {
  return [
    moduleFunction(
      'authenticateTokenGenerate',
      [
        ['userId', uuid()],
        ['username', optional(text(), { orNull: true })],
        ['exp', optional(integer(), { orNull: true })],
        ['vars', optional(texts(), { orNull: true })],
      ],
      async (_call, userId, username, exp, vars) => {
        const name = username || (await usernameOf(userId));
        const { token, expiresAt } = await service.generate(userId, name, exp || undefined, vars);
        return { token, exp: expiresAt };
      },
    ),

    moduleFunction(
      'sessionDisconnect',
      [
        ['sessionId', uuid()],
        ['reason', optional(integer({ min: 0, max: 4 }), { orNull: true })],
      ],
      (_call, sessionId, reason) => service.disconnect(sessionId, reason),
    ),

    moduleFunction(
      'sessionLogout',
      [
        ['userId', uuid()],
        ['token', optional(text())],
        ['refreshToken', optional(text())],
      ],
      (_call, userId, token, refreshToken) => service.logout(userId, token ?? '', refreshToken ?? ''),
    ),
  ];
}
