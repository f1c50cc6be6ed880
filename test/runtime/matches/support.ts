import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import type { RuntimeHost } from '../../../src/runtime/host/index.ts';
import type {
  HostedMatch,
  MatchBroadcast,
  MatchEnd,
  MatchEvents,
  MatchPassage,
  MatchPresence,
} from '../../../src/runtime/match-host.ts';

const functions = {
  matchInit: `return { state: { seen: [] }, tickRate: 60, label: 'open' };`,
  matchJoinAttempt: `return { state, accept: true };`,
  matchJoin: `return { state };`,
  matchLeave: `return { state };`,
  matchLoop: `return { state };`,
  matchTerminate: `return null;`,
  matchSignal: `return { state, data: JSON.stringify(state.seen) };`,
  matchMigrate: '',
};

const parameters = {
  matchInit: 'ctx, logger, nk, params',
  matchJoinAttempt: 'ctx, logger, nk, dispatcher, tick, state, presence, metadata',
  matchJoin: 'ctx, logger, nk, dispatcher, tick, state, presences',
  matchLeave: 'ctx, logger, nk, dispatcher, tick, state, presences',
  matchLoop: 'ctx, logger, nk, dispatcher, tick, state, messages',
  matchTerminate: 'ctx, logger, nk, dispatcher, tick, state, graceSeconds',
  matchSignal: 'ctx, logger, nk, dispatcher, tick, state, data',
  matchMigrate: 'state, fromVersion',
};

/** Registers a match handler, one function a line; those that are left out do nothing in particular. */
export function handler(name: string, bodies: Partial<typeof functions> = {}): string {
  const lines = Object.entries({ ...functions, ...bodies })
    .filter(([, body]) => body !== '')
    .map(([key, body]) => `${key}: (${parameters[key as keyof typeof parameters]}) => { ${body} },`);
  return `initializer.registerMatch('${name}', {\n${lines.join('\n')}\n});`;
}

/** The line of a handler's function in a script in which the handler begins at a line. */
export function lineOf(name: keyof typeof functions, firstLine: number): number {
  return firstLine + 1 + Object.keys(functions).indexOf(name);
}

/** A match of a host that keeps what it does. */
export class ObservedMatch implements MatchEvents {
  readonly matchId = `${randomUUID()}.node1`;
  readonly broadcasts: MatchBroadcast[] = [];
  readonly labels: string[] = [];
  readonly kicked: string[] = [];
  end: MatchEnd | undefined;
  readonly #told = new EventEmitter();
  #host: HostedMatch | undefined;

  /** Starts a match by a handler of the host's modules. */
  static async start(host: RuntimeHost, handlerName: string, params: object = {}): Promise<ObservedMatch> {
    const match = new ObservedMatch();
    await host.createMatch(handlerName, match.matchId, JSON.stringify(params), match);
    return match;
  }

  get host(): HostedMatch {
    assert.ok(this.#host, 'the match has not started');
    return this.#host;
  }

  started(host: HostedMatch, label: string): void {
    this.#host = host;
    this.labels.push(label);
  }

  broadcast(broadcast: MatchBroadcast): void {
    this.broadcasts.push(broadcast);
    this.#told.emit('told');
  }

  kick(sessionIds: readonly string[]): void {
    this.kicked.push(...sessionIds);
    this.#told.emit('told');
  }

  label(label: string): void {
    this.labels.push(label);
  }

  ended(end: MatchEnd): void {
    assert.equal(this.end, undefined, 'a match ends once');
    this.end = end;
    this.#told.emit('told');
  }

  /** Waits until what the match has done so far is as described. */
  async until(isSo: (match: this) => boolean): Promise<void> {
    while (!isSo(this)) await once(this.#told, 'told');
  }

  async untilEnded(): Promise<MatchEnd> {
    await this.until(({ end }) => end !== undefined);
    return this.end!;
  }

  /** Texts that were broadcast. */
  get texts(): string[] {
    return this.broadcasts.map(({ data }) => Buffer.from(data).toString());
  }

  /** Lets a player in, without asking the match. */
  join(player: MatchPresence): void {
    this.host.joined([passage(player, 0)]);
  }

  leave(player: MatchPresence, reason = 3): void {
    this.host.left([passage(player, reason)]);
  }

  send(player: MatchPresence, text: string, opCode = 1n): void {
    this.host.sent(player.sessionId, opCode, Buffer.from(text), true);
  }

  attempt(player: MatchPresence, metadata: Readonly<Record<string, string>> = {}) {
    return this.host.attempt(JSON.stringify({ userId: player.userId }), player, metadata);
  }

  /** What a signal is answered, as JSON. */
  async ask(data = ''): Promise<unknown> {
    return JSON.parse(await this.host.signal(data));
  }
}

/** Somebody to play with. */
export function player(username: string): MatchPresence {
  return { userId: randomUUID(), sessionId: randomUUID(), username, node: 'node1' };
}

function passage({ userId, sessionId, username, node }: MatchPresence, reason: number): MatchPassage {
  return { userId, sessionId, username, node, reason };
}
