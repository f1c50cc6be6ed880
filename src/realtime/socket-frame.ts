const FIN = 0x80;
const TEXT = 0x1;
const BINARY = 0x2;
const LENGTH_16 = 126;
const LENGTH_64 = 127;

/** A whole unmasked WebSocket text frame, as servers send them. Source: RFC 6455, section 5.2. */
export function frameText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const at = headerLength(length);
  const frame = Buffer.allocUnsafe(at + length);
  writeHeader(frame, TEXT, length);
  frame.write(text, at);
  return frame;
}

/** A whole unmasked WebSocket binary frame. */
export function frameBinary(bytes: Uint8Array): Buffer {
  const at = headerLength(bytes.length);
  const frame = Buffer.allocUnsafe(at + bytes.length);
  writeHeader(frame, BINARY, bytes.length);
  frame.set(bytes, at);
  return frame;
}

function headerLength(length: number): number {
  if (length < LENGTH_16) return 2;
  return length <= 0xffff ? 4 : 10;
}

function writeHeader(frame: Buffer, opcode: number, length: number): void {
  frame[0] = FIN | opcode;
  if (length < LENGTH_16) {
    frame[1] = length;
  } else if (length <= 0xffff) {
    frame[1] = LENGTH_16;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = LENGTH_64;
    frame.writeBigUInt64BE(BigInt(length), 2);
  }
}
