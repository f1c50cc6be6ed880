import { Nakama } from '../../protocol/gen/nakama/api/service_pb.js';
import { callerOf, type OperationBinding, operation } from '../feature.ts';
import type { LinkingService } from './service.ts';

export function linkingOperations(linking: LinkingService): OperationBinding[] {
  return [
    operation(Nakama.method.linkDevice, async ({ id }, call) => {
      await linking.linkDevice(callerOf(call).userId, id);
      return {};
    }),

    operation(Nakama.method.linkCustom, async ({ id }, call) => {
      await linking.linkCustom(callerOf(call).userId, id);
      return {};
    }),

    operation(Nakama.method.linkEmail, async ({ email, password }, call) => {
      await linking.linkEmail(callerOf(call).userId, email, password);
      return {};
    }),

    operation(Nakama.method.unlinkDevice, async ({ id }, call) => {
      await linking.unlinkDevice(callerOf(call).userId, id);
      return {};
    }),

    operation(Nakama.method.unlinkCustom, async ({ id }, call) => {
      await linking.unlink(callerOf(call).userId, 'custom_id', id || undefined);
      return {};
    }),

    operation(Nakama.method.unlinkEmail, async ({ email }, call) => {
      await linking.unlinkEmail(callerOf(call).userId, email);
      return {};
    }),
  ];
}
