import type { Log } from '../../observability/log.ts';
import type { MatchedAnnouncer } from './matched-announcer.ts';
import { formGroups } from './matching/form-groups.ts';
import type { Group } from './matching/group-search.ts';
import type { MatchmakerStats } from './stats.ts';
import type { WaitingTickets } from './waiting-tickets.ts';
import { WorkSlices } from './work-slices.ts';

/** Groups that may be being told, which takes long where modules are asked; the round waits before it forms more. */
const MAX_TELLING = 64;

/** The settings of the rounds. */
export interface RoundSettings {
  readonly intervalSec: number;
  /** Rounds in which a ticket looks for others. */
  readonly maxIntervals: number;
  /** All of a match must suit each other's queries. */
  readonly revPrecision: boolean;
  /** Intervals after which a round that still runs goes on without `revPrecision`; 0: none. */
  readonly revThreshold: number;
}

/** What a round came to. */
export interface RoundReport {
  /** Tickets that waited when it began. */
  readonly ticketCount: number;
  readonly groupCount: number;
  readonly durationMs: number;
}

export interface RoundDependencies {
  readonly waiting: WaitingTickets;
  readonly announcer: MatchedAnnouncer;
  readonly stats: MatchmakerStats;
  readonly settings: RoundSettings;
  readonly onRound: (report: RoundReport) => void;
  readonly log: Log;
}

/**
 * The matchmaker's clock: a round each interval. A round gives way to everything else every few milliseconds, however
 * many tickets there are; one that takes longer than the interval leaves out the next.
 */
export class MatchmakerRounds {
  readonly #dependencies: RoundDependencies;
  readonly #slices = new WorkSlices();
  /** Groups that are being told. */
  readonly #telling = new Set<Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isRunning = false;
  #isStopped = false;

  constructor(dependencies: RoundDependencies) {
    this.#dependencies = dependencies;
  }

  start(): void {
    this.#timer = setInterval(() => void this.run(), this.#dependencies.settings.intervalSec * 1000);
  }

  /** No further rounds; one that runs ends at its next pause. */
  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** One round; nothing while another runs. Never rejects. */
  async run(): Promise<void> {
    if (this.#isRunning || this.#isStopped) return;
    this.#isRunning = true;
    try {
      await this.#round();
    } catch (error) {
      this.#dependencies.log.error({ err: error }, 'a round of the matchmaker failed');
    } finally {
      this.#isRunning = false;
    }
  }

  async #round(): Promise<void> {
    const { waiting, stats, settings, onRound } = this.#dependencies;
    const startMs = performance.now();
    const tickets = [...waiting.all()];
    const rules = { maxIntervals: settings.maxIntervals, isMutual: settings.revPrecision };
    const mutualUntilMs = startMs + settings.intervalSec * 1000 * (settings.revThreshold || Number.POSITIVE_INFINITY);
    let groupCount = 0;
    this.#slices.begin();
    for (const group of formGroups(tickets, rules)) {
      if (group) {
        groupCount++;
        this.#take(group);
        if (this.#telling.size >= MAX_TELLING) await Promise.race(this.#telling);
      }
      if (!this.#slices.isOver) continue;
      await this.#slices.giveWay();
      if (this.#isStopped) return;
      if (performance.now() >= mutualUntilMs) rules.isMutual = false;
    }
    stats.update(tickets.length, tickets[0]?.createTimeMs);
    onRound({ ticketCount: tickets.length, groupCount, durationMs: performance.now() - startMs });
  }

  #take(group: Group): void {
    const { waiting, announcer, stats, log } = this.#dependencies;
    for (const ticket of group) waiting.remove(ticket);
    stats.completed(group, Date.now());
    const telling = announcer.announce(group, this.#slices).catch((error: unknown) => {
      log.error({ err: error }, 'players could not be told of their match');
    });
    this.#telling.add(telling);
    void telling.then(() => this.#telling.delete(telling));
  }
}
