import { pino, type StreamEntry, stdTimeFunctions } from 'pino';
import type { Config } from '../config/config.ts';
import { prettyStream, type Terminal } from './pretty.ts';

/** Fields of a log line. `err` takes an Error; `requestId` joins the lines of one request. */
export type LogFields = Readonly<Record<string, unknown>>;

/** Writes one line: text alone, or fields and text. */
export interface LogLine {
  (text: string): void;
  (fields: LogFields, text: string): void;
}

/** What the rest of the server logs with; a pino logger is one. */
export interface Log {
  readonly debug: LogLine;
  readonly info: LogLine;
  readonly warn: LogLine;
  readonly error: LogLine;
  /** A log whose every line carries these fields too. */
  child(fields: LogFields): Log;
}

/**
 * Makes the server's log as `logger.*` says: readable on a terminal, one JSON object a line elsewhere.
 * Lines are written at once, so that none is lost when the process ends.
 */
export function createLog(settings: Config['logger'], stdout: Terminal = process.stdout): Log {
  const level = settings.level;
  const streams: StreamEntry[] = [];
  if (settings.stdout) streams.push({ level, stream: isPretty(settings, stdout) ? prettyStream(stdout) : stdout });
  if (settings.file) {
    streams.push({ level, stream: pino.destination({ dest: settings.file, mkdir: true, sync: true }) });
  }
  return pino(
    { level, base: null, timestamp: stdTimeFunctions.isoTime, formatters: { level: (label) => ({ level: label }) } },
    streams.length === 1 ? streams[0]!.stream : pino.multistream(streams),
  );
}

/** A log that drops everything: for tests and tools. */
export const silentLog: Log = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silentLog,
};

/** True when lines are to be written for people. */
export function isPretty(settings: Config['logger'], stdout: Terminal): boolean {
  return settings.format === 'pretty' || (settings.format === 'auto' && stdout.isTTY === true);
}
