export { cutOffMatch, emitNextLoop, runLoops, takeClock, takeMatchRecord } from './records.ts';
