import type { CronExpression, DaysOfMonth, DaysOfWeek } from './expression.ts';

/** A month of a year; `month` is 1 to 12. */
interface Month {
  readonly lastDay: number;
  /** The weekday of the first; 0 is Sunday. */
  readonly firstWeekday: number;
}

/** The days of a month that an expression names, rising. Where both kinds of day are given, either matches. */
export function daysOf(expression: CronExpression, year: number, month: number): readonly number[] {
  const { daysOfMonth, daysOfWeek } = expression;
  const calendar: Month = {
    lastDay: new Date(Date.UTC(year, month, 0)).getUTCDate(),
    firstWeekday: new Date(Date.UTC(year, month - 1, 1)).getUTCDay(),
  };
  const days: number[] = [];
  for (let day = 1; day <= calendar.lastDay; day++) {
    const named =
      (!daysOfMonth && !daysOfWeek) ||
      (daysOfMonth !== null && namesDay(daysOfMonth, day, calendar)) ||
      (daysOfWeek !== null && namesWeekday(daysOfWeek, day, calendar));
    if (named) days.push(day);
  }
  return days;
}

function namesDay(named: DaysOfMonth, day: number, calendar: Month): boolean {
  return (
    named.days.includes(day) ||
    (named.last && day === calendar.lastDay) ||
    (named.lastWorkday && day === workdayNearest(calendar.lastDay, calendar)) ||
    named.workdaysNearest.some((target) => target <= calendar.lastDay && day === workdayNearest(target, calendar))
  );
}

function namesWeekday(named: DaysOfWeek, day: number, calendar: Month): boolean {
  const weekday = weekdayOf(day, calendar);
  return (
    named.days.includes(weekday) ||
    (named.last.includes(weekday) && day + 7 > calendar.lastDay) ||
    named.nth.some((nth) => nth.day === weekday && nth.week === Math.ceil(day / 7))
  );
}

/** Monday to Friday nearest to a day, within the month. */
function workdayNearest(day: number, calendar: Month): number {
  const weekday = weekdayOf(day, calendar);
  if (weekday === 6) return day > 1 ? day - 1 : day + 2;
  if (weekday === 0) return day < calendar.lastDay ? day + 1 : day - 2;
  return day;
}

function weekdayOf(day: number, calendar: Month): number {
  return (calendar.firstWeekday + day - 1) % 7;
}
