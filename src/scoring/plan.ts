import type { RecordBatch } from 'apache-arrow';
import { columnNames, isArrowLike } from '../columns/batch.ts';
import { arrowBuilder, reasonColumn } from '../columns/build.ts';
import { fail } from '../errors.ts';
import { bindRun, plainResult, type Ran } from '../kernels/run.ts';
import type { ArrowLike, CategoryColumn, Columns, PlainColumn } from '../model/batch.ts';
import type {
  ExplainedOf,
  Explanation,
  InputsOf,
  Kernel,
  Kind,
  Kinds,
  ModelBase,
  OutputsOf,
  Term,
} from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { type ExplainedCost, explainCost } from './explain-cost.ts';
import { inBatch } from './in-batch.ts';
import { bindReasoning, type Reasoning } from './reasoning.ts';
import type { ScoreReport } from './report.ts';

/** New columns by name: numbers (NaN is null) or categories (−1 is null). */
export type ScoredColumns<O extends Field = Field> = {
  readonly [F in O as F['name']]: F['type'] extends 'category' ? CategoryColumn : Float64Array;
};

export interface Scored<C> {
  readonly columns: C;
  readonly report: ScoreReport;
}

/** Contributions per row and term: `base + Σ_terms contributions[term][row]` is the output on `scale`. NaN where the output is null. */
export interface Explained {
  readonly scale: string;
  readonly base: number;
  readonly terms: readonly Term[];
  readonly contributions: readonly Float64Array[];
}

export interface ScoreOptions {
  /** Adds a category column `<output>Reason` per output that tells why a cell is null. */
  readonly reasons?: boolean;
}

/** How far `scoreParallel` has come. */
export interface ParallelProgress {
  /** Batches and rows that are done, in order. */
  readonly batches: number;
  readonly rows: number;
  /** Threads that are at work; fewer than asked for when some broke down. */
  readonly threads: number;
}

export interface ParallelOptions extends ScoreOptions {
  /** How many threads work beside the calling one; 1 … 256. As many as there are processors is usual. */
  readonly threads: number;
  /** Stops the work, with an error `aborted`. */
  readonly signal?: AbortSignal;
  /** Called after each batch, in order. */
  readonly onProgress?: (progress: ParallelProgress) => void;
}

/** Which output is told reasons for, and how many at most. */
export interface ReasonOptions<Output extends string = string> {
  readonly output: Output;
  /** 3 unless said. */
  readonly k?: number;
}

/** `reason1` … `reasonK`: category columns whose levels are the names of the explanation's terms. */
export type ReasonColumns = { readonly [name: `reason${number}`]: CategoryColumn };

/** A batch whose columns are known to hold `In`, or only known at run time: Arrow, or a record such as one read from a file. */
type Batch<B, In extends string> = B extends ArrowLike
  ? B
  : string extends keyof B
    ? B
    : B extends { readonly [C in In]: PlainColumn }
      ? B
      : never;

/** New columns in the batch’s kind; either, where it may be either. */
type ScoredOf<B, O extends Field> = B extends ArrowLike ? RecordBatch : ScoredColumns<O>;

/** A compiled model: everything resolved once, no state between batches. */
export interface Plan<M extends ModelBase = ModelBase> {
  readonly model: M;
  /**
   * Scores one batch; returns only the new columns, in the caller's kind: Arrow in, Arrow out; plain in, plain out.
   * @throws ClienteleError `unknown-column`, `duplicate-column`, `wrong-type`, `output-taken`.
   */
  score(batch: ArrowLike, options?: ScoreOptions): Scored<RecordBatch>;
  score(
    batch: { readonly [C in InputsOf<M>]: PlainColumn },
    options?: ScoreOptions,
  ): Scored<ScoredColumns<OutputsOf<M>>>;
  score<B extends { readonly [name: string]: PlainColumn }>(
    batch: Batch<B, InputsOf<M>>,
    options?: ScoreOptions,
  ): Scored<ScoredColumns<OutputsOf<M>>>;
  score<B extends Columns>(
    batch: Batch<B, InputsOf<M>>,
    options?: ScoreOptions,
  ): Scored<RecordBatch | ScoredColumns<OutputsOf<M>>>;
  /** Scores batches as they come; memory does not grow with their number. An error names the batch. */
  scoreBatches(
    batches: Iterable<ArrowLike> | AsyncIterable<ArrowLike>,
    options?: ScoreOptions,
  ): AsyncGenerator<Scored<RecordBatch>>;
  scoreBatches(
    batches: Iterable<Columns<InputsOf<M>>> | AsyncIterable<Columns<InputsOf<M>>>,
    options?: ScoreOptions,
  ): AsyncGenerator<Scored<ScoredColumns<OutputsOf<M>>>>;
  scoreBatches<B extends Columns>(
    batches: Iterable<Batch<B, InputsOf<M>>> | AsyncIterable<Batch<B, InputsOf<M>>>,
    options?: ScoreOptions,
  ): AsyncGenerator<Scored<ScoredOf<B, OutputsOf<M>>>>;
  /**
   * {@link scoreBatches} on threads: the same results in the same order, bit by bit. Batches are read
   * ahead by two groups per thread; a group is a batch, or as many as take a few milliseconds, at most 32 of 65,536 rows
   * together. Batches are the unit of work: cut a big table into batches of 16,000 rows or more.
   * Columns are copied to the threads, but for those in shared memory (`residentMemory(…, { shared: true })`), which are
   * read where they lie. Typed arrays and Arrow buffers must stay as they are until the batch's result has come. Runs in
   * Node, Deno, Bun and browsers; a browser shares memory only with a page that is cross-origin isolated.
   *
   * Threads know the library’s own kinds of models: one of another kind is an error. A batch whose thread breaks down is
   * scored on the calling thread. However the loop ends – break, error, abort –, no thread is left behind.
   * @throws ClienteleError as `scoreBatches` does; `aborted`; `unknown-kind`; `invalid-option`, also where no thread can be
   * started.
   * @example for await (const { columns } of plan.scoreParallel(batches, { threads: 4 })) write(columns);
   */
  scoreParallel(
    batches: Iterable<ArrowLike> | AsyncIterable<ArrowLike>,
    options: ParallelOptions,
  ): AsyncGenerator<Scored<RecordBatch>>;
  scoreParallel(
    batches: Iterable<Columns<InputsOf<M>>> | AsyncIterable<Columns<InputsOf<M>>>,
    options: ParallelOptions,
  ): AsyncGenerator<Scored<ScoredColumns<OutputsOf<M>>>>;
  scoreParallel<B extends Columns>(
    batches: Iterable<Batch<B, InputsOf<M>>> | AsyncIterable<Batch<B, InputsOf<M>>>,
    options: ParallelOptions,
  ): AsyncGenerator<Scored<ScoredOf<B, OutputsOf<M>>>>;
  /** Why: contributions per term that add up to the output on its stated scale. */
  explain(batch: Columns<InputsOf<M>>, output: ExplainedOf<M>): Explained;
  explain<B extends Columns>(batch: Batch<B, InputsOf<M>>, output: ExplainedOf<M>): Explained;
  /**
   * Scores one batch and adds `reason1` … `reasonK`: the terms that push the output up most, the strongest first, at a tie the
   * earlier term; null where fewer than that many push it up, or it is null. The rule of `topReasons` on `explain`, in one
   * pass that holds no contributions.
   * @throws ClienteleError as `score` and `explain` do; `invalid-option` unless `k` is a whole number from 1 to 1000.
   */
  scoreWithReasons(batch: ArrowLike, options: ReasonOptions<ExplainedOf<M>>): Scored<RecordBatch>;
  scoreWithReasons(
    batch: { readonly [C in InputsOf<M>]: PlainColumn },
    options: ReasonOptions<ExplainedOf<M>>,
  ): Scored<ScoredColumns<OutputsOf<M>> & ReasonColumns>;
  scoreWithReasons<B extends { readonly [name: string]: PlainColumn }>(
    batch: Batch<B, InputsOf<M>>,
    options: ReasonOptions<ExplainedOf<M>>,
  ): Scored<ScoredColumns<OutputsOf<M>> & ReasonColumns>;
  scoreWithReasons<B extends Columns>(
    batch: Batch<B, InputsOf<M>>,
    options: ReasonOptions<ExplainedOf<M>>,
  ): Scored<RecordBatch | (ScoredColumns<OutputsOf<M>> & ReasonColumns)>;
  /**
   * How the model is scored here: per step whether WASM kernels or TypeScript do the work, which, and why; with a batch also how
   * each of its columns is read. It is observed while the batch – without one a block of zeros – is scored once.
   * @throws ClienteleError as `score` does.
   * @example plan.explainCost().steps[0] // { step: 0, kind: 'gradientBoosting', path: 'wasm', kernel: 'select programs on 8-bit codes', … }
   */
  explainCost(batch?: Columns<InputsOf<M>>): ExplainedCost;
  explainCost<B extends Columns>(batch: Batch<B, InputsOf<M>>): ExplainedCost;
}

/** Compiles a model of one kind. */
export function makePlan<M extends ModelBase>(model: M, kind: Kind, kinds: Kinds): Plan<M> {
  const kernel: Kernel = kind.bind(model, kinds);
  const reasonFields = model.outputs.map(reasonField);
  const runKernel = bindRun(kernel, model.inputs, model.outputs);
  const toBatch = arrowBuilder(model.outputs);
  const toBatchWithReasons = arrowBuilder([...model.outputs, ...reasonFields]);

  function score(batch: Columns, options: ScoreOptions = {}): Scored<ScoredColumns | RecordBatch> {
    accept(batch, options);
    return finish(batch, runKernel(batch), options);
  }

  function accept(batch: Columns, options: ScoreOptions): void {
    if (options.reasons) refuseReasonNames(model);
    refuseTaken(batch, options.reasons ? [...model.outputs, ...reasonFields] : model.outputs);
  }

  /** What was computed, in the caller’s kind. */
  function finish(
    batch: Columns,
    { columns, report }: Ran,
    options: ScoreOptions,
  ): Scored<ScoredColumns | RecordBatch> {
    const results: { [name: string]: Float64Array | CategoryColumn } = Object.fromEntries(
      columns.map((column) => [column.field.name, plainResult(column)]),
    );
    if (options.reasons)
      columns.forEach((column, c) => {
        results[reasonFields[c]!.name] = reasonColumn(column.why ?? new Uint8Array(report.rows));
      });
    if (!isArrowLike(batch)) return { columns: results as ScoredColumns, report };
    const full = new Set(columns.flatMap((column) => (column.full ? [column.field.name] : [])));
    const build = options.reasons ? toBatchWithReasons : toBatch;
    return { columns: build(results, report.rows, full) as RecordBatch, report };
  }

  async function* scoreBatches(
    batches: Iterable<Columns> | AsyncIterable<Columns>,
    options: ScoreOptions = {},
  ): AsyncGenerator<Scored<ScoredColumns | RecordBatch>> {
    let number = 0;
    for await (const batch of batches) {
      try {
        yield score(batch, options);
      } catch (error) {
        throw inBatch(number, error);
      }
      number++;
    }
  }

  async function* scoreParallel(
    batches: Iterable<Columns> | AsyncIterable<Columns>,
    options: ParallelOptions,
  ): AsyncGenerator<Scored<ScoredColumns | RecordBatch>> {
    // Loaded when it is asked for; it also has to be a file of its own, beside that of the threads.
    const { scoreOnThreads } = await import('./thread-score.ts');
    yield* scoreOnThreads(
      {
        model,
        accept: (batch) => accept(batch, options),
        score: (batch) => score(batch, options),
        finish: (batch, ran) => finish(batch, ran, options),
      },
      batches,
      options,
    );
  }

  const explanations = new Map<string, Explanation>();
  function explanationOf(output: string): Explanation {
    const known = explanations.get(output);
    if (known) return known;
    const field = model.outputs.find((f) => f.name === output);
    if (!field)
      fail(
        'unknown-column',
        `unknown output "${output}": the model has ${model.outputs.map((f) => f.name).join(', ')}`,
      );
    if (!kind.explain || field.explained === undefined)
      return fail('invalid-option', `output "${output}" cannot be explained; ${canExplain(model)}`);
    const made = kind.explain(model, output, kinds);
    explanations.set(output, made);
    return made;
  }

  function explain(batch: Columns, output: string): Explained {
    const { scale, base, terms, kernel: contribute } = explanationOf(output);
    const fields = terms.map((_, t): Field => ({ name: String(t), type: 'number' }));
    const { columns } = bindRun(contribute, model.inputs, fields)(batch);
    return { scale, base, terms, contributions: columns.map((column) => column.values) };
  }

  const reasonings = new Map<string, Reasoning>();
  function scoreWithReasons(batch: Columns, { output, k = 3 }: ReasonOptions): Scored<ScoredColumns | RecordBatch> {
    const key = `${k} ${output}`;
    const bound = reasonings.get(key) ?? bindReasoning(model, kernel, explanationOf(output), k);
    reasonings.set(key, bound);
    refuseTaken(batch, bound.fields);
    const { columns, report } = bound.run(batch);
    const results = Object.fromEntries(columns.map((column) => [column.field.name, plainResult(column)]));
    if (!isArrowLike(batch)) return { columns: results as ScoredColumns, report };
    const full = new Set(columns.flatMap((column) => (column.full ? [column.field.name] : [])));
    return { columns: bound.toArrow(results, report.rows, full) as RecordBatch, report };
  }

  const cost = (batch?: Columns): ExplainedCost => explainCost(model, kind, kinds, batch);
  return { model, score, scoreWithReasons, scoreBatches, scoreParallel, explain, explainCost: cost } as Plan<M>;
}

function reasonField(output: Field): Field {
  return { name: `${output.name}Reason`, type: 'category', levels: reasonColumn(new Uint8Array(0)).levels };
}

function refuseReasonNames({ outputs }: ModelBase): void {
  for (const { name } of outputs.map(reasonField))
    if (outputs.some((output) => output.name === name))
      fail(
        'output-taken',
        `the model has an output "${name}", as the reasons of another are to be called: rename it with "as"`,
      );
}

function refuseTaken(batch: Columns, outputs: readonly Field[]): void {
  const names = new Set(columnNames(batch));
  for (const { name } of outputs)
    if (names.has(name))
      fail(
        'output-taken',
        `the batch already has a column "${name}": rename it, or give the model's output another name with "as"`,
      );
}

function canExplain(model: ModelBase): string {
  const names = model.outputs.filter((f) => f.explained !== undefined).map((f) => f.name);
  return names.length > 0 ? `outputs that can be: ${names.join(', ')}` : 'this model has none that can be';
}
