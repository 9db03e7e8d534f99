import { fail } from '../errors.ts';
import { knownOptions } from '../model/options.ts';
import { choleskyFactor, choleskySolve } from '../numerics/cholesky.ts';
import { exp, log } from '../numerics/elementary.ts';
import { itemsOfPairs, type JudgementMatrix, judgementMatrix, type PairJudgement } from './judgement-matrix.ts';
import { perronVector } from './perron.ts';
import { minimisePerronRoot } from './perron-root.ts';

/**
 * How judgements that were not given are filled in (S24):
 * `harker` – missing a_ij are w_i/w_j of the eigenvector of the matrix with 0 for them and 1 + (missing in row i) on the
 * diagonal (Harker 1987); `log-least-squares` – w minimises Σ (ln a_ij − ln w_i + ln w_j)² over the judged pairs;
 * `eigenvalue-optimal` – the values that make λmax smallest (Bozóki, Fülöp & Rónyai 2010).
 */
export type CompletionMethod = 'harker' | 'log-least-squares' | 'eigenvalue-optimal';

export interface CompletionOptions {
  /** All items, in matrix order. Default: as they appear in the pairs. */
  readonly items?: readonly string[];
  /** End of the scale for given judgements; filled-in ones may lie beyond. Default: 9. */
  readonly largest?: number;
  /** Default: `eigenvalue-optimal`. */
  readonly method?: CompletionMethod;
}

/** A whole judgement matrix, some of whose judgements were filled in. */
export interface CompletedJudgements extends JudgementMatrix {
  readonly method: CompletionMethod;
  /** The pairs that were not judged, with the values filled in. */
  readonly implied: readonly PairJudgement[];
}

/**
 * A whole judgement matrix from some of its pairs; hand it to {@link priorities}, with the method `eigenvector`, or
 * `geometric-mean` for `log-least-squares`, whose weights these are. Filled-in judgements agree with the given ones as well
 * as they can: the consistency ratio of a matrix with many of them is too kind (Ágoston & Csató 2022).
 *
 * @throws ClienteleError `invalid-value` that names the components when the pairs do not connect all items; the errors of
 *   {@link judgementMatrix}.
 * @example completeJudgements([['a', 'b', 2], ['b', 'c', 3]]).implied // [['a', 'c', 6]]
 */
export function completeJudgements(
  pairs: readonly PairJudgement[],
  options: CompletionOptions = {},
): CompletedJudgements {
  const { largest = 9, method = 'eigenvalue-optimal' } = knownOptions(
    options,
    'completeJudgements',
    'items largest method',
  );
  const complete = Object.hasOwn(METHODS, method)
    ? METHODS[method]
    : fail('invalid-option', `unknown method "${method}": use one of ${Object.keys(METHODS).join(', ')}`);
  const items = itemsOfPairs(pairs, options.items);
  const judged = new Set(pairs.map(([a, b]) => key(items.indexOf(a), items.indexOf(b))));
  const gaps: [number, number][] = [];
  for (let i = 0; i < items.length; i++)
    for (let j = i + 1; j < items.length; j++) if (!judged.has(key(i, j))) gaps.push([i, j]);
  // the gaps hold 1 for now, so that the given pairs pass through the checks of a whole matrix
  const filler = gaps.map(([i, j]): PairJudgement => [items[i]!, items[j]!, 1]);
  const { values: checked } = judgementMatrix([...pairs, ...filler], { items, largest });
  const components = componentsOf(items, judged);
  if (components.length > 1)
    fail(
      'invalid-value',
      `the judgements leave ${components.map((names) => `{${names.join(', ')}}`).join(' and ')} unconnected: judge at least one pair between them`,
    );
  const values = checked.map((row) => [...row]);
  for (const [i, j] of gaps) values[i]![j] = values[j]![i] = 0;
  const logs = gaps.length > 0 ? complete(values, gaps) : [];
  gaps.forEach(([i, j], g) => {
    values[i]![j] = exp(logs[g]!);
    values[j]![i] = 1 / values[i]![j]!;
  });
  return {
    items,
    values,
    method,
    implied: gaps.map(([i, j]): PairJudgement => [items[i]!, items[j]!, values[i]![j]!]),
  };
}

type Gap = readonly [i: number, j: number];
type Matrix = readonly (readonly number[])[];

const key = (i: number, j: number): string => (i < j ? `${i} ${j}` : `${j} ${i}`);

/** Logarithms of the missing judgements; 0 stands for them in the matrix. */
const METHODS: { readonly [M in CompletionMethod]: (a: Matrix, gaps: readonly Gap[]) => readonly number[] } = {
  harker(a, gaps) {
    const missing = a.map((row) => row.filter((cell) => cell === 0).length);
    const weights = perronVector(a.map((row, i) => row.map((cell, j) => (i === j ? 1 + missing[i]! : cell))));
    return gaps.map(([i, j]) => log(weights[i]! / weights[j]!));
  },
  'log-least-squares': leastSquares,
  'eigenvalue-optimal': (a, gaps) => minimisePerronRoot(a, gaps, leastSquares(a, gaps)),
};

/** Normal equations of ln w with ln w of the last item at 0: the reduced Laplacian of the comparison graph. */
function leastSquares(a: Matrix, gaps: readonly Gap[]): readonly number[] {
  const n = a.length - 1;
  const laplacian = new Float64Array(n * n);
  const y = new Float64Array(n + 1);
  a.forEach((row, i) => {
    row.forEach((cell, j) => {
      if (i === n || i === j || cell === 0) return;
      laplacian[i * n + i]! += 1;
      if (j < n) laplacian[i * n + j]! -= 1;
      y[i]! += log(cell);
    });
  });
  choleskyFactor(laplacian, n);
  choleskySolve(laplacian, n, y);
  return gaps.map(([i, j]) => y[i]! - y[j]!);
}

function componentsOf(items: readonly string[], judged: ReadonlySet<string>): readonly (readonly string[])[] {
  const component = items.map((_, i) => i);
  for (const pair of judged) {
    const [i, j] = pair.split(' ').map(Number) as [number, number];
    const [keep, drop] = [component[i]!, component[j]!];
    component.forEach((c, k) => {
      if (c === drop) component[k] = keep;
    });
  }
  return [...new Set(component)].map((c) => items.filter((_, k) => component[k] === c));
}
