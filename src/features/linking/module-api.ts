import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { optional, text, uuid } from '../../runtime/parameters.ts';
import type { LinkingService } from './service.ts';

const user = ['userId', uuid()] as const;

export function linkingFunctions(linking: LinkingService): ModuleFunction[] {
  return [
    moduleFunction('linkDevice', [user, ['deviceId', text({ minLength: 1 })]], (_call, userId, id) =>
      linking.linkDevice(userId, id),
    ),
    moduleFunction('linkCustom', [user, ['customId', text({ minLength: 1 })]], (_call, userId, id) =>
      linking.linkCustom(userId, id),
    ),
    moduleFunction(
      'linkEmail',
      [user, ['email', text({ minLength: 1 })], ['password', text({ minLength: 1 })]],
      (_call, userId, email, password) => linking.linkEmail(userId, email, password),
    ),
    moduleFunction('unlinkDevice', [user, ['deviceId', text({ minLength: 1 })]], (_call, userId, id) =>
      linking.unlinkDevice(userId, id),
    ),
    moduleFunction('unlinkCustom', [user, ['customId', optional(text())]], (_call, userId, id) =>
      linking.unlink(userId, 'custom_id', id || undefined),
    ),
    moduleFunction('unlinkEmail', [user, ['email', optional(text())]], (_call, userId, email) =>
      linking.unlinkEmail(userId, email ?? ''),
    ),
  ];
}
