export { type CronExpression, CronSyntaxError, parseCron } from './expression.ts';
export { momentAfter, momentBefore } from './moments.ts';
