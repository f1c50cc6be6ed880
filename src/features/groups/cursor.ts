import { GroupState } from './group.ts';
import type { EdgePlace } from './member-queries.ts';

/** The cursor of a place in a listing of members, or of a user's groups. */
export function encodeEdgeCursor({ state, position }: EdgePlace): string {
  return encode([state, String(position)]);
}

/** The place of a cursor; undefined when the text is none, or is one of another state than is asked for. */
export function decodeEdgeCursor(cursor: string, askedState: number | undefined): EdgePlace | undefined {
  const [state, position, ...rest] = decode(cursor);
  if (
    rest.length > 0 ||
    !isCount(state) ||
    state > GroupState.BANNED ||
    typeof position !== 'string' ||
    !integerForm.test(position)
  )
    return undefined;
  if (askedState !== undefined && askedState !== state) return undefined;
  return { state, position: BigInt(position) };
}

/** A value that a listing of groups is ordered by. */
export type PlaceValue = string | number;

/** The cursor of a place in a listing of groups that is ordered in this way. */
export function encodeGroupCursor(order: string, place: readonly PlaceValue[]): string {
  return encode([order, ...place]);
}

/** The place of a cursor, with as many values; undefined when the text is none, or is one of another order. */
export function decodeGroupCursor(
  cursor: string,
  order: string,
  forms: readonly ValueForm[],
): PlaceValue[] | undefined {
  const [name, ...place] = decode(cursor);
  if (name !== order || place.length !== forms.length) return undefined;
  return forms.every((isOf, i) => isOf(place[i])) ? (place as PlaceValue[]) : undefined;
}

type ValueForm = (value: unknown) => boolean;

const MAX_INT = 2_147_483_647;
/** Up to what an int8 surely holds. */
const integerForm = /^(\d{1,18}|[1-8]\d{18})$/;
const microsForm = /^\d{1,17}$/;
const uuidForm = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** The values that a place may hold. */
export const valueForm = {
  count: isCount,
  micros: (value: unknown) => typeof value === 'string' && microsForm.test(value),
  id: (value: unknown) => typeof value === 'string' && uuidForm.test(value),
  name: (value: unknown) => typeof value === 'string' && !value.includes('\u0000'),
} satisfies Record<string, ValueForm>;

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_INT;
}

function encode(parts: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(parts)).toString('base64url');
}

function decode(cursor: string): unknown[] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    return Array.isArray(parts) ? parts : [];
  } catch {
    return [];
  }
}
