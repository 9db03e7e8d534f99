import { fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import { exp, log } from '../numerics/elementary.ts';
import { sum } from '../numerics/sum.ts';
import { checkedMatrix, type JudgementMatrix } from './judgement-matrix.ts';
import { perronVector, shares } from './perron.ts';
import { type RandomIndex, type RandomIndexSource, randomIndex } from './random-index.ts';

/** How weights are derived from judgements (S19). */
export type PriorityMethod = 'eigenvector' | 'geometric-mean' | 'column-sum';

/** `perfect`: CR = 0; `satisfactory`: below 0.1; `to-adjust`: 0.1 or more, the judgements should be revised (S20). */
export type Consistency = 'perfect' | 'satisfactory' | 'to-adjust';

export interface PriorityOptions {
  /** Default: `eigenvector`. */
  readonly method?: PriorityMethod;
  /** Default: `saaty1980`. */
  readonly randomIndex?: RandomIndexSource;
}

/** Local weights of the items of one matrix, and how consistent its judgements are. */
export interface Priorities {
  readonly items: readonly string[];
  /** One per item; they sum to 1. */
  readonly weights: readonly number[];
  readonly lambdaMax: number;
  readonly consistencyIndex: number;
  readonly consistencyRatio: number;
  readonly consistency: Consistency;
  readonly method: PriorityMethod;
  readonly randomIndex: RandomIndex;
}

/** Consistency indices below it come from rounding: CI grows with the square of a judgement's error. */
const ROUNDING = 1e-12;
const ADJUST = 0.1;

/**
 * Weights of the compared items and the consistency of the judgements.
 *
 * `eigenvector`: the Perron vector of A, λmax its root (Saaty 1977). `geometric-mean`: w_i ∝ (Π_j a_ij)^(1/n) (Crawford &
 * Williams 1985). `column-sum`: mean over j of a_ij / Σ_k a_kj. For the last two λmax is the mean of (Aw)_i / w_i.
 * CI = (λmax − n)/(n − 1), CR = CI / RI(n); both are 0 for n ≤ 2.
 *
 * @throws ClienteleError `wrong-type`, `wrong-length`, `invalid-value` for what is no judgement matrix; `invalid-option` when
 * the random-index table ends before n, or for an unknown method or table.
 * @example priorities(judgementMatrix([1 / 2, 1 / 3, 1 / 2])).weights // [0.1634, 0.2970, 0.5396], CR 0.0079
 */
export function priorities(matrix: JudgementMatrix, options: PriorityOptions = {}): Priorities {
  const { method = 'eigenvector', randomIndex: source = 'saaty1980' } = knownOptions(
    options,
    'priorities',
    'method randomIndex',
  );
  const { items, values } = checkedMatrix(matrix);
  const n = items.length;
  const ri = randomIndex(n, source);
  const derive = Object.hasOwn(METHODS, method)
    ? METHODS[method]
    : fail('invalid-option', `unknown method "${method}": use one of ${Object.keys(METHODS).join(', ')}`);
  const weights = derive(values);
  const products = values.map((row) => sum(row.map((a, j) => a * weights[j]!)));
  const lambda = method === 'eigenvector' ? sum(products) : sum(products.map((p, i) => p / weights[i]!)) / n;
  const index = (lambda - n) / (n - 1);
  const consistent = n <= 2 || index < ROUNDING;
  const consistencyIndex = consistent ? 0 : index;
  const consistencyRatio = consistent ? 0 : index / ri.value;
  return {
    items,
    weights,
    lambdaMax: consistent ? n : lambda,
    consistencyIndex,
    consistencyRatio,
    consistency: consistent ? 'perfect' : consistencyRatio < ADJUST ? 'satisfactory' : 'to-adjust',
    method,
    randomIndex: ri,
  };
}

type Matrix = readonly (readonly number[])[];

const METHODS: { readonly [M in PriorityMethod]: (a: Matrix) => readonly number[] } = {
  eigenvector: perronVector,
  'geometric-mean': geometricMeanWeights,
  'column-sum': (a) => {
    const columns = a.map((_, j) => sum(a.map((row) => row[j]!)));
    return shares(a.map((row) => sum(row.map((cell, j) => cell / columns[j]!))));
  },
};

/** w_i ∝ (Π_j a_ij)^(1/n). */
export function geometricMeanWeights(a: Matrix): readonly number[] {
  return shares(a.map((row) => exp(sum(row.map(log)) / row.length)));
}
