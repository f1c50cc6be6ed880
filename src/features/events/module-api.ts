import { type ModuleFunction, moduleFunction } from '../../runtime/module-function.ts';
import { boolean, integer, optional, text, texts } from '../../runtime/parameters.ts';
import type { EventLog } from './service.ts';

/** `nk.event`: an event of the server, which no hook sees. */
export function eventFunctions(events: EventLog): readonly ModuleFunction[] {
  return [
    moduleFunction(
      'event',
      [
        ['eventName', text()],
        ['properties', texts()],
        ['timestamp', optional(integer(), { orNull: true })],
        ['external', optional(boolean())],
      ],
      (_call, name, properties, timestampSec, external = false) => {
        events.note({ name, properties, external, ...(timestampSec !== undefined && { timestampSec }) });
      },
      { deferredWhen: 'always' },
    ),
  ];
}
