import { encode, IdTexts } from './id-texts.ts';
import { NumberTable } from './number-table.ts';
import { TextTable } from './text-table.ts';

/** Stands for a null id. */
export const NOBODY = -1;
/** Stands for a customer who is still to be asked for. */
export const UNKNOWN = -2;

/** Customers are numbered as their ids are first seen. An id is a text; a number is taken as its text. */
export class CustomerIds {
  /** By customer. An id stands twice when the first dictionary held it twice; `Customers.inOrder` puts them together. */
  readonly texts: IdTexts = new IdTexts();
  private readonly byNumber: NumberTable = new NumberTable();
  /** Made when texts are asked for: not for a single dictionary, nor for numbers alone. */
  private byText: TextTable | null = null;
  private own: Uint8Array = new Uint8Array(64);

  /** Takes the levels of the first dictionary as customers 0, 1, …; false when there are customers already. */
  takeLevels(levels: readonly string[]): boolean {
    if (!this.areNone()) return false;
    for (const level of levels) {
      // It may make `own` anew.
      const length = this.encode(level);
      this.texts.push(this.own, 0, length);
    }
    return true;
  }

  /** The same of ASCII levels as they lie in Arrow. */
  takeBytes(bytes: Uint8Array, offsets: Int32Array, count: number): boolean {
    if (!this.areNone()) return false;
    this.texts.pushAll(bytes, offsets, count);
    return true;
  }

  private areNone(): boolean {
    return this.texts.count === 0 && this.byText === null;
  }

  /** The customer of an id, a new one if need be. */
  ofText(id: string): number {
    const length = this.encode(id);
    return this.ofEncoded(this.own, 0, length);
  }

  /** The same of the text `bytes[from … to)`, as `IdTexts` has it. */
  ofEncoded(bytes: Uint8Array, from: number, to: number): number {
    const table = this.textTable();
    const known = table.find(bytes, from, to);
    if (known >= 0) return known;
    const customer = this.texts.push(bytes, from, to);
    table.hold(customer);
    return customer;
  }

  /** The customers of up to 4,096 `values`, −1 where NaN. */
  ofNumbers(values: ArrayLike<number>, into: Int32Array): void {
    const alone = this.areNumbers();
    const added = this.byNumber.takeAll(values, into, alone);
    for (let k = 0; k < added; k++) {
      k = this.byNumber.pushAdded(this.texts, k, added);
      if (k === added) break;
      // It may make `own` anew.
      const length = this.encodeNumber(this.byNumber.added[k]!);
      this.texts.push(this.own, 0, length);
    }
    if (!alone) for (let i = 0; i < into.length; i++) if (into[i] === UNKNOWN) into[i] = this.ofNumber(values[i]!);
  }

  /** The customers of rows of UTF-8 texts; {@link UNKNOWN} where one of the above is to be asked. */
  ofBytes(bytes: Uint8Array, offsets: Int32Array, from: number, into: Int32Array): void {
    this.textTable().findAll(bytes, offsets, from, into);
  }

  /** The customer of a finite number. */
  ofNumber(value: number): number {
    const known = this.byNumber.find(value);
    if (known >= 0) return known;
    const length = this.encodeNumber(value);
    const customer = this.areNumbers() ? this.texts.push(this.own, 0, length) : this.ofEncoded(this.own, 0, length);
    this.byNumber.add(value, customer);
    return customer;
  }

  /** Where all ids came as numbers, a new number is a new id. */
  private areNumbers(): boolean {
    return this.byText === null && this.byNumber.size === this.texts.count;
  }

  private textTable(): TextTable {
    this.byText ??= new TextTable(this.texts);
    return this.byText;
  }

  /** Puts the bytes of a text into `own`; returns how many they are. */
  private encode(text: string): number {
    if (3 * text.length > this.own.length) this.own = new Uint8Array(6 * text.length);
    return encode(text, this.own, 0);
  }

  /** The same of the text of a number. */
  private encodeNumber(value: number): number {
    if (!(value >= 0 && value < 2 ** 53 && Math.floor(value) === value)) return this.encode(String(value));
    let length = 1;
    for (let power = 10; value >= power; power *= 10) length++;
    // In two halves of whole 32-bit numbers.
    const above = Math.floor(value / 1e8);
    writeDigits((value - above * 1e8) | 0, this.own, Math.max(0, length - 8), length);
    if (length > 8) writeDigits(above | 0, this.own, 0, length - 8);
    return length;
  }
}

function writeDigits(value: number, into: Uint8Array, from: number, to: number): void {
  for (let at = to, rest = value; at > from; ) {
    const tenth = (rest / 10) | 0;
    into[--at] = 48 + rest - 10 * tenth;
    rest = tenth;
  }
}
