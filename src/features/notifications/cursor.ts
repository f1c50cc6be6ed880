/** A place in a user's list: after the notification with this time and id. */
export interface NotificationPlace {
  readonly createTimeMicros: bigint;
  readonly id: string;
}

const START = 'start';
const placeForm = /^(\d{1,17})\.([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;

/**
 * The cursor of a place; of null, the one before everything. It holds the place itself and refers to no row, so that
 * it stays good when the notification has been deleted.
 */
export function encodeCursor(place: NotificationPlace | null): string {
  return Buffer.from(place ? `${place.createTimeMicros}.${place.id}` : START).toString('base64url');
}

/** The place of a cursor: null before everything, undefined when the text is no cursor. */
export function decodeCursor(cursor: string): NotificationPlace | null | undefined {
  const text = Buffer.from(cursor, 'base64url').toString();
  if (text === START) return null;
  const match = placeForm.exec(text);
  if (!match) return undefined;
  return { createTimeMicros: BigInt(match[1]!), id: match[2]! };
}
