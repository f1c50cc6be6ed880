import { createHash, randomUUID } from 'node:crypto';
import { canonicalId } from '../../protocol/ids.ts';
import { type Stream, StreamMode } from '../../realtime/stream.ts';

/** The namespace of host names, in which names of matches are hashed. Source: RFC 9562, section 6.6. */
const DNS_NAMESPACE = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');

/**
 * The stream that a match's members are in. Ids are `<uuid>.` for relayed matches and `<uuid>.<node>` for those that
 * a node runs. Undefined for a text that is no match id.
 */
export function matchStream(matchId: string): Stream | undefined {
  const dot = matchId.indexOf('.');
  if (dot < 0) return undefined;
  const subject = canonicalId(matchId.slice(0, dot));
  if (subject === undefined) return undefined;
  const node = matchId.slice(dot + 1);
  const mode = node === '' ? StreamMode.MATCH_RELAYED : StreamMode.MATCH_AUTHORITATIVE;
  return { mode, subject, subcontext: '', label: node };
}

export function matchIdOf({ subject, label }: Stream): string {
  return `${subject}.${label}`;
}

/** The stream of a relayed match: always the same for the same name, a new one without. */
export function relayedStream(name = ''): Stream {
  const subject = name === '' ? randomUUID() : nameId(name);
  return { mode: StreamMode.MATCH_RELAYED, subject, subcontext: '', label: '' };
}

/** A UUID of version 5. Source: RFC 9562, section 5.5. */
function nameId(name: string): string {
  const hash = createHash('sha1').update(DNS_NAMESPACE).update(name).digest();
  hash[6] = (hash[6]! & 0x0f) | 0x50;
  hash[8] = (hash[8]! & 0x3f) | 0x80;
  return hash.toString('hex', 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
