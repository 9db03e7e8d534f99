import type { Columns } from '../../model/batch.ts';
import { seededRandom, shuffled } from '../../numerics/random.ts';
import { buildDesign, type Design } from '../../regression/design.ts';
import type { FeatureColumn } from '../../regression/feature.ts';
import { quoted } from '../../regression/quoted.ts';
import { groupsOf, holdOut } from '../boosting/hold-out.ts';
import { readLogistic } from '../logistic/problem.ts';
import type { ChosenNetwork, NeuralNetworkOptions } from './neural-options.ts';

/** The rows of a fit in an order that their content and the seed decide, those held out at the end. */
export interface NetworkRows {
  readonly inputs: FeatureColumn['field'][];
  readonly design: Design;
  readonly y: Float64Array;
  readonly weight: Float64Array | undefined;
  /** The first so many rows are not held out: all of them without early stopping, or when a side would lack a class. */
  readonly trained: number;
  readonly warnings: readonly string[];
}

/**
 * Reads what `logisticRegression` would, and sorts the rows by content before anything is summed, so that the order of the
 * table does not change a bit; rows of equal content may swap.
 */
export function networkRows(
  data: Columns,
  options: NeuralNetworkOptions<string, string>,
  { features: wanted, earlyStopping, seed }: ChosenNetwork,
): NetworkRows {
  const { label, weight: column, group } = options;
  const { features, used, y, weight, design, warnings } = readLogistic(data, wanted, {
    label,
    features: wanted,
    ...(column === undefined ? {} : { weight: column }),
  });
  const groups = group === undefined ? null : groupsOf(data, group, used);
  const cells = features.map(({ values, codes }) => Float64Array.from(used, (row) => (values ?? codes!)[row]!));
  const keys = [...cells, y, ...(weight ? [weight] : []), ...(groups ? [groups] : [])];
  const sorted = Int32Array.from(used, (_, i) => i).sort(byContent(keys));
  const mixed = shuffled(sorted.length, seededRandom(seed)).map((place) => sorted[place]!);
  const at = <T extends Float64Array | Int32Array>(column: T): T => mixed.map((i) => column[i]!) as T;
  const dealt = earlyStopping && holdOut(at(y), groups && at(groups), earlyStopping.share, seed);
  const order = dealt ? [...dealt.train, ...dealt.heldOut].map((place) => mixed[place]!) : mixed;
  const placed = (column: Float64Array): Float64Array => Float64Array.from(order, (i) => column[i]!);
  const own = features.map((feature, k): FeatureColumn => {
    const values = placed(cells[k]!);
    return feature.values === null ? { ...feature, codes: Int32Array.from(values) } : { ...feature, values };
  });
  return {
    inputs: features.map(({ field }) => field),
    design: buildDesign(
      own,
      Int32Array.from(order, (_, i) => i),
    ),
    y: placed(y),
    weight: weight && placed(weight),
    trained: dealt ? dealt.train.length : order.length,
    warnings: [
      ...warnings,
      ...told(design.constant, 'constant'),
      ...told(design.empty, 'null in every row'),
      ...(earlyStopping && !dealt
        ? [
            `too few ${groups ? 'groups' : 'rows'} to hold any out: the number of epochs is not checked against other rows`,
          ]
        : []),
    ],
  };
}

function told(columns: readonly string[], what: string): readonly string[] {
  return columns.length === 0 ? [] : [`never used, ${what}: ${quoted(columns)}`];
}

/** Compares rows by one column after another; a null comes first. */
function byContent(keys: readonly (Float64Array | Int32Array)[]): (a: number, b: number) => number {
  return (a, b) => {
    for (const key of keys) {
      const x = key[a]!;
      const y = key[b]!;
      if (x === y) continue;
      if (x < y || (x !== x && y === y)) return -1;
      if (x > y || (y !== y && x === x)) return 1;
    }
    return 0;
  };
}
