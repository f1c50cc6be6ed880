import { randomUUID } from 'node:crypto';
import { Ticket, type TicketRequest } from '../../../../src/features/matchmaker/ticket.ts';
import { parseQuery } from '../../../../src/query/index.ts';

/** What a test says of a ticket: text and numbers are properties, `sessions` who comes with it. */
export interface TicketWishes extends Partial<Omit<TicketRequest, 'stringProperties' | 'numericProperties'>> {
  readonly has?: Readonly<Record<string, string | number>>;
  readonly sessions?: readonly string[];
  /** Rounds in which it has looked already. */
  readonly rounds?: number;
}

/** A ticket for two players unless said otherwise. `counts` is `2`, `2-4` or `2-4/2`. */
export function newTicket(name: string, counts: string, wishes: TicketWishes = {}): Ticket {
  const [range = '', multiple] = counts.split('/');
  const [minCount, maxCount = minCount] = range.split('-').map(Number) as [number, number?];
  const { has = {}, sessions = [name], rounds = 0, query = '*' } = wishes;
  const request: TicketRequest = {
    query,
    minCount,
    maxCount,
    countMultiple: multiple === undefined ? undefined : Number(multiple),
    stringProperties: onlyOf<string>('string', has),
    numericProperties: onlyOf<number>('number', has),
  };
  const members = sessions.map((sessionId) => ({ sessionId, userId: randomUUID(), username: name }));
  const ticket = new Ticket(members, sessions.length > 1 ? name : '', request, parseQuery(query));
  ticket.rounds = rounds;
  return ticket;
}

/** The name that a test gave the ticket. */
export function nameOf(ticket: Ticket): string {
  return ticket.members[0]!.username;
}

function onlyOf<T>(type: string, properties: Readonly<Record<string, unknown>>): Record<string, T> {
  return Object.fromEntries(Object.entries(properties).filter(([, value]) => typeof value === type)) as Record<
    string,
    T
  >;
}
