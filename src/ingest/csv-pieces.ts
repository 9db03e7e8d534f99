import { fail } from '../errors.ts';
import { foreignFormat, SNIFF_BYTES } from './sniff.ts';

/** Whole records of a CSV file, with the number of the line (from 1) on which the first of them starts. */
export interface Piece {
  readonly bytes: Uint8Array;
  readonly line: number;
}

const LF = 10;
const CR = 13;
const QUOTE = 34;
const BOM = [0xef, 0xbb, 0xbf] as const;
/** Smaller pieces than this wait for more: each parse has a fixed cost. */
const PIECE_BYTES = 32_768;

/**
 * Cuts chunks of bytes at record ends, so that the parser sees whole records only. A line end between quotes ends no
 * record. On the way: foreign formats by their first bytes, the byte order mark, NUL bytes, bare carriage returns, invalid
 * UTF-8 and the record limit.
 */
export class CsvPieces {
  private readonly maxRecordBytes: number;
  private buffer: Uint8Array = new Uint8Array(2 * PIECE_BYTES);
  private used = 0;
  private scanned = 0;
  private started = false;
  /** Line of `buffer[0]`, of `buffer[scanned]`, of the record that is being scanned. */
  private firstLine = 1;
  private line = 1;
  private recordLine = 1;
  private recordStart = 0;
  private quoted = false;
  private afterCr = false;

  constructor(maxRecordBytes: number) {
    this.maxRecordBytes = maxRecordBytes;
  }

  /** Takes a chunk; gives the whole records so far once there are enough of them. */
  push(chunk: Uint8Array): Piece | undefined {
    this.store(chunk);
    if (!this.started) {
      if (this.used < SNIFF_BYTES) return undefined;
      this.start();
    }
    this.scan();
    this.checkSize(this.used);
    return this.recordStart >= PIECE_BYTES ? this.cut(this.recordStart) : undefined;
  }

  /** What is left. A quote that is still open is left for the parser to complain about. */
  end(): Piece | undefined {
    if (!this.started) this.start();
    this.scan();
    if (this.afterCr) this.bareCr();
    return this.used > 0 ? this.cut(this.used) : undefined;
  }

  private store(chunk: Uint8Array): void {
    const wanted = this.used + chunk.length;
    if (wanted > this.buffer.length) {
      const bigger = new Uint8Array(Math.max(wanted, 2 * this.buffer.length));
      bigger.set(this.buffer.subarray(0, this.used));
      this.buffer = bigger;
    }
    this.buffer.set(chunk, this.used);
    this.used = wanted;
  }

  private start(): void {
    this.started = true;
    const head = this.buffer.subarray(0, this.used);
    const foreign = foreignFormat(head);
    if (foreign !== undefined) fail('foreign-format', foreign);
    if (BOM.every((byte, i) => head[i] === byte)) this.drop(BOM.length);
  }

  private scan(): void {
    const { buffer, used } = this;
    let { quoted, afterCr } = this;
    for (let i = this.scanned; i < used; i++) {
      const byte = buffer[i]!;
      if (byte > QUOTE && !afterCr) continue;
      if (byte === QUOTE) quoted = !quoted;
      if (byte === LF) {
        this.line++;
        if (!quoted) {
          this.checkSize(i);
          this.recordStart = i + 1;
          this.recordLine = this.line;
        }
      } else if (afterCr) this.bareCr();
      if (byte === 0)
        fail('corrupt-input', `line ${this.line} holds a NUL byte: the file is damaged, or not UTF-8 text`);
      afterCr = byte === CR && !quoted;
    }
    this.scanned = used;
    this.quoted = quoted;
    this.afterCr = afterCr;
  }

  private checkSize(end: number): void {
    if (end - this.recordStart <= this.maxRecordBytes) return;
    fail(
      'corrupt-input',
      `the record that starts on line ${this.recordLine} is longer than ${this.maxRecordBytes} bytes: close the quote that may be open there, or raise \`maxRecordBytes\``,
    );
  }

  private bareCr(): never {
    return fail(
      'corrupt-input',
      `line ${this.line} holds a carriage return without a line feed: save the file with LF or CRLF line ends`,
    );
  }

  private cut(end: number): Piece {
    const piece = { bytes: this.buffer.slice(0, end), line: this.firstLine };
    checkUtf8(piece);
    this.firstLine = this.recordLine;
    this.drop(end);
    return piece;
  }

  private drop(count: number): void {
    this.buffer.copyWithin(0, count, this.used);
    this.used -= count;
    this.scanned = Math.max(this.scanned - count, 0);
    this.recordStart = Math.max(this.recordStart - count, 0);
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

function checkUtf8(piece: Piece): void {
  try {
    utf8.decode(piece.bytes);
  } catch {
    const at = firstInvalidByte(piece.bytes);
    const before = piece.bytes.subarray(0, at);
    const line = piece.line + before.reduce((count, byte) => count + (byte === LF ? 1 : 0), 0);
    const column = at - before.lastIndexOf(LF);
    fail('corrupt-input', `line ${line}, near byte ${column} of the line, is not valid UTF-8: save the file as UTF-8`);
  }
}

function firstInvalidByte(bytes: Uint8Array): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for (let i = 0; i < bytes.length; i++)
    try {
      decoder.decode(bytes.subarray(i, i + 1), { stream: true });
    } catch {
      return i;
    }
  return bytes.length - 1;
}

/** The line on which record `index` of a piece starts, and its offset in the piece. */
export function recordPosition(piece: Piece, index: number): { line: number; offset: number } {
  let { line } = piece;
  let quoted = false;
  let left = index;
  let i = 0;
  for (; i < piece.bytes.length && left > 0; i++) {
    const byte = piece.bytes[i]!;
    if (byte === QUOTE) quoted = !quoted;
    if (byte === LF) {
      line++;
      if (!quoted) left--;
    }
  }
  return { line, offset: i };
}

/** The line of the quote that is still open at the end of the piece, looking from `offset`, which lies on `line`. */
export function openQuoteLine(piece: Piece, { line, offset }: { line: number; offset: number }): number {
  let quoted = false;
  let opened = line;
  let closed = -2;
  for (let i = offset; i < piece.bytes.length; i++) {
    const byte = piece.bytes[i]!;
    if (byte === LF) line++;
    if (byte !== QUOTE) continue;
    quoted = !quoted;
    if (!quoted) closed = i;
    else if (closed !== i - 1) opened = line;
  }
  return opened;
}
