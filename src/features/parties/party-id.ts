import { canonicalId } from '../../protocol/ids.ts';
import { type Stream, StreamMode } from '../../realtime/stream.ts';

/** The stream of a party's members: its subject and the node that keeps the party make up the party's id. */
export function partyStream(subject: string, node: string): Stream {
  return { mode: StreamMode.PARTY, subject, subcontext: '', label: node };
}

/** `<uuid>.<node>` */
export function partyIdOf({ subject, label }: Stream): string {
  return `${subject}.${label}`;
}

/** The stream of the party with this id, whether there is such a party or not; undefined for what is no party id. */
export function parsePartyId(id: string): Stream | undefined {
  const dot = id.indexOf('.');
  if (dot < 0) return undefined;
  const subject = canonicalId(id.slice(0, dot));
  return subject === undefined ? undefined : partyStream(subject, id.slice(dot + 1));
}
