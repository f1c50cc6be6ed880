import { apply, construct, defineProperty, now, toText } from './primordials.ts';

/** The part of Temporal that tells the time. */
interface TemporalNamespace {
  readonly Instant: { fromEpochMilliseconds(ms: number): Instant };
  readonly Now: { timeZoneId(): string };
}

interface Instant {
  toZonedDateTimeISO(
    timeZone: unknown,
  ): Readonly<Record<'toPlainDate' | 'toPlainTime' | 'toPlainDateTime', () => unknown>>;
}

/**
 * Lets all that tells a module the time (`Date`, `Temporal.Now`, `Intl.DateTimeFormat`) advance in steps, so that it
 * cannot measure what takes less. Runs when an isolate starts, before the module.
 */
export function coarsenClocks(stepMs: number): void {
  const { floor } = Math;
  const coarseNow = (): number => floor(now() / stepMs) * stepMs;
  coarsenDate(coarseNow);
  coarsenFormats(coarseNow);
  const { Temporal } = globalThis as { Temporal?: TemporalNamespace };
  if (Temporal) coarsenTemporal(Temporal, coarseNow);
}

function coarsenDate(coarseNow: () => number): void {
  const Native = Date;
  const Coarse = new Proxy(Native, {
    construct: (target, args, newTarget) =>
      construct(target, args.length === 0 ? [coarseNow()] : args, newTarget as () => unknown) as object,
    apply: () => toText(new Native(coarseNow())),
  });
  replace(Native, 'now', coarseNow);
  replace(Native.prototype, 'constructor', Coarse);
  replace(globalThis, 'Date', Coarse);
}

/** Formats write the present moment when they are given none. */
function coarsenFormats(coarseNow: () => number): void {
  type Moment = Date | number | undefined;
  const formats = Intl.DateTimeFormat.prototype;
  const nativeFormat = Object.getOwnPropertyDescriptor(formats, 'format')!.get!;
  defineProperty(formats, 'format', {
    configurable: true,
    get(this: Intl.DateTimeFormat) {
      const format = apply(nativeFormat, this, []) as (moment: Moment) => string;
      return (moment?: Moment) => format(moment === undefined ? coarseNow() : moment);
    },
  });
  const { formatToParts } = formats;
  replace(formats, 'formatToParts', function (this: Intl.DateTimeFormat, moment?: Moment) {
    return apply(formatToParts, this, [moment === undefined ? coarseNow() : moment]);
  });
}

function coarsenTemporal({ Instant, Now }: TemporalNamespace, coarseNow: () => number): void {
  const { fromEpochMilliseconds } = Instant;
  const instant = () => apply(fromEpochMilliseconds, Instant, [coarseNow()]) as Instant;
  const { timeZoneId } = Now;
  const zoned = (timeZone: unknown = timeZoneId()) => instant().toZonedDateTimeISO(timeZone);
  replace(Now, 'instant', instant);
  replace(Now, 'zonedDateTimeISO', zoned);
  replace(Now, 'plainDateTimeISO', (timeZone?: unknown) => zoned(timeZone).toPlainDateTime());
  replace(Now, 'plainDateISO', (timeZone?: unknown) => zoned(timeZone).toPlainDate());
  replace(Now, 'plainTimeISO', (timeZone?: unknown) => zoned(timeZone).toPlainTime());
}

function replace(owner: object, name: string, value: unknown): void {
  defineProperty(owner, name, { value, writable: true, configurable: true });
}
