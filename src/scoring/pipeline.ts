import { type BinaryMetrics, binaryMetrics } from '../churn/metrics.ts';
import { columnNames, isArrowLike, rowCount } from '../columns/batch.ts';
import { matches } from '../columns/matches.ts';
import { takeRows } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import {
  type Estimator,
  type InputsOf,
  type Kind,
  type Kinds,
  type ModelBase,
  type ModelOf,
  type OutputsOf,
  worstStatus,
} from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { When } from '../model/when.ts';
import { kindsOf } from './engine.ts';
import { assignFolds, type Folds } from './folds.ts';
import { type HeldOut, type PipelineModel, pipelineKind, wireFields } from './pipeline-kind.ts';
import type { ScoredColumns } from './plan.ts';
import { plainResult, run } from './run.ts';

// biome-ignore lint/suspicious/noExplicitAny: estimators are invariant in their model; any is the only common supertype
type AnyEstimator = Estimator<any>;

/** What a chain of estimators needs from outside. */
type External<S, Have extends string = never> = S extends readonly [infer E, ...infer R]
  ? Exclude<InputsOf<ModelOf<E>>, Have> | External<R, Have | OutputsOf<ModelOf<E>>['name']>
  : never;

export interface PipelineOptions {
  /**
   * Which rows are customers today. Steps that learn from a label train on all rows; every other step (cuts, tiers,
   * means) is fitted on these rows only. Default: all rows.
   */
  readonly active?: When;
  /** Folds for the out-of-fold outputs of label-learning steps. Default: 5, seed 1, each row its own customer. */
  readonly folds?: Folds;
}

export interface CrossFitOptions {
  /** Called before each piece of work. */
  readonly onProgress?: (done: number, total: number, what: string) => void;
}

/** A pipeline's fit together with the scores of the rows it was fitted on. */
export interface CrossFit<M extends ModelBase> {
  readonly model: M;
  /**
   * Every output of every row. Label-learning steps give their out-of-fold outputs, by fits that had not seen the row, and
   * the steps behind them were fed those. A label-learning step that reads the output of an earlier one was fitted on
   * out-of-fold outputs to which the row's label contributed through other folds: a second-order trace, as in stacking.
   */
  readonly heldOut: ScoredColumns<OutputsOf<M>>;
}

export interface PipelineEstimator<M extends PipelineModel> extends Estimator<M> {
  /** `fit`, and the held-out scores of the very rows. `fit(data)` is `crossFit(data).model`. */
  crossFit(data: Columns, options?: CrossFitOptions): CrossFit<M>;
  /** Its steps; those of a nested pipeline are steps of the outer one. */
  readonly steps: readonly AnyEstimator[];
  /** Names of the options that were given. */
  readonly chosen: readonly string[];
}

/**
 * Chains estimators: each step's outputs feed the inputs of later ones. Itself an estimator; its fit is itself a model.
 * While fitting, later steps are fed the out-of-fold outputs of every step that learned from a label, since cuts and
 * means of in-sample scores do not carry over to fresh customers; the stored step is then refitted on all rows. The
 * figures in `fit.heldOut` come from the same folds.
 *
 * @throws ClienteleError `output-taken`, `label-as-feature`, and whatever the steps throw.
 * @example
 * pipeline([logisticRegression({ … }), loyalty(), threeDimensional({ cut: 'mean' })], {
 *   active: { column: 'Churn', equals: 'No' },
 * }).fit(customers);
 */
export function pipeline<const S extends readonly AnyEstimator[]>(
  steps: S,
  options: PipelineOptions = {},
): PipelineEstimator<PipelineModel<External<S>, OutputsOf<ModelOf<S[number]>>>> {
  type M = PipelineModel<External<S>, OutputsOf<ModelOf<S[number]>>>;
  if (steps.length === 0) fail('invalid-option', 'a pipeline needs at least one step');
  const flat = steps.flatMap((step) => inner(step));
  const targets = flat.flatMap((step) => step.targets ?? []);
  const labels = flat.flatMap((step) => step.labels ?? []);
  const crossFit = (data: Columns, how: CrossFitOptions = {}, upstream: readonly Field[] = []): CrossFit<M> =>
    fitSteps(flat, data, upstream, options, how) as unknown as CrossFit<M>;
  return {
    kind: pipelineKind,
    steps: flat,
    chosen: Object.keys(options),
    ...(targets.length > 0 ? { targets } : {}),
    ...(labels.length > 0 ? { labels } : {}),
    crossFit,
    fit: (data, upstream) => crossFit(data, {}, upstream).model,
  };
}

type Frame = { [name: string]: Float64Array | CategoryColumn };

function fitSteps(
  steps: readonly AnyEstimator[],
  data: Columns,
  upstream: readonly Field[],
  { active, folds = { count: 5, seed: 1 } }: PipelineOptions,
  { onProgress }: CrossFitOptions,
): CrossFit<PipelineModel> {
  const rows = rowCount(data);
  if (rows === 0) fail('empty-input', 'no rows to fit on');
  const frame: Frame = decode(data, rows);
  const kinds = kindsOf(steps.map((step) => step.kind));
  const activeRows = active ? rowsWhere(matches(data, active)) : null;
  if (activeRows?.length === 0) fail('empty-input', `no row satisfies the condition on "${active!.column}"`);
  const supervised = steps.some((step) => step.targets);
  const foldOf = supervised ? assignFolds(data, rows, folds) : null;
  const labels = new Set(steps.flatMap((step) => step.labels ?? []));
  const total = steps.reduce((n, step) => n + 1 + (step.targets ? folds.count : 0), 0);
  let done = 0;
  const tick = (what: string): void => onProgress?.(done++, total, what);

  const models: ModelBase[] = [];
  const heldOut: HeldOut[] = [];
  const made: Field[] = [];
  for (const step of steps) {
    const known = [...upstream, ...made];
    tick(step.kind.kind);
    const model: ModelBase = step.fit(step.targets || !activeRows ? frame : take(frame, activeRows), known);
    for (const input of model.inputs)
      if (labels.has(input.name))
        fail(
          'label-as-feature',
          `step ${model.kind} reads "${input.name}", which is a label or an outcome: leave it out`,
        );
    for (const output of model.outputs)
      if (Object.hasOwn(frame, output.name))
        fail(
          'output-taken',
          `step ${model.kind} gives "${output.name}", which the data already hold: rename it with "as"`,
        );
    const scores =
      step.targets && foldOf
        ? outOfFold(step, model, frame, foldOf, folds.count, known, kinds, tick)
        : scoreFrame(model, frame, kinds);
    for (const target of step.targets ?? []) {
      const predicted = scores[target.output];
      if (predicted && !isCategory(predicted)) {
        const metrics = judged(target.actual(frame), predicted);
        if (metrics) heldOut.push({ step: model.kind, output: target.output, metrics });
      }
    }
    Object.assign(frame, scores);
    models.push(model);
    made.push(...model.outputs);
  }

  const model: PipelineModel = {
    kind: 'pipeline',
    version: 1,
    ...wireFields(models),
    steps: models,
    fit: {
      status: worstStatus(models.map((m) => m.fit.status)),
      rows,
      activeRows: activeRows?.length ?? rows,
      folds: foldOf ? folds.count : null,
      heldOut,
      warnings: models.flatMap((m) => m.fit.warnings.map((warning) => `${m.kind}: ${warning}`)),
    },
  };
  return { model, heldOut: Object.fromEntries(made.map(({ name }) => [name, frame[name]!])) as ScoredColumns };
}

/** Every usable column as a plain one, so that rows can be taken and outputs set beside them. */
function decode(data: Columns, rows: number): Frame {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  return takeRows(data, all, isArrowLike(data) ? [...new Set(columnNames(data))] : columnNames(data)) as Frame;
}

function take(frame: Frame, rows: Int32Array): Frame {
  return takeRows(frame, rows, Object.keys(frame)) as Frame;
}

function rowsWhere(holds: Uint8Array): Int32Array {
  const rows: number[] = [];
  for (let row = 0; row < holds.length; row++) if (holds[row]) rows.push(row);
  return Int32Array.from(rows);
}

function scoreFrame(model: ModelBase, frame: Frame, kinds: Kinds): Frame {
  const { columns } = run(kinds.of(model.kind).bind(model, kinds), model.inputs, model.outputs, frame);
  return Object.fromEntries(columns.map((column) => [column.field.name, plainResult(column)]));
}

/** Each fold scored by a fit on the other folds. */
function outOfFold(
  step: AnyEstimator,
  full: ModelBase,
  frame: Frame,
  foldOf: Int32Array,
  count: number,
  known: readonly Field[],
  kinds: Kinds,
  tick: (what: string) => void,
): Frame {
  const out: Frame = {};
  for (const { name, type, levels } of full.outputs)
    out[name] =
      type === 'number'
        ? new Float64Array(foldOf.length).fill(Number.NaN)
        : { codes: new Int32Array(foldOf.length).fill(-1), levels: levels! };
  for (let fold = 0; fold < count; fold++) {
    tick(`${full.kind}, fold ${fold + 1} of ${count}`);
    const inside = rowsWhere(Uint8Array.from(foldOf, (f) => (f === fold ? 1 : 0)));
    const outside = rowsWhere(Uint8Array.from(foldOf, (f) => (f === fold ? 0 : 1)));
    const scores = scoreFrame(step.fit(take(frame, outside), known), take(frame, inside), kinds);
    for (const { name } of full.outputs) place(out[name]!, scores[name]!, inside);
  }
  return out;
}

function place(whole: Float64Array | CategoryColumn, part: Float64Array | CategoryColumn, rows: Int32Array): void {
  if (!isCategory(whole)) {
    rows.forEach((row, i) => {
      whole[row] = (part as Float64Array)[i]!;
    });
    return;
  }
  const { codes, levels } = part as CategoryColumn;
  const code = levels.map((level) => whole.levels.indexOf(level));
  rows.forEach((row, i) => {
    whole.codes[row] = codes[i]! < 0 ? -1 : code[codes[i]!]!;
  });
}

/** Metrics over the rows that have both a known outcome and a prediction; null when one class is missing. */
function judged(actual: Float64Array, predicted: Float64Array): BinaryMetrics | null {
  const known = Float64Array.from(actual, (y, row) => (Number.isNaN(predicted[row]!) ? Number.NaN : y));
  const hasBoth = known.includes(0) && known.includes(1);
  return hasBoth ? binaryMetrics(known, predicted) : null;
}

/** The steps of a nested pipeline join the outer one, so that one rule of folds and active rows holds for all. */
function inner(step: AnyEstimator): readonly AnyEstimator[] {
  if (step.kind !== (pipelineKind as Kind)) return [step];
  const { steps, chosen } = step as PipelineEstimator<PipelineModel>;
  if (chosen.length > 0)
    fail('invalid-option', `a pipeline inside a pipeline takes ${chosen.join(', ')} from the outer one: give it there`);
  return steps;
}

function isCategory(column: Float64Array | CategoryColumn): column is CategoryColumn {
  return 'codes' in column;
}
