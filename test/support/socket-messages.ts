import type { Feature } from '../../src/features/feature.ts';
import { EnvelopeDispatcher } from '../../src/gateway/envelope-dispatcher.ts';
import { CallSeries, type CallTimes } from '../../src/observability/call-times.ts';
import type { HookKind, ModuleHost } from '../../src/runtime/module-host.ts';
import { fakeHost } from '../features/rpc/fake-host.ts';
import type { FakeSession } from './fake-session.ts';
import type { RealtimeScene } from './realtime-scene.ts';

/** A hook in this process: it is given envelopes as objects, and what it returns is the envelope to go on with. */
export type FakeHook = (...envelopes: unknown[]) => unknown;

/** Hooks by their kind and message: `{ 'rtAfter MatchDataSend': … }`. */
export type FakeHooks = Readonly<Record<`${HookKind} ${string}`, FakeHook>>;

/**
 * Sends socket messages to a feature as the JSON sockets of a server do; the answers are with the session. Resolves
 * when the message is answered and all are told of what it changed.
 */
export function messageSender(feature: Feature, scene: RealtimeScene, hooks: FakeHooks = {}) {
  const times = { of: () => new CallSeries() } as unknown as CallTimes;
  const dispatcher = new EnvelopeDispatcher(feature.envelopes ?? [], hostOf(hooks), times, scene.log);
  return async (session: FakeSession, message: object): Promise<void> => {
    await dispatcher.handle(session, dispatcher.read(JSON.stringify(message)));
    await scene.told();
  };
}

function hostOf(hooks: FakeHooks): ModuleHost {
  return {
    ...fakeHost({}),
    hook(kind, name) {
      const run = hooks[`${kind} ${name}`];
      if (!run) return undefined;
      return {
        async call(_origin, ...envelopes) {
          const result = await run(...envelopes.map((text) => (text === null ? null : JSON.parse(text))));
          return result === undefined || result === null ? null : JSON.stringify(result);
        },
      };
    },
  };
}
