import { NumberTable } from './number-table.ts';
import { TextTable } from './text-table.ts';

/** Stands for a null id. */
export const NOBODY = -1;
/** Stands for a customer who is still to be asked for. */
export const UNKNOWN = -2;

/** Customers are numbered as their ids are first seen. An id is a text; a number is taken as its text. */
export class CustomerIds {
  /** By customer. An id stands twice when the first dictionary held it twice; `summaryOf` puts them together. */
  texts: string[] = [];
  private readonly byNumber: NumberTable = new NumberTable();
  /** Made when texts are asked for: not for a single dictionary, nor for numbers alone. */
  private byText: TextTable | null = null;

  /** Takes the levels of the first dictionary as customers 0, 1, …; false when there are customers already. */
  takeLevels(levels: readonly string[]): boolean {
    if (this.texts.length > 0 || this.byText !== null) return false;
    this.texts = levels.slice();
    return true;
  }

  /** The customer of an id, a new one if need be. */
  ofText(id: string): number {
    const table = this.textTable();
    const known = table.find(id);
    if (known >= 0) return known;
    const customer = this.texts.push(id) - 1;
    table.add(id, customer);
    return customer;
  }

  /** The customers of `values[0 … count)`, −1 where NaN. `values` is scratch. */
  ofNumbers(values: Float64Array, count: number, into: Int32Array): void {
    this.byNumber.findAll(values, count, into);
    for (let i = 0; i < count; i++) if (into[i] === UNKNOWN) into[i] = this.ofNumber(values[i]!);
  }

  /** The customers of rows of UTF-8 texts; {@link UNKNOWN} where `ofText` is to be asked. */
  ofBytes(bytes: Uint8Array, offsets: Int32Array, from: number, into: Int32Array): void {
    this.textTable().findAll(bytes, offsets, from, into);
  }

  private textTable(): TextTable {
    if (this.byText === null) {
      this.byText = new TextTable();
      for (const [customer, id] of this.texts.entries()) this.byText.add(id, customer);
    }
    return this.byText;
  }

  ofNumber(value: number): number {
    const known = this.byNumber.find(value);
    if (known >= 0) return known;
    const id = String(value);
    // Where all ids came as numbers, a new number is a new id.
    const alone = this.byText === null && this.byNumber.size === this.texts.length;
    const customer = alone ? this.texts.push(id) - 1 : this.ofText(id);
    this.byNumber.add(value, customer);
    return customer;
  }
}
