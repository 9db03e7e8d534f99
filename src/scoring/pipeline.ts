import { binaryMetrics } from '../churn/metrics.ts';
import { columnNames, isArrowLike, rowCount } from '../columns/batch.ts';
import { matches } from '../columns/matches.ts';
import { takeRows } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import {
  type Estimator,
  type InputsOf,
  type Kind,
  type ModelBase,
  type ModelOf,
  type OutputsOf,
  worstStatus,
} from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions } from '../model/options.ts';
import type { When } from '../model/when.ts';
import {
  checkFolds,
  type DatedSet,
  expectedSplits,
  type Folds,
  openDated,
  type Parted,
  partRows,
} from '../validation/folds.ts';
import { type Frame, outOfFold, scoreFrame } from '../validation/out-of-fold.ts';
import { pastAsOf, rowsWhere } from '../validation/temporal.ts';
import { kindsOf } from './engine.ts';
import { type HeldOut, type PipelineModel, pipelineKind, wireFields } from './pipeline-kind.ts';
import type { ScoredColumns } from './plan.ts';

// biome-ignore lint/suspicious/noExplicitAny: estimators are invariant in their model; any is the only common supertype
type AnyEstimator = Estimator<any>;

/** What a chain of estimators needs from outside. */
type External<S, Have extends string = never> = S extends readonly [infer E, ...infer R]
  ? Exclude<InputsOf<ModelOf<E>>, Have> | External<R, Have | OutputsOf<ModelOf<E>>['name']>
  : never;

/** The models of a chain of estimators, those of a nested pipeline in its place. */
type ModelsOf<S> = S extends readonly [infer E, ...infer R]
  ? readonly [...StepsOf<ModelOf<E>>, ...ModelsOf<R>]
  : S extends readonly []
    ? readonly []
    : readonly ModelBase[];
type StepsOf<M> = M extends PipelineModel<string, Field, infer Steps> ? Steps : readonly [M];

export interface PipelineOptions {
  /**
   * Which rows are customers today. Steps that learn from a label train on all rows; every other step (cuts, tiers,
   * means) is fitted on these rows only. Default: all rows.
   */
  readonly active?: When;
  /**
   * How rows are parted for the out-of-fold outputs of label-learning steps. Default: by time where the data carry as-of
   * dates, else five folds stratified by the outcome of the first such step, a customer's rows together ({@link Folds}).
   */
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
   * Parted by time, rows of the first dates have none: they are null here, and steps behind are fitted on the others.
   */
  readonly heldOut: ScoredColumns<OutputsOf<M>>;
}

export interface PipelineEstimator<M extends PipelineModel> extends Estimator<M> {
  /** `fit`, and the held-out scores of the very rows. `fit(data)` is `crossFit(data).model`. */
  crossFit(data: Columns | DatedSet, options?: CrossFitOptions): CrossFit<M>;
  /** `data`: columns, or a data set of `observe`, whose as-of dates and look-ahead then part the rows. */
  fit(data: Columns | DatedSet, upstream?: readonly Field[]): M;
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
): PipelineEstimator<PipelineModel<External<S>, OutputsOf<ModelOf<S[number]>>, ModelsOf<S>>> {
  knownOptions(options, 'pipeline', 'active folds');
  type M = PipelineModel<External<S>, OutputsOf<ModelOf<S[number]>>, ModelsOf<S>>;
  if (steps.length === 0) fail('invalid-option', 'a pipeline needs at least one step');
  if (options.folds) checkFolds(options.folds);
  const flat = steps.flatMap((step) => inner(step));
  const targets = flat.flatMap((step) => step.targets ?? []);
  const labels = flat.flatMap((step) => step.labels ?? []);
  const crossFit = (
    data: Columns | DatedSet,
    how: CrossFitOptions = {},
    upstream: readonly Field[] = [],
  ): CrossFit<M> => fitSteps(flat, data, upstream, options, how) as unknown as CrossFit<M>;
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

function fitSteps(
  steps: readonly AnyEstimator[],
  given: Columns | DatedSet,
  upstream: readonly Field[],
  { active, folds }: PipelineOptions,
  how: CrossFitOptions,
): CrossFit<PipelineModel> {
  const { onProgress } = knownOptions(how, 'crossFit', 'onProgress');
  const { data, lookAhead } = openDated(given);
  const rows = rowCount(data);
  if (rows === 0) fail('empty-input', 'no rows to fit on');
  const frame: Frame = decode(data, rows);
  const kinds = kindsOf(steps.map((step) => step.kind));
  const activeRows = active ? rowsWhere(matches(data, active), (holds) => holds === 1) : null;
  if (activeRows?.length === 0) fail('empty-input', `no row satisfies the condition on "${active!.column}"`);
  const labels = new Set(steps.flatMap((step) => step.labels ?? []));
  let done = 0;
  const learning = steps.filter(({ targets }) => targets).length;
  let expected = learning > 0 ? expectedSplits(data, folds) : 0;
  let total = steps.length + learning * expected;
  const tick = (what: string): void => onProgress?.(done++, total, what);

  const models: ModelBase[] = [];
  const heldOut: HeldOut[] = [];
  const made: Field[] = [];
  /** Rows without held-out values, by the outputs that lack them. */
  const unjudged = new Map<string, Uint8Array>();
  let parted: Parted | null = null;
  for (const step of steps) {
    const known = [...upstream, ...made];
    tick(step.kind.kind);
    const fitOn = (use: (row: number) => boolean): ModelBase => {
      const own = (step.targets ? null : activeRows) ?? all(rows);
      const taken = own.filter(use);
      if (taken.length === 0)
        fail(
          'empty-input',
          `step ${step.kind.kind}: no active row has a held-out score; let later as-of dates be active`,
        );
      return step.fit(taken.length === rows ? frame : take(frame, taken), known);
    };
    let model = fitOn(() => true);
    const without = joint(model.inputs.flatMap(({ name }) => unjudged.get(name) ?? []));
    // Rows of the first dates have no held-out values for this step to learn from.
    if (without) model = fitOn((row) => without[row] === 0);
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
    let scores: Frame;
    let lacking = without;
    if (step.targets) {
      if (parted === null) {
        parted = part(step, model, data, frame, folds, lookAhead);
        total += learning * (parted.splits.length - expected);
        expected = parted.splits.length;
      }
      const own = without ? narrowed(parted, (row) => without[row] === 0) : parted;
      if (own.splits.length === 0)
        fail(
          'empty-input',
          `step ${model.kind} learns from held-out scores, and no as-of date has one with such scores before it: add a date, or name folds: { count: 5 }`,
        );
      total += own.splits.length - expected;
      scores = outOfFold(step, model.outputs, own, frame, kinds, {
        upstream: known,
        before: (title) => tick(`${model.kind}, ${title}`),
      });
      lacking = untested(own, rows);
    } else scores = scoreFrame(model, frame, kinds);
    if (lacking) for (const { name } of model.outputs) unjudged.set(name, lacking);
    for (const target of step.targets ?? []) {
      const predicted = scores[target.output];
      if (predicted && !('codes' in predicted)) {
        const held = judged(target.actual(frame), predicted, lacking);
        if (held) heldOut.push({ step: model.kind, output: target.output, ...held });
      }
    }
    Object.assign(frame, scores);
    models.push(model);
    made.push(...model.outputs);
  }

  const wired = wireFields(models);
  const model: PipelineModel = {
    kind: 'pipeline',
    version: 1,
    ...wired,
    steps: models,
    fit: {
      status: worstStatus(models.map((m) => m.fit.status)),
      rows,
      activeRows: activeRows?.length ?? rows,
      folds: parted?.splits.length ?? null,
      ...(parted ? { validation: { rule: parted.rule, splits: parted.titles } } : {}),
      heldOut,
      warnings: [
        ...models.flatMap((m) => m.fit.warnings.map((warning) => `${m.kind}: ${warning}`)),
        ...(parted?.warnings ?? []),
        ...(parted?.dates ? pastAsOf(data, parted.dates, wired.inputs) : []),
      ],
    },
  };
  return { model, heldOut: Object.fromEntries(made.map(({ name }) => [name, frame[name]!])) as ScoredColumns };
}

/** The folds of all steps, by the outcome of the first one that learns from a label. */
function part(
  step: AnyEstimator,
  { outputs }: ModelBase,
  data: Columns,
  frame: Frame,
  folds: Folds | undefined,
  lookAhead: number | undefined,
): Parted {
  const target = step.targets?.[0];
  return partRows(data, folds, {
    actual: target ? target.actual(frame) : null,
    lookAhead,
    horizon: () => outputs.find(({ name, horizon }) => horizon && (!target || name === target.output))?.horizon ?? null,
  });
}

/** Splits with the rows to learn from that pass; those that keep none are left out. */
function narrowed({ splits, titles, ...rest }: Parted, passes: (row: number) => boolean): Parted {
  const kept = splits
    .map(({ train, test }, k) => ({ title: titles[k]!, test, train: Int32Array.from(train).filter(passes) }))
    .filter(({ train }) => train.length > 0);
  return { ...rest, splits: kept, titles: kept.map(({ title }) => title) };
}

/** 1 for rows that no split tests; null when there are none. */
function untested({ splits }: Parted, rows: number): Uint8Array | null {
  const out = new Uint8Array(rows).fill(1);
  for (const { test } of splits) for (let i = 0; i < test.length; i++) out[test[i]!] = 0;
  return out.includes(1) ? out : null;
}

function joint(marks: readonly Uint8Array[]): Uint8Array | null {
  const [first, ...others] = marks;
  return first ? first.map((mark, row) => (others.some((other) => other[row] === 1) ? 1 : mark)) : null;
}

function all(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

/** Every usable column as a plain one, so that rows can be taken and outputs set beside them. */
function decode(data: Columns, rows: number): Frame {
  return takeRows(data, all(rows), isArrowLike(data) ? [...new Set(columnNames(data))] : columnNames(data)) as Frame;
}

function take(frame: Frame, rows: Int32Array): Frame {
  return takeRows(frame, rows, Object.keys(frame)) as Frame;
}

/** Metrics over the rows that have both a known outcome and a prediction; null when one class is missing. */
function judged(
  actual: Float64Array,
  predicted: Float64Array,
  lacking: Uint8Array | null,
): Pick<HeldOut, 'metrics' | 'unjudged'> | null {
  const known = actual.map((y, row) => (Number.isNaN(predicted[row]!) ? Number.NaN : y));
  if (!known.includes(0) || !known.includes(1)) return null;
  const unjudged = actual.reduce((count, y, row) => count + (lacking?.[row] === 1 && y === y ? 1 : 0), 0);
  return { metrics: binaryMetrics(known, predicted), unjudged };
}

/** The steps of a nested pipeline join the outer one, so that one rule of folds and active rows holds for all. */
function inner(step: AnyEstimator): readonly AnyEstimator[] {
  if (step.kind !== (pipelineKind as Kind)) return [step];
  const { steps, chosen } = step as PipelineEstimator<PipelineModel>;
  if (chosen.length > 0)
    fail('invalid-option', `a pipeline inside a pipeline takes ${chosen.join(', ')} from the outer one: give it there`);
  return steps;
}
