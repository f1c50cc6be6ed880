import { encodeUtf8 } from '../utilities/utf8.ts';

/** The Encoding Standard's TextEncoder. */
export class TextEncoder {
  get encoding(): string {
    return 'utf-8';
  }

  encode(input?: string): Uint8Array<ArrayBuffer> {
    return input === undefined ? new Uint8Array(0) : encodeUtf8(String(input));
  }

  /** Writes as many whole characters as fit; `read` counts UTF-16 units. */
  encodeInto(source: string, destination: Uint8Array): { read: number; written: number } {
    let read = 0;
    let written = 0;
    for (const character of String(source)) {
      const bytes = encodeUtf8(character);
      if (written + bytes.length > destination.length) break;
      destination.set(bytes, written);
      written += bytes.length;
      read += character.length;
    }
    return { read, written };
  }
}
