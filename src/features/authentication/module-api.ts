import { Status, StatusError } from '../../protocol/status.ts';
import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { ArgumentError, boolean, optional, text } from '../../runtime/parameters.ts';
import type { AuthenticationService, SignInOptions } from './service.ts';

const username = ['username', optional(text())] as const;
const create = ['create', optional(boolean())] as const;

export function authenticationFunctions(service: AuthenticationService): ModuleFunction[] {
  return [
    moduleFunction('authenticateDevice', [['id', text()], username, create], (_call, id, name, make) =>
      checked(service.byDevice(id, optionsOf(name, make))),
    ),

    moduleFunction('authenticateCustom', [['id', text()], username, create], (_call, id, name, make) =>
      checked(service.byCustomId(id, optionsOf(name, make))),
    ),

    moduleFunction(
      'authenticateEmail',
      [['email', text()], ['password', text()], username, create],
      (_call, email, password, name, make) =>
        checked(
          email === ''
            ? service.byUsername(name ?? '', password)
            : service.byEmail(email, password, optionsOf(name, make)),
        ),
    ),
  ];
}

/** Formats that a client would be told of are the module's own arguments here. */
async function checked<T>(signIn: Promise<T>): Promise<T> {
  try {
    return await signIn;
  } catch (error) {
    if (error instanceof StatusError && error.code === Status.INVALID_ARGUMENT) throw new ArgumentError(error.message);
    throw error;
  }
}

function optionsOf(name: string | undefined, create: boolean | undefined): SignInOptions {
  return { username: name ?? '', create: create ?? true };
}
