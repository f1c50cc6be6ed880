import type { Log } from '../observability/log.ts';

/** What closing the database and the log may take beyond the time that calls and matches have. */
const CLOSING_MARGIN_MS = 5000;

const signals: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGINT', 'SIGTERM', 'SIGBREAK'] : ['SIGINT', 'SIGTERM'];

/**
 * Waits for the first signal to stop, then stops what runs. A second signal ends the process at once; so does a stop
 * that takes longer than it may.
 */
export async function stopOnSignal(stop: () => Promise<void>, graceSec: number, log: Log): Promise<void> {
  const signal = await new Promise<NodeJS.Signals>((resolve) => {
    for (const name of signals) process.once(name, resolve);
  });
  for (const name of signals) process.on(name, () => process.exit(1));
  log.info({ signal }, 'stopping; a second signal ends it at once');
  const overdue = setTimeout(
    () => {
      log.error({ graceSec }, 'did not stop within shutdown_grace_sec');
      process.exit(1);
    },
    graceSec * 1000 + CLOSING_MARGIN_MS,
  );
  await stop();
  clearTimeout(overdue);
  log.info('stopped');
}
