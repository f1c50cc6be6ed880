/** Room that is kept between messages; a larger message makes it grow for itself alone. */
const keptBytes = 16 * 1024;

/**
 * Writes protobuf bytes from the end to the beginning. The length of a nested message goes in front of it, and is
 * known when the writer comes to it.
 */
export class ReverseWriter {
  #buffer = Buffer.allocUnsafe(keptBytes);
  #position = keptBytes;

  /** How many bytes are written so far. */
  get length(): number {
    return this.#buffer.length - this.#position;
  }

  /** The bytes, in memory of their own; the writer is empty again. */
  finish(): Buffer {
    const bytes = Buffer.from(this.#buffer.subarray(this.#position));
    this.reset();
    return bytes;
  }

  /** Forgets what was written. */
  reset(): void {
    if (this.#buffer.length > keptBytes) this.#buffer = Buffer.allocUnsafe(keptBytes);
    this.#position = this.#buffer.length;
  }

  /** A whole number from 0 to 2^53 - 1. */
  varint(value: number): void {
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size++;
    let at = this.#reserve(size);
    let rest = value;
    for (; rest >= 128; rest = Math.floor(rest / 128)) this.#buffer[at++] = (rest % 128) | 128;
    this.#buffer[at] = rest;
  }

  /** A whole number of 64 bits; a negative one as its two's complement. */
  varint64(value: bigint): void {
    if (value >= 0n && value <= Number.MAX_SAFE_INTEGER) {
      this.varint(Number(value));
      return;
    }
    const bytes: number[] = [];
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
    bytes.push(Number(rest));
    this.#buffer.set(bytes, this.#reserve(bytes.length));
  }

  double(value: number): void {
    const at = this.#reserve(8);
    this.#buffer.writeDoubleLE(value, at);
  }

  /** Bytes with their length. */
  bytes(value: Uint8Array): void {
    const at = this.#reserve(value.length);
    this.#buffer.set(value, at);
    this.varint(value.length);
  }

  /** Text as UTF-8, with its length. */
  string(value: string): void {
    const size = Buffer.byteLength(value);
    const at = this.#reserve(size);
    this.#buffer.write(value, at, size);
    this.varint(size);
  }

  #reserve(size: number): number {
    if (size > this.#position) this.#grow(size);
    this.#position -= size;
    return this.#position;
  }

  #grow(size: number): void {
    const grown = Buffer.allocUnsafe(2 * this.#buffer.length + size);
    const position = grown.length - this.length;
    this.#buffer.copy(grown, position, this.#position);
    this.#buffer = grown;
    this.#position = position;
  }
}
