import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, optional, text } from '../../runtime/parameters.ts';
import type { AuthenticationService } from './service.ts';
import { moduleOptions, withArgumentErrors } from './sign-in-calls.ts';

const username = ['username', optional(text())] as const;
const create = ['create', optional(boolean())] as const;

export function authenticationFunctions(service: AuthenticationService): ModuleFunction[] {
  return [
    moduleFunction('authenticateDevice', [['id', text()], username, create], (_call, id, name, make) =>
      withArgumentErrors(service.byDevice(id, moduleOptions(name, make))),
    ),

    moduleFunction('authenticateCustom', [['id', text()], username, create], (_call, id, name, make) =>
      withArgumentErrors(service.byCustomId(id, moduleOptions(name, make))),
    ),

    moduleFunction(
      'authenticateEmail',
      [['email', text()], ['password', text()], username, create],
      (_call, email, password, name, make) =>
        withArgumentErrors(
          email === ''
            ? service.byUsername(name ?? '', password)
            : service.byEmail(email, password, moduleOptions(name, make)),
        ),
    ),
  ];
}
