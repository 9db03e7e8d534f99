import { readCategories, readNumbers } from '../columns/whole.ts';
import { blankNulls, carryWhy } from '../kernels/nulls.ts';
import { fields, finite, fitReport, listOf, modelHead, record } from '../model/checks.ts';
import type { Estimator, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';

const done = { status: 'converged', rows: 0, warnings: [] } as const;

/** score = mean of a 0/1 label per level of a category: learns from a label, and over-fits visibly. */
export interface LevelMeanModel<C extends string = string, O extends string = string>
  extends ModelBase<'levelMean', C, Field<O, 'number'>> {
  readonly means: readonly number[];
}

export const levelMeanKind: Kind<LevelMeanModel> = {
  kind: 'levelMean',
  version: 1,
  parse: record({
    ...modelHead('levelMean', 1),
    inputs: fields,
    outputs: fields,
    fit: fitReport,
    means: listOf(finite),
  }) as Kind<LevelMeanModel>['parse'],
  bind:
    ({ means }) =>
    (rows, [category], [out]) => {
      carryWhy(rows, [category!], out!);
      for (let i = 0; i < rows; i++) out!.values[i] = means[category!.codes[i]!] ?? 0;
      blankNulls(rows, out!);
    },
};

export function levelMean<
  const C extends string,
  const L extends string,
  const O extends string = 'levelMean',
>(options: { readonly category: C; readonly label: L; readonly as?: O }): Estimator<LevelMeanModel<C, O>> {
  const as = options.as ?? ('levelMean' as O);
  return {
    kind: levelMeanKind,
    labels: [options.label],
    targets: [{ output: as, actual: (data) => readNumbers(data, options.label) }],
    fit(data) {
      const { codes, levels } = readCategories(data, options.category);
      const labels = readNumbers(data, options.label);
      const sums = levels.map(() => [0, 0]);
      codes.forEach((code, row) => {
        if (code < 0 || Number.isNaN(labels[row]!)) return;
        sums[code]![0]! += labels[row]!;
        sums[code]![1]! += 1;
      });
      const seen = levels.flatMap((_, code) => (sums[code]![1]! > 0 ? [code] : []));
      return {
        kind: 'levelMean',
        version: 1,
        inputs: [{ name: options.category, type: 'category', levels: seen.map((code) => levels[code]!) }],
        outputs: [{ name: as, type: 'number' }],
        means: seen.map((code) => sums[code]![0]! / sums[code]![1]!),
        fit: done,
      };
    },
  };
}

/** margin = value − mean of the fitted rows; explains itself. */
export interface CentredModel<C extends string = string, O extends string = string>
  extends ModelBase<'centred', C, Field<O, 'number'> & { readonly explained: 'margin' }> {
  readonly mean: number;
}

export const centredKind: Kind<CentredModel> = {
  kind: 'centred',
  version: 1,
  parse: record({
    ...modelHead('centred', 1),
    inputs: fields,
    outputs: fields,
    fit: fitReport,
    mean: finite,
  }) as Kind<CentredModel>['parse'],
  bind:
    ({ mean }) =>
    (rows, [value], [out]) => {
      carryWhy(rows, [value!], out!);
      for (let i = 0; i < rows; i++) out!.values[i] = value!.values[i]! - mean;
      blankNulls(rows, out!);
    },
  explain: ({ mean, inputs }) => ({
    scale: 'margin',
    base: -mean,
    terms: [{ name: inputs[0]!.name, columns: [inputs[0]!.name] }],
    kernel: (rows, [value], [out]) => {
      carryWhy(rows, [value!], out!);
      out!.values.set(value!.values.subarray(0, rows));
      blankNulls(rows, out!);
    },
  }),
};

export function centred<const C extends string, const O extends string>(options: {
  readonly column: C;
  readonly as: O;
}): Estimator<CentredModel<C, O>> {
  return {
    kind: centredKind,
    fit(data) {
      const values = readNumbers(data, options.column).filter((x) => !Number.isNaN(x));
      return {
        kind: 'centred',
        version: 1,
        inputs: [{ name: options.column, type: 'number' }],
        outputs: [{ name: options.as, type: 'number', explained: 'margin' }],
        mean: values.reduce((sum, x) => sum + x, 0) / values.length,
        fit: done,
      };
    },
  };
}

/** flag = 'yes' where the category is one of the listed levels: a category output, and levels of its own. */
export interface PickedModel<C extends string = string> extends ModelBase<'picked', C, Field<'picked', 'category'>> {}

export const pickedKind: Kind<PickedModel> = {
  kind: 'picked',
  version: 1,
  parse: record({
    ...modelHead('picked', 1),
    inputs: fields,
    outputs: fields,
    fit: fitReport,
  }) as Kind<PickedModel>['parse'],
  bind:
    () =>
    (rows, [category], [out]) => {
      out!.clean = true;
      for (let i = 0; i < rows; i++) {
        const missing = category!.why[i] === 1;
        out!.why[i] = missing ? 1 : 0;
        out!.codes[i] = missing ? -1 : category!.codes[i]! >= 0 ? 1 : 0;
        if (missing) out!.clean = false;
      }
    },
};

export function picked<const C extends string>(column: C, levels: readonly string[]): Estimator<PickedModel<C>> {
  return {
    kind: pickedKind,
    fit: () => ({
      kind: 'picked',
      version: 1,
      inputs: [{ name: column, type: 'category', levels }],
      outputs: [{ name: 'picked', type: 'category', levels: ['no', 'yes'] }],
      fit: done,
    }),
  };
}
