import { randomBytes } from 'node:crypto';

const prefix = randomBytes(4).toString('hex');
let count = 0;

/** An id that joins the log lines of one request or call: unique among this process's and unlike another's. */
export function nextRequestId(): string {
  count++;
  return `${prefix}-${count.toString(36)}`;
}
