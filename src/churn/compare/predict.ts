import { rowCount } from '../../columns/batch.ts';
import { makeLane } from '../../columns/lane.ts';
import { openField } from '../../columns/open.ts';
import { fail } from '../../errors.ts';
import { type Columns, WHY } from '../../model/batch.ts';
import type { Estimator, Kind, Kinds, ModelBase } from '../../model/contract.ts';

const BLOCK = 2048;

/** The number column `output` of a model's scores, NaN where null. For fits that need scores; scoring itself is `compile`. */
export function predict(kinds: Kinds, model: ModelBase, data: Columns, output: string): Float64Array {
  const rows = rowCount(data);
  const at = model.outputs.findIndex(({ name, type }) => name === output && type === 'number');
  if (at < 0) fail('unknown-column', `${model.kind} gives no number "${output}"`);
  const kernel = kinds.of(model.kind).bind(model, kinds);
  const readers = model.inputs.map((field) => openField(data, field));
  const room = Math.min(BLOCK, rows);
  const lanes = model.inputs.map((field) => makeLane(field, room));
  const outputs = model.outputs.map((field) => makeLane(field, room));
  const out = new Float64Array(rows);
  for (let start = 0; start < rows; start += BLOCK) {
    const count = Math.min(BLOCK, rows - start);
    readers.forEach((reader, c) => {
      reader.read(start, count, lanes[c]!);
    });
    for (const lane of outputs) {
      lane.why.fill(WHY.valid);
      lane.clean = true;
    }
    kernel(count, lanes, outputs);
    out.set(outputs[at]!.values.subarray(0, count), start);
  }
  return out;
}

/** The kinds of an estimator and, when it is a chain, of its steps. */
export function kindsWithin(estimator: Estimator): Kinds {
  const known = new Map<string, Kind>();
  const add = (own: Estimator & { readonly steps?: readonly Estimator[] }): void => {
    known.set(own.kind.kind, own.kind);
    own.steps?.forEach(add);
  };
  add(estimator);
  return { of: (kind) => known.get(kind) ?? fail('unknown-kind', `unknown model kind "${kind}"`) };
}
