import { fail } from '../errors.ts';
import { blankNulls, carryWhy } from '../kernels/nulls.ts';
import { fields, finite, fitReport, listOf, modelHead, record } from '../model/checks.ts';
import type { FitReport, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';

export interface KMeansFit extends FitReport {
  /** Points per cluster. */
  readonly sizes: readonly number[];
  /** Σ of squared distances to the own centre, on the standardised scale. */
  readonly withinSumOfSquares: number;
  /** Σ n·(squared distance of the centre from the mean of all). Within and between add up to the total. */
  readonly betweenSumOfSquares: number;
  /** Lloyd passes of the start that won. */
  readonly iterations: number;
}

/** Clusters as centres on standardised columns. */
export interface KMeansModel<In extends string = string, O extends string = string>
  extends ModelBase<'kMeans', In, Field<O, 'category'>> {
  /** Per column: standardised x is (x − centre)/spread; a spread of 0 leaves the column out. */
  readonly standards: readonly { readonly centre: number; readonly spread: number }[];
  /** Per cluster its centre, on the standardised scale. */
  readonly centres: readonly (readonly number[])[];
  readonly fit: KMeansFit;
}

const shape = record({
  ...modelHead('kMeans', 1),
  inputs: fields<Field>,
  outputs: fields<Field<string, 'category'>>,
  standards: listOf(record({ centre: finite, spread: finite })),
  centres: listOf(listOf(finite)),
  fit: fitReport<KMeansFit>,
});

/** Reads and scores k-means models: the nearest centre, the earlier one at a tie; null where any column is. */
export const kMeansKind: Kind<KMeansModel> = {
  kind: 'kMeans',
  version: 1,
  parse(json, path) {
    const model = shape(json, path);
    const { inputs, outputs, standards, centres } = model;
    const [output] = outputs;
    if (inputs.length === 0 || inputs.some(({ type }) => type !== 'number') || standards.length !== inputs.length)
      fail('invalid-model', `${path}: expected number inputs, and a standard for each`);
    if (centres.length === 0 || centres.some((centre) => centre.length !== inputs.length))
      fail('invalid-model', `${path}.centres: expected at least one, each with ${inputs.length} coordinates`);
    if (outputs.length !== 1 || output?.levels?.length !== centres.length)
      fail('invalid-model', `${path}.outputs: expected one category with ${centres.length} levels`);
    return model;
  },
  bind({ standards, centres }) {
    const used = standards.flatMap(({ spread }, c) => (spread === 0 ? [] : [c]));
    const k = centres.length;
    const flat = Float64Array.from(centres.flatMap((centre) => used.map((c) => centre[c]!)));
    const centre = Float64Array.from(used, (c) => standards[c]!.centre);
    const spread = Float64Array.from(used, (c) => standards[c]!.spread);
    let nearest = new Float64Array(0);
    let distance = new Float64Array(0);
    return (rows, inputs, [out]) => {
      carryWhy(rows, inputs, out!);
      if (nearest.length < rows) {
        nearest = new Float64Array(rows);
        distance = new Float64Array(rows);
      }
      nearest.fill(Number.POSITIVE_INFINITY, 0, rows);
      out!.codes.fill(0, 0, rows);
      for (let cluster = 0; cluster < k; cluster++) {
        distance.fill(0, 0, rows);
        for (let d = 0; d < used.length; d++) {
          const values = inputs[used[d]!]!.values;
          const about = centre[d]!;
          const width = spread[d]!;
          const target = flat[cluster * used.length + d]!;
          for (let i = 0; i < rows; i++) {
            const difference = (values[i]! - about) / width - target;
            distance[i]! += difference * difference;
          }
        }
        for (let i = 0; i < rows; i++)
          if (distance[i]! < nearest[i]!) {
            nearest[i] = distance[i]!;
            out!.codes[i] = cluster;
          }
      }
      blankNulls(rows, out!);
    };
  },
};
