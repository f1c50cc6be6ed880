import { type Field, fields } from './fields.ts';

/** What a cron expression names: lists in rising order, all in UTC. */
export interface CronExpression {
  readonly seconds: readonly number[];
  readonly minutes: readonly number[];
  readonly hours: readonly number[];
  readonly months: readonly number[];
  readonly years: readonly number[];
  /** Null when every day of the month is meant (`*`). */
  readonly daysOfMonth: DaysOfMonth | null;
  /** Null when every day of the week is meant (`*`). */
  readonly daysOfWeek: DaysOfWeek | null;
}

export interface DaysOfMonth {
  readonly days: readonly number[];
  /** `15W`: the working day nearest to the 15th, in the same month. */
  readonly workdaysNearest: readonly number[];
  /** `L`. */
  readonly last: boolean;
  /** `LW`. */
  readonly lastWorkday: boolean;
}

export interface DaysOfWeek {
  /** 0 is Sunday. */
  readonly days: readonly number[];
  /** `5L`: the last Friday of the month. */
  readonly last: readonly number[];
  /** `5#3`: the third Friday of the month. */
  readonly nth: readonly { readonly day: number; readonly week: number }[];
}

/** The text is no cron expression; the message says what is wrong with it. */
export class CronSyntaxError extends Error {}

/** Longest expression that is looked at. */
const MAX_EXPRESSION_UNITS = 1024;

const shorthands: Readonly<Record<string, string>> = {
  '@yearly': '0 0 0 1 1 * *',
  '@annually': '0 0 0 1 1 * *',
  '@monthly': '0 0 0 1 * * *',
  '@weekly': '0 0 0 * * 0 *',
  '@daily': '0 0 0 * * * *',
  '@hourly': '0 0 * * * * *',
};

/**
 * Reads a cron expression: minute, hour, day of month, month, day of week; a sixth field is the year; with seven, the
 * seconds come first. Fields beyond the seventh count for nothing. Source: the reference's schedules.
 * @throws CronSyntaxError
 */
export function parseCron(expression: string): CronExpression {
  if (expression.length > MAX_EXPRESSION_UNITS) {
    throw new CronSyntaxError(`a cron expression may have ${MAX_EXPRESSION_UNITS} characters`);
  }
  const trimmed = expression.trim();
  const given = (Object.hasOwn(shorthands, trimmed) ? shorthands[trimmed]! : trimmed).split(/\s+/);
  if (given.length < 5) throw new CronSyntaxError(`a cron expression has 5 to 7 fields: "${expression}"`);
  const [second, minute, hour, dayOfMonth, month, dayOfWeek, year] =
    given.length >= 7 ? given : ['0', ...given.slice(0, 5), given[5] ?? '*'];
  return {
    seconds: parseList(second!, fields.second),
    minutes: parseList(minute!, fields.minute),
    hours: parseList(hour!, fields.hour),
    daysOfMonth: parseDaysOfMonth(dayOfMonth!),
    months: parseList(month!, fields.month),
    daysOfWeek: parseDaysOfWeek(dayOfWeek!),
    years: parseList(year!, fields.year),
  };
}

function parseDaysOfMonth(text: string): DaysOfMonth | null {
  const days: number[] = [];
  const workdaysNearest: number[] = [];
  let last = false;
  let lastWorkday = false;
  let every = false;
  for (const entry of entriesOf(text, fields.dayOfMonth)) {
    const workday = /^(\d+)w$/.exec(entry);
    if (entry === 'l') last = true;
    else if (entry === 'lw') lastWorkday = true;
    else if (workday) workdaysNearest.push(parseValue(workday[1]!, fields.dayOfMonth, entry));
    else if (isWildcard(entry)) every = true;
    else days.push(...parseEntry(entry, fields.dayOfMonth));
  }
  return every ? null : { days, workdaysNearest, last, lastWorkday };
}

function parseDaysOfWeek(text: string): DaysOfWeek | null {
  const field = fields.dayOfWeek;
  const days: number[] = [];
  const last: number[] = [];
  const nth: { day: number; week: number }[] = [];
  let every = false;
  for (const entry of entriesOf(text, field)) {
    const lastOne = /^(\w+)l$/.exec(entry);
    const nthOne = /^(\w+)#([1-5])$/.exec(entry);
    if (nthOne) nth.push({ day: parseValue(nthOne[1]!, field, entry) % 7, week: Number(nthOne[2]) });
    else if (lastOne) last.push(parseValue(lastOne[1]!, field, entry) % 7);
    else if (isWildcard(entry)) every = true;
    else days.push(...parseEntry(entry, field).map((day) => day % 7));
  }
  return every ? null : { days, last, nth };
}

function parseList(text: string, field: Field): readonly number[] {
  const values = new Set<number>();
  for (const entry of entriesOf(text, field)) {
    for (const value of isWildcard(entry) ? span(field.min, field.max, 1) : parseEntry(entry, field)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

function entriesOf(text: string, field: Field): string[] {
  const entries = text
    .toLowerCase()
    .split(',')
    .filter((entry) => entry !== '');
  if (entries.length === 0) throw new CronSyntaxError(`the ${field.name} field is empty`);
  return entries;
}

function isWildcard(entry: string): boolean {
  return entry === '*' || entry === '?';
}

const entryForm = /^(?:\*|(\w+)(?:-(\w+))?)(?:\/(\d+))?$/;

// One of 5, 5-20, */2, 5/2 and 5-20/2.
function parseEntry(entry: string, field: Field): number[] {
  const match = entryForm.exec(entry);
  if (!match) throw wrong(entry, field);
  const [, first, last, step] = match;
  const from = first === undefined ? field.min : parseValue(first, field, entry);
  const to =
    last !== undefined ? parseValue(last, field, entry) : first !== undefined && step === undefined ? from : field.max;
  const by = step === undefined ? 1 : Number(step);
  if (to < from || by < 1 || by > field.max) throw wrong(entry, field);
  return span(from, to, by);
}

function parseValue(text: string, field: Field, entry: string): number {
  const named = field.names?.get(text);
  if (named !== undefined) return named;
  const value = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  const highest = field.highestNumber ?? field.max;
  if (!(value >= field.min && value <= highest)) throw wrong(entry, field);
  return value;
}

function span(from: number, to: number, by: number): number[] {
  const values: number[] = [];
  for (let value = from; value <= to; value += by) values.push(value);
  return values;
}

function wrong(entry: string, field: Field): CronSyntaxError {
  return new CronSyntaxError(`the ${field.name} field of a cron expression cannot be "${entry}"`);
}
