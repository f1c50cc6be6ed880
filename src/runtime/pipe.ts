import type { Duplex } from 'node:stream';

/**
 * The protocol between the server process and a runtime worker: frames of a 32-bit length (little endian) and that
 * many bytes of UTF-8 text. The text is records, each ended by a line break. A record is a head, a tab and a body;
 * the head's words are separated by spaces and tell who the record is for, the body (JSON, so without line breaks
 * and tabs) is for the one that it reaches. What arises in one turn of the event loop goes out as one frame.
 */

const LENGTH_BYTES = 4;

export interface PipeOptions {
  /** Bytes of one frame at most; a larger one breaks the pipe. */
  readonly maxFrameBytes: number;
  /** Gets each record, without its line break. */
  readonly onRecord: (record: string) => void;
  /** Called once, after the last record: the other side is gone, or sent what is no frame. */
  readonly onEnd: (error?: Error) => void;
}

/** One end of a pipe. */
export class Pipe {
  readonly #stream: Duplex;
  readonly #options: PipeOptions;
  readonly #assembler: FrameAssembler;
  #pending = '';
  #scheduled = false;
  #ended = false;

  constructor(stream: Duplex, options: PipeOptions) {
    this.#stream = stream;
    this.#options = options;
    this.#assembler = new FrameAssembler(options.maxFrameBytes);
    stream.on('data', (chunk: Buffer) => this.#receive(chunk));
    stream.on('end', () => this.#end());
    stream.on('close', () => this.#end());
    stream.on('error', (error: Error) => this.#end(error));
  }

  /** Sends a record with the others of this turn of the event loop. The body has no line break. */
  send(head: string, body = ''): void {
    this.sendRecord(`${head}\t${body}`);
  }

  /** Sends a whole record as it was received elsewhere. */
  sendRecord(record: string): void {
    this.holdRecord(record);
    this.release();
  }

  /** Keeps a record until others are sent, or {@link release} is called. */
  hold(head: string, body: string): void {
    this.holdRecord(`${head}\t${body}`);
  }

  /** Keeps a whole record, as {@link hold} does. */
  holdRecord(record: string): void {
    this.#pending += `${record}\n`;
  }

  /** Sends what is held, with what else this turn of the event loop brings. */
  release(): void {
    if (this.#scheduled || this.#pending === '') return;
    this.#scheduled = true;
    setImmediate(this.#flushLater);
  }

  /** Sends what is pending now. The callback runs when the system has taken it, or cannot. */
  flush(sent?: () => void): void {
    const text = this.#pending;
    this.#pending = '';
    if (text === '' || this.#ended) {
      sent?.();
      return;
    }
    for (const frame of framesOf(text, this.#options.maxFrameBytes)) this.#stream.write(frame);
    if (sent) this.#stream.write('', () => sent());
  }

  /** Sends what is pending and ends this side. */
  close(): void {
    this.flush();
    this.#stream.end();
  }

  /** Breaks the pipe at once. */
  destroy(): void {
    this.#stream.destroy();
  }

  readonly #flushLater = () => {
    this.#scheduled = false;
    this.flush();
  };

  #receive(chunk: Buffer): void {
    if (this.#ended) return;
    try {
      for (const text of this.#assembler.push(chunk)) this.#deliver(text);
    } catch (error) {
      this.#end(error as Error);
      this.#stream.destroy();
    }
  }

  #deliver(text: string): void {
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.#options.onRecord(text.slice(from, end));
      from = end + 1;
    }
  }

  #end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#options.onEnd(error);
  }
}

/** The frames of a text: one, unless it is too large for one; then it is cut between records. */
export function framesOf(text: string, maxFrameBytes: number): Buffer[] {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxFrameBytes) {
    const frame = Buffer.allocUnsafe(LENGTH_BYTES + bytes);
    frame.writeUInt32LE(bytes, 0);
    frame.write(text, LENGTH_BYTES);
    return [frame];
  }
  const middle = text.indexOf('\n', text.length >>> 1);
  const cut = middle >= 0 && middle < text.length - 1 ? middle : text.lastIndexOf('\n', text.length - 2);
  if (cut < 0) throw new FrameError(`a record has ${bytes} bytes, more than a frame's ${maxFrameBytes}`);
  return [...framesOf(text.slice(0, cut + 1), maxFrameBytes), ...framesOf(text.slice(cut + 1), maxFrameBytes)];
}

/** A frame or record that is too large. */
export class FrameError extends Error {}

/** The head's words and the body of a record. */
export function splitRecord(record: string): { head: string[]; body: string } {
  const tab = record.indexOf('\t');
  return { head: record.slice(0, tab).split(' '), body: record.slice(tab + 1) };
}

/** The whole numbers in the head of a record, after its letter; without making texts of them. */
export function headNumbers(record: string): number[] {
  const numbers: number[] = [];
  let value = 0;
  for (let at = 2; ; at++) {
    const code = record.charCodeAt(at);
    if (code >= 48 && code <= 57) value = value * 10 + code - 48;
    else {
      numbers.push(value);
      if (code !== 32) return numbers;
      value = 0;
    }
  }
}

/** Puts frames together from the chunks that a stream gives. */
export class FrameAssembler {
  readonly #maxFrameBytes: number;
  #parts: Buffer[] = [];
  #held = 0;
  /** Bytes that must be there before the next step; a length first, then the text. */
  #wanted = LENGTH_BYTES;
  #inText = false;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /**
   * Takes a chunk and gives the texts of the frames that it completes.
   * @throws FrameError when a frame announces more than the limit
   */
  push(chunk: Buffer): string[] {
    const texts: string[] = [];
    this.#parts.push(chunk);
    this.#held += chunk.length;
    if (this.#held < this.#wanted) return texts;
    let data = this.#parts.length === 1 ? chunk : Buffer.concat(this.#parts);
    while (data.length >= this.#wanted) {
      const used = this.#wanted;
      if (this.#inText) {
        texts.push(data.toString('utf8', 0, used));
        this.#wanted = LENGTH_BYTES;
      } else {
        this.#wanted = data.readUInt32LE(0);
        if (this.#wanted > this.#maxFrameBytes) {
          throw new FrameError(`a frame of ${this.#wanted} bytes, more than the limit of ${this.#maxFrameBytes}`);
        }
      }
      this.#inText = !this.#inText;
      data = data.subarray(used);
    }
    this.#parts = data.length > 0 ? [data] : [];
    this.#held = data.length;
    return texts;
  }
}
