export { giveMatch, takeMatch } from './moving.ts';
export { cutOffMatch, emitNextLoop, runLoops, takeClock, takeMatchRecord } from './records.ts';
