import { daysOf } from './days.ts';
import type { CronExpression } from './expression.ts';

/** Bounds of what an expression can name, so that no search goes far: epoch seconds of 1970 and 2100. */
const FIRST_SEC = 0;
const END_SEC = Date.UTC(2100, 0, 1) / 1000;

/** The first moment strictly after one, both in epoch seconds, that the expression names; null when there is none. */
export function momentAfter(expression: CronExpression, afterSec: number): number | null {
  const from = fieldsOf(Math.max(afterSec + 1, FIRST_SEC));
  if (afterSec >= END_SEC) return null;
  for (const year of expression.years) {
    if (year < from.year) continue;
    for (const month of expression.months) {
      if (year === from.year && month < from.month) continue;
      const thisMonth = year === from.year && month === from.month;
      for (const day of daysOf(expression, year, month)) {
        if (thisMonth && day < from.day) continue;
        const time = thisMonth && day === from.day ? timeFrom(expression, from.time) : firstTime(expression);
        if (time !== null) return Date.UTC(year, month - 1, day) / 1000 + time;
      }
    }
  }
  return null;
}

/** The last moment strictly before one that the expression names, not before 1970; null when there is none. */
export function momentBefore(expression: CronExpression, beforeSec: number): number | null {
  if (beforeSec <= FIRST_SEC) return null;
  const from = fieldsOf(Math.min(beforeSec, END_SEC) - 1);
  for (const year of expression.years.toReversed()) {
    if (year > from.year) continue;
    for (const month of expression.months.toReversed()) {
      if (year === from.year && month > from.month) continue;
      const thisMonth = year === from.year && month === from.month;
      for (const day of daysOf(expression, year, month).toReversed()) {
        if (thisMonth && day > from.day) continue;
        const time = thisMonth && day === from.day ? timeUntil(expression, from.time) : lastTime(expression);
        if (time !== null) return Date.UTC(year, month - 1, day) / 1000 + time;
      }
    }
  }
  return null;
}

/** A time of day in seconds since midnight. */
interface Moment {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly time: number;
}

function fieldsOf(epochSec: number): Moment {
  const date = new Date(Math.min(epochSec, END_SEC) * 1000);
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    time: date.getUTCHours() * 3600 + date.getUTCMinutes() * 60 + date.getUTCSeconds(),
  };
}

function firstTime({ hours, minutes, seconds }: CronExpression): number {
  return hours[0]! * 3600 + minutes[0]! * 60 + seconds[0]!;
}

function lastTime({ hours, minutes, seconds }: CronExpression): number {
  return hours.at(-1)! * 3600 + minutes.at(-1)! * 60 + seconds.at(-1)!;
}

/** The first named time of day that is not before `time`. */
function timeFrom({ hours, minutes, seconds }: CronExpression, time: number): number | null {
  for (const hour of hours) {
    if (hour * 3600 + 3599 < time) continue;
    for (const minute of minutes) {
      if (hour * 3600 + minute * 60 + 59 < time) continue;
      for (const second of seconds) {
        const at = hour * 3600 + minute * 60 + second;
        if (at >= time) return at;
      }
    }
  }
  return null;
}

/** The last named time of day that is not after `time`. */
function timeUntil({ hours, minutes, seconds }: CronExpression, time: number): number | null {
  for (const hour of hours.toReversed()) {
    if (hour * 3600 > time) continue;
    for (const minute of minutes.toReversed()) {
      if (hour * 3600 + minute * 60 > time) continue;
      for (const second of seconds.toReversed()) {
        const at = hour * 3600 + minute * 60 + second;
        if (at <= time) return at;
      }
    }
  }
  return null;
}
