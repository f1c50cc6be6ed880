import { type CronExpression, CronSyntaxError, parseCron } from '../../../cron/index.ts';

/** What the module API answers where there is no such moment: year 1, in epoch seconds. */
export const NEVER_SEC = -62_135_596_800;

/**
 * Finds a moment of a cron expression, in epoch seconds; {@link NEVER_SEC} when there is none.
 * @throws TypeError when the text is no expression
 */
export function cronMoment(
  name: string,
  find: (expression: CronExpression, fromSec: number) => number | null,
): (expression: string, fromSec: number) => number {
  return (text, fromSec) => {
    if (fromSec === NEVER_SEC) return NEVER_SEC;
    return find(parsed(name, text), fromSec) ?? NEVER_SEC;
  };
}

function parsed(name: string, text: string): CronExpression {
  try {
    return parseCron(text);
  } catch (error) {
    if (error instanceof CronSyntaxError) throw new TypeError(`nk.${name}: ${error.message}`);
    throw error;
  }
}
