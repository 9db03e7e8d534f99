import { fail } from '../errors.ts';
import type { Field } from '../model/field.ts';
import { list, names, object } from '../model/options.ts';

/** A category that stands in the matrix of the peer as one column of 0 and 1 per level, in this order. */
export interface MlLevels<C extends string = string> {
  readonly column: C;
  readonly levels: readonly string[];
  /** A further level, whose rows are 0 in all of these columns. */
  readonly reference?: string;
}

/** A number that stands in the matrix as (x − mean)/scale. */
export interface MlScaled<C extends string = string> {
  readonly column: C;
  /** Default 0. */
  readonly mean?: number;
  /** Default 1. */
  readonly scale?: number;
}

/** One column of the peer's matrix. */
export interface MatrixColumn {
  /** Index of the input. */
  readonly input: number;
  /** Code of the level that is 1 here; −1 for a number. */
  readonly level: number;
  readonly mean: number;
  readonly scale: number;
}

export interface MatrixLayout {
  readonly inputs: readonly Field[];
  readonly columns: readonly MatrixColumn[];
}

/** What the columns of the peer's matrix hold, from the list of features in their order. */
export function matrixLayout(features: readonly (string | MlLevels | MlScaled)[]): MatrixLayout {
  const inputs: Field[] = [];
  const columns: MatrixColumn[] = [];
  list(features, 'features').forEach((given, k) => {
    const path = `features[${k}]`;
    const feature: Partial<MlLevels & MlScaled> = typeof given === 'string' ? { column: given } : object(given, path);
    const name = feature.column!;
    names({ [`${path}.column`]: name });
    if (inputs.some((field) => field.name === name)) fail('invalid-option', `feature "${name}" is given twice`);
    const input = inputs.length;
    if (feature.levels === undefined) {
      const { mean = 0, scale = 1 } = feature;
      if (!Number.isFinite(mean)) fail('invalid-option', `invalid ${path}.mean: ${mean}; use a finite number`);
      if (!(scale > 0 && Number.isFinite(scale)))
        fail('invalid-option', `invalid ${path}.scale: ${scale}; use a number above 0`);
      inputs.push({ name, type: 'number' });
      columns.push({ input, level: -1, mean, scale });
      return;
    }
    const own = list(feature.levels, `${path}.levels`);
    const levels = feature.reference === undefined ? own : [...own, feature.reference];
    if (own.length === 0 || levels.some((level) => typeof level !== 'string') || new Set(levels).size < levels.length)
      fail('invalid-option', `invalid ${path}.levels: list each level of "${name}" once, as text`);
    inputs.push({ name, type: 'category', levels });
    own.forEach((_, level) => {
      columns.push({ input, level, mean: 0, scale: 1 });
    });
  });
  return { inputs, columns };
}
