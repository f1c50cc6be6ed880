import type { Log } from '../../observability/log.ts';
import { Status, StatusError } from '../../protocol/status.ts';
import { type CronExpression, momentAfter, parseCron } from '../../runtime/cron/index.ts';
import type { CallOrigin } from '../../runtime/module-function.ts';
import type { ModuleHost } from '../../runtime/module-host.ts';
import { type Board, epochSecondsNow } from './board.ts';
import type { Boards } from './boards.ts';
import { moduleBoard } from './messages.ts';

/** Calls of the modules that run at once. */
const MAX_CALLS = 8;
/** Clocks are set, and timers have a limit: the time is looked at this often at least. */
const MAX_SLEEP_MS = 60 * 60 * 1_000;
const BOARDS_AT_ONCE = 1_000;

const origin: CallOrigin = { contextText: '{"executionMode":"leaderboard_reset"}' };

export interface ResetsDependencies {
  readonly boards: Boards;
  readonly modules: ModuleHost;
  /** Resets that may wait for the modules; what is more is left out, and logged. */
  readonly queueSize: number;
  /** Called at each reset, before the modules. */
  readonly onReset: () => void;
  readonly log: Log;
}

/** The boards of one schedule. */
interface Schedule {
  readonly expression: CronExpression;
  readonly ids: Set<string>;
  nextSec: number;
}

interface Reset {
  readonly id: string;
  readonly atSec: number;
}

/**
 * Tells the modules when leaderboards are reset (`registerLeaderboardReset`), shortly after. A reset itself needs
 * nothing to be done: the records of each period are there by its end. Resets while no server runs are told nobody.
 */
export class Resets {
  readonly #dependencies: ResetsDependencies;
  readonly #schedules = new Map<string, Schedule>();
  readonly #waiting: Reset[] = [];
  #calls = 0;
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;

  constructor(dependencies: ResetsDependencies) {
    this.#dependencies = dependencies;
    dependencies.boards.listen({
      created: (board) => {
        if (this.#isRunning && this.#follow(board)) this.#sleep();
      },
      deleted: (id) => this.#unfollow(id),
    });
  }

  /** Follows all boards that have a schedule. Once started, it goes on until {@link stop}. */
  async start(): Promise<void> {
    if (this.#isRunning) return;
    this.#isRunning = true;
    for (let after: Board | undefined; ; ) {
      const boards = await this.#dependencies.boards.list(after?.settings, BOARDS_AT_ONCE, { withSchedule: true });
      for (const board of boards) this.#follow(board);
      after = boards.at(-1);
      if (boards.length < BOARDS_AT_ONCE) break;
    }
    this.#sleep();
  }

  /** Forgets the resets that wait. */
  stop(): void {
    this.#isRunning = false;
    this.#waiting.length = 0;
    clearTimeout(this.#timer);
  }

  /** True when it has a schedule that can be followed. */
  #follow({ settings }: Board): boolean {
    const { id, resetSchedule } = settings;
    if (resetSchedule === null) return false;
    let schedule = this.#schedules.get(resetSchedule);
    if (!schedule) {
      try {
        const expression = parseCron(resetSchedule);
        schedule = { expression, ids: new Set(), nextSec: nextOf(expression, epochSecondsNow()) };
      } catch (error) {
        this.#dependencies.log.error({ err: error, leaderboard: id }, 'the schedule of a leaderboard cannot be read');
        return false;
      }
      this.#schedules.set(resetSchedule, schedule);
    }
    schedule.ids.add(id);
    return true;
  }

  #unfollow(id: string): void {
    for (const [text, { ids }] of this.#schedules) if (ids.delete(id) && ids.size === 0) this.#schedules.delete(text);
  }

  #sleep(): void {
    if (!this.#isRunning) return;
    let nextSec = Number.POSITIVE_INFINITY;
    for (const schedule of this.#schedules.values()) nextSec = Math.min(nextSec, schedule.nextSec);
    clearTimeout(this.#timer);
    const sleepMs = Math.min(Math.max(nextSec * 1_000 - Date.now(), 0), MAX_SLEEP_MS);
    this.#timer = setTimeout(() => this.#wake(), sleepMs);
    this.#timer.unref();
  }

  #wake(): void {
    const nowSec = epochSecondsNow();
    const due = [...this.#schedules.values()].filter(({ nextSec }) => nextSec <= nowSec);
    if (due.length > 0) this.#dependencies.onReset();
    for (const schedule of due) {
      const atSec = schedule.nextSec;
      schedule.nextSec = nextOf(schedule.expression, nowSec);
      if (this.#hook) for (const id of schedule.ids) this.#enqueue({ id, atSec });
    }
    this.#sleep();
  }

  get #hook() {
    return this.#dependencies.modules.hook('callback', 'LeaderboardReset');
  }

  #enqueue(reset: Reset): void {
    const { queueSize, log } = this.#dependencies;
    if (this.#waiting.length >= queueSize) {
      log.error(
        { leaderboard: reset.id, reset: reset.atSec },
        'more resets wait for the modules than leaderboard.callback_queue_size allows: this one is not told',
      );
      return;
    }
    this.#waiting.push(reset);
    if (this.#calls < MAX_CALLS) void this.#work();
  }

  /** Tells resets, one after another, for as long as some wait. */
  async #work(): Promise<void> {
    this.#calls++;
    for (let reset = this.#waiting.shift(); reset; reset = this.#waiting.shift()) {
      try {
        await this.#tell(reset);
      } catch (error) {
        const isEnding = !this.#isRunning || (error instanceof StatusError && error.code === Status.UNAVAILABLE);
        const { log } = this.#dependencies;
        if (!isEnding) log.warn({ err: error, leaderboard: reset.id }, 'the function for leaderboard resets failed');
      }
    }
    this.#calls--;
  }

  async #tell({ id, atSec }: Reset): Promise<void> {
    const [board] = await this.#dependencies.boards.byIds([id]);
    // Modules see the board as it was at the end of the period: the reset is its next one.
    if (board) await this.#hook?.call(origin, JSON.stringify(moduleBoard(board, atSec - 1)), String(atSec));
  }
}

function nextOf(expression: CronExpression, afterSec: number): number {
  return momentAfter(expression, afterSec) ?? Number.POSITIVE_INFINITY;
}
