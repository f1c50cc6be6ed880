import { boolean, optional, text } from '../../runtime/parameters.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import type { AuthenticationService, SignInOptions } from './service.ts';

const username = ['username', optional(text(), { orNull: true })] as const;
const create = ['create', optional(boolean(), { orNull: true })] as const;

export function authenticationFunctions(service: AuthenticationService): ModuleFunction[] {
  return [
    moduleFunction('authenticateDevice', [['id', text()], username, create], (_call, id, name, make) =>
      service.byDevice(id, optionsOf(name, make)),
    ),

    moduleFunction('authenticateCustom', [['id', text()], username, create], (_call, id, name, make) =>
      service.byCustomId(id, optionsOf(name, make)),
    ),

    moduleFunction(
      'authenticateEmail',
      [['email', optional(text(), { orNull: true })], ['password', text()], username, create],
      (_call, email, password, name, make) =>
        email ? service.byEmail(email, password, optionsOf(name, make)) : service.byUsername(name ?? '', password),
    ),
  ];
}

function optionsOf(name: string | undefined, create: boolean | undefined): SignInOptions {
  return { username: name ?? '', create: create ?? true };
}
