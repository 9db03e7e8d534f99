import { type ArrowType, type Chunk, TYPE } from '../columns/arrow-shape.ts';
import { requireColumn } from '../columns/batch.ts';
import type { ArrowLike } from '../model/batch.ts';
import type { Field } from '../model/field.ts';

type Fields = ArrowLike['schema']['fields'];
/** A column of a record batch of apache-arrow. */
export type Child = Chunk & { readonly type: ArrowType };
interface Struct {
  readonly type?: ArrowType;
  readonly children?: readonly (Child | undefined)[];
}

/** Whether fields have these names, in this order. */
export function areNamed(fields: Fields, names: readonly string[]): boolean {
  if (fields.length !== names.length) return false;
  for (let f = 0; f < names.length; f++) if (fields[f]!.name !== names[f]) return false;
  return true;
}

/**
 * Finds the columns of record batches of apache-arrow without `getChild`, which makes a vector of each, every time. Where they
 * stand is looked up once for all batches with the same names.
 */
export class ChildFinder {
  private readonly fields: readonly Field[];
  private names: readonly string[] | undefined;
  private places: readonly number[] = [];

  constructor(fields: readonly Field[]) {
    this.fields = fields;
  }

  /** The columns, in the order of the model's inputs; `null` for what is no such batch. @throws where a column is missing, or there twice. */
  find(batch: ArrowLike): readonly Child[] | null {
    const { fields } = batch.schema;
    const { type, children } = ((batch as { readonly data?: Struct }).data ?? {}) as Struct;
    if (type?.typeId !== TYPE.struct || !Array.isArray(children) || children.length !== fields.length) return null;
    if (this.names === undefined || !areNamed(fields, this.names)) {
      this.names = undefined;
      for (const { name } of this.fields) requireColumn(batch, name);
      const names = fields.map(({ name }) => name);
      this.places = this.fields.map(({ name }) => names.indexOf(name));
      this.names = names;
    }
    const found: Child[] = [];
    for (const place of this.places) {
      const child = (children as NonNullable<Struct['children']>)[place];
      // The way of all other batches tells what is wrong.
      if (child?.length !== batch.numRows || typeof child.type?.typeId !== 'number') return null;
      found.push(child);
    }
    return found;
  }
}
