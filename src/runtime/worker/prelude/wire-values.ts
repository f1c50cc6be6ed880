import { create, defineProperty, isArray, ownKeys } from './primordials.ts';
import { decodeBase64, encodeBase64 } from './utilities/base64.ts';

const NativeBuffer = ArrayBuffer;
const Bytes = Uint8Array;

/** An ArrayBuffer of the module's own from base64. */
export function binaryOf(base64: string): ArrayBuffer {
  return (decodeBase64(base64, 'standard', false) ?? new Bytes(0)).buffer;
}

const MAX_BUFFER_DEPTH = 8;

/** A copy in which buffers are their base64; only as deep as parameters nest. */
export function withoutBuffers(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_BUFFER_DEPTH) return value;
  if (value instanceof NativeBuffer) return { base64: encodeBase64(new Bytes(value), 'standard', true) };
  if (isArray(value)) {
    const copy: unknown[] = [];
    for (let i = 0; i < value.length; i++) put(copy, i, withoutBuffers(value[i], depth + 1));
    return copy;
  }
  const copy = create(null) as object;
  const names = ownKeys(value);
  for (let i = 0; i < names.length; i++) {
    put(copy, names[i]!, withoutBuffers((value as Record<string, unknown>)[names[i]!], depth + 1));
  }
  return copy;
}

function put(target: object, key: PropertyKey, value: unknown): void {
  defineProperty(target, key, {
    __proto__: null,
    value,
    enumerable: true,
    writable: true,
    configurable: true,
  } as PropertyDescriptor);
}
