import { NIL_ID } from '../protocol/ids.ts';
import { type ArgumentOf, integer, optional, record, text, uuid } from '../runtime/parameters.ts';
import type { Stream } from './stream.ts';

/** A mode is one byte on the wire. */
const MAX_MODE = 255;

/** A stream as modules name it: `{ mode, subject?, subcontext?, label? }`. */
export const streamParameter = () =>
  record({
    mode: optional(integer({ min: 0, max: MAX_MODE })),
    subject: optional(uuid()),
    subcontext: optional(uuid()),
    label: optional(text()),
  });

/** The stream that a module named; what it left out counts as 0 or none, and so does the nil id. */
export function streamOf(given: ArgumentOf<ReturnType<typeof streamParameter>>): Stream {
  return {
    mode: given.mode ?? 0,
    subject: idOf(given.subject),
    subcontext: idOf(given.subcontext),
    label: given.label ?? '',
  };
}

function idOf(given: string | undefined): string {
  return given === undefined || given === NIL_ID ? '' : given;
}
