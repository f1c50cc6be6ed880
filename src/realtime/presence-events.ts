import type { PresenceChange, PresenceTracker } from './presence-tracker.ts';

/** Tells those concerned about a change. */
export type PresencePublisher = (change: PresenceChange) => void;

/**
 * Turns the tracker's changes into events. How a stream's members are told depends on its mode: each feature publishes
 * the modes that are its own, and one publisher takes all others.
 */
export class PresenceEvents {
  readonly #byMode = new Map<number, PresencePublisher>();
  #other: PresencePublisher | undefined;

  constructor(tracker: PresenceTracker) {
    tracker.onChange((change) => (this.#byMode.get(change.stream.mode) ?? this.#other)?.(change));
  }

  /** @throws Error when the mode has a publisher already */
  publish(mode: number, publisher: PresencePublisher): void {
    if (this.#byMode.has(mode)) throw new Error(`stream mode ${mode} has a publisher already`);
    this.#byMode.set(mode, publisher);
  }

  /** For the modes that nobody publishes. @throws Error when there is one already */
  publishOthers(publisher: PresencePublisher): void {
    if (this.#other) throw new Error('the other stream modes have a publisher already');
    this.#other = publisher;
  }
}
