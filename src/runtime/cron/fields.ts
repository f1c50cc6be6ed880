/** One field of a cron expression: its bounds and the names it knows. */
export interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  /** Where a number above `max` may be written (Sunday as 7). */
  readonly highestNumber?: number;
  readonly names?: ReadonlyMap<string, number>;
}

const months = 'january february march april may june july august september october november december'.split(' ');
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ');

/** Source of the bounds: the reference's schedules, whose years are 1970 to 2099. */
export const fields = {
  second: { name: 'second', min: 0, max: 59 },
  minute: { name: 'minute', min: 0, max: 59 },
  hour: { name: 'hour', min: 0, max: 23 },
  dayOfMonth: { name: 'day of month', min: 1, max: 31 },
  month: { name: 'month', min: 1, max: 12, names: namesOf(months, 1) },
  dayOfWeek: { name: 'day of week', min: 0, max: 6, highestNumber: 7, names: namesOf(weekdays, 0) },
  year: { name: 'year', min: 1970, max: 2099 },
} satisfies Record<string, Field>;

/** Whole names and their first three letters. */
function namesOf(names: readonly string[], first: number): ReadonlyMap<string, number> {
  return new Map(
    names.flatMap((name, i) => [
      [name, first + i],
      [name.slice(0, 3), first + i],
    ]),
  );
}
