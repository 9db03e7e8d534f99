import type { RecordBatch } from 'apache-arrow';
import { columnNames, isArrowLike } from '../columns/batch.ts';
import { arrowBuilder, reasonColumn } from '../columns/build.ts';
import { ClienteleError, fail } from '../errors.ts';
import { plainResult, run } from '../kernels/run.ts';
import type { ArrowLike, CategoryColumn, Columns, PlainColumn } from '../model/batch.ts';
import type { ExplainedOf, InputsOf, Kernel, Kind, Kinds, ModelBase, OutputsOf, Term } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
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

/** A record whose column names are only known at run time, such as one read from a file. */
type Dynamic<B> = string extends keyof B ? B : never;

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
    batch: Dynamic<B>,
    options?: ScoreOptions,
  ): Scored<ScoredColumns<OutputsOf<M>>>;
  /** Scores batches as they come; memory does not grow with their number. An error names the batch. */
  scoreBatches(
    batches: Iterable<ArrowLike> | AsyncIterable<ArrowLike>,
    options?: ScoreOptions,
  ): AsyncGenerator<Scored<RecordBatch>>;
  scoreBatches(
    batches: Iterable<Columns<InputsOf<M>>> | AsyncIterable<Columns<InputsOf<M>>>,
    options?: ScoreOptions,
  ): AsyncGenerator<Scored<ScoredColumns<OutputsOf<M>>>>;
  /** Why: contributions per term that add up to the output on its stated scale. */
  explain(batch: Columns<InputsOf<M>>, output: ExplainedOf<M>): Explained;
  explain<B extends { readonly [name: string]: PlainColumn }>(batch: Dynamic<B>, output: ExplainedOf<M>): Explained;
}

/** Compiles a model of one kind. */
export function makePlan<M extends ModelBase>(model: M, kind: Kind, kinds: Kinds): Plan<M> {
  const kernel: Kernel = kind.bind(model, kinds);
  const reasonFields = model.outputs.map(reasonField);
  const toBatch = arrowBuilder(model.outputs);
  const toBatchWithReasons = arrowBuilder([...model.outputs, ...reasonFields]);

  function score(batch: Columns, options: ScoreOptions = {}): Scored<ScoredColumns | RecordBatch> {
    refuseTaken(batch, options.reasons ? [...model.outputs, ...reasonFields] : model.outputs);
    const { columns, report } = run(kernel, model.inputs, model.outputs, batch);
    const results: { [name: string]: Float64Array | CategoryColumn } = Object.fromEntries(
      columns.map((column) => [column.field.name, plainResult(column)]),
    );
    if (options.reasons)
      columns.forEach((column, c) => {
        results[reasonFields[c]!.name] = reasonColumn(column.why);
      });
    if (!isArrowLike(batch)) return { columns: results as ScoredColumns, report };
    return { columns: (options.reasons ? toBatchWithReasons : toBatch)(results, report.rows) as RecordBatch, report };
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
        throw error instanceof ClienteleError
          ? new ClienteleError(error.code, `batch ${number}: ${error.message}`)
          : error;
      }
      number++;
    }
  }

  function explain(batch: Columns, output: string): Explained {
    const field = model.outputs.find((f) => f.name === output);
    if (!field)
      fail(
        'unknown-column',
        `unknown output "${output}": the model has ${model.outputs.map((f) => f.name).join(', ')}`,
      );
    if (!kind.explain || field.explained === undefined)
      return fail('invalid-option', `output "${output}" cannot be explained; ${canExplain(model)}`);
    const { scale, base, terms, kernel: contribute } = kind.explain(model, output, kinds);
    const fields = terms.map((_, t): Field => ({ name: String(t), type: 'number' }));
    const { columns } = run(contribute, model.inputs, fields, batch);
    return { scale, base, terms, contributions: columns.map((column) => column.values) };
  }

  return { model, score, scoreBatches, explain } as Plan<M>;
}

function reasonField(output: Field): Field {
  return { name: `${output.name}Reason`, type: 'category', levels: reasonColumn(new Uint8Array(0)).levels };
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
