import type { Columns, Lane } from './batch.ts';
import type { Field } from './field.ts';

/** How a fit ended. A usable fit with a defect is returned with its status; only unusable input throws. */
export type FitStatus = 'converged' | 'boundary' | 'not-identified' | 'iteration-limit';

/** The part of a model that tells how it was learned. Warnings are data, never console output. */
export interface FitReport {
  readonly status: FitStatus;
  /** Rows that took part. */
  readonly rows: number;
  readonly warnings: readonly string[];
}

/**
 * Everything learned or chosen from data: a plain, readonly, JSON-safe object, without class instances, typed arrays
 * or functions inside.
 */
export interface ModelBase<K extends string = string, In extends string = string, Out extends Field = Field> {
  readonly kind: K;
  readonly version: number;
  readonly inputs: readonly Field<In>[];
  readonly outputs: readonly Out[];
  readonly fit: FitReport;
}

export type InputsOf<M> = M extends ModelBase<string, infer I, Field> ? I : never;
export type OutputsOf<M> = M extends ModelBase<string, string, infer O> ? O : never;
/** Names of the outputs that can be explained; asking for another one does not compile. */
export type ExplainedOf<M> = Extract<OutputsOf<M>, { readonly explained: string }>['name'];

/** Fills `outputs[…][0 … rows)` from `inputs[…][0 … rows)`; sets `why` and `clean` of every output lane. */
export type Kernel = (rows: number, inputs: readonly Lane[], outputs: readonly Lane[]) => void;

/** Contributions that add up: `base + Σ lanes[term][row]` is the output on the stated scale. */
export interface Explanation {
  readonly scale: string;
  readonly base: number;
  /** One output lane of `kernel` per term, in this order. */
  readonly terms: readonly Term[];
  readonly kernel: Kernel;
  /** Present when each term is `less + weight·x` of one number and no cell has a rule for null: what `kernel` computes. */
  readonly affine?: readonly Affine[];
}
/** `less + weight·x` of the input `at`. */
export interface Affine {
  readonly at: number;
  readonly weight: number;
  readonly less: number;
}
export interface Term {
  readonly name: string;
  /** The input columns this term stands for; several when collinear features are told as one. */
  readonly columns: readonly string[];
}

/** Finds kinds by name, for models that hold other models. */
export interface Kinds {
  of(kind: string): Kind;
}

/** Which way the blocks of a step are scored, and why. */
export interface StepCost {
  /** `mixed`: part of the work by WASM kernels. */
  readonly path: 'wasm' | 'mixed' | 'typescript';
  /** What does the work, in a few words. */
  readonly kernel: string;
  readonly why: string;
}

/** How one type of model is read and scored. Knows nothing of fitting, so that fitting shakes away from a scoring bundle. */
export interface Kind<M extends ModelBase = ModelBase> {
  readonly kind: M['kind'];
  readonly version: number;
  /** The checked model, or a `ClienteleError` that names the path of the fault. */
  parse(json: unknown, path: string, kinds: Kinds): M;
  /** Resolves weights and tables once; the kernel is then called block by block. */
  bind(model: M, kinds: Kinds): Kernel;
  explain?(model: M, output: string, kinds: Kinds): Explanation;
  /** Tells how a block was scored, from the WASM kernels that were called for it; for kinds that have a choice to explain. */
  cost?(model: M, called: ReadonlySet<string>): StepCost;
}

/** The status to report of several fits: the one farthest from `converged`. */
export function worstStatus(statuses: readonly FitStatus[]): FitStatus {
  const order: readonly FitStatus[] = ['converged', 'iteration-limit', 'boundary', 'not-identified'];
  return order[Math.max(0, ...statuses.map((status) => order.indexOf(status)))]!;
}

/** What a step that learns from a label is judged by on held-out rows. */
export interface Target {
  /** The output column that predicts. */
  readonly output: string;
  /** 1 = happened, 0 = did not, NaN = not judged; one per row. */
  actual(data: Columns): Float64Array;
}

/** Options waiting for data. */
export interface Estimator<M extends ModelBase = ModelBase> {
  readonly kind: Kind;
  /** Labels and outcomes: columns that are needed for fitting only and must never be an input of any step. */
  readonly labels?: readonly string[];
  /** Present when the step learns from labels: in a pipeline later steps are then fed its out-of-fold outputs. */
  readonly targets?: readonly Target[];
  /** `upstream`: the output fields of earlier pipeline steps, for units and horizons. */
  fit(data: Columns, upstream?: readonly Field[]): M;
}

export type ModelOf<E> = E extends Estimator<infer M> ? M : never;
