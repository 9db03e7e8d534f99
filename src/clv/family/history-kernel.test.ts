import { describe, expect, it } from 'vitest';
import { makeLane } from '../../columns/lane.ts';
import { scratchAt } from '../../kernels/wasm/registry.ts';
import { sharedScratch } from '../../kernels/wasm/scratch.ts';
import { type Lane, WHY } from '../../model/batch.ts';
import { seededRandom } from '../../numerics/random.ts';
import { bgNbdScoring } from '../bg-nbd/model.ts';
import { mbgNbdScoring } from '../mbg-nbd/model.ts';
import { paretoNbdScoring } from '../pareto-nbd/model.ts';
import type { HistoryScoring } from './family.ts';
import { isHistory } from './history.ts';
import { historyKernel } from './history-kernel.ts';
import type { Quantity } from './quantities.ts';

const QUANTITIES: readonly Quantity[] = [
  { quantity: 'probabilityAlive' },
  { quantity: 'probabilityAlive', ahead: 12 },
  { quantity: 'probabilityOfPurchase', periods: 39 },
  { quantity: 'expectedPurchases', periods: 39 },
  { quantity: 'discountedResidualTransactions', periods: 'infinite', rate: { discount: 0.15, per: 'year' } },
];
const ROWS = 2047;
const random = seededRandom(19);
const pick = (from: readonly number[]): number => from[random.below(from.length)]!;

/** Customers, with histories that are extreme or cannot be among them. */
function customers(wrong: boolean): readonly [Float64Array, Float64Array, Float64Array] {
  const [x, recency, T] = [0, 0, 0].map(() => new Float64Array(ROWS)) as [Float64Array, Float64Array, Float64Array];
  for (let i = 0; i < ROWS; i++) {
    x[i] = Math.floor(Math.exp(4 * random.uniform()) - 1);
    T[i] = Math.exp(6 * random.uniform() - 1);
    if (i % 40 === 0) T[i] = pick([1e-300, 5e-324, 1e-9, 1e9, 1e12, 1e300, 1.7e308]);
    if (i % 40 === 1) x[i] = pick([255, 256, 4096, 4097, 1e6, 2 ** 31, 2 ** 32]);
    recency[i] = x[i] === 0 ? 0 : T[i]! * random.uniform();
    if (i % 40 === 2) recency[i] = x[i] === 0 ? -0 : T[i]!;
    if (i % 40 === 3) [x[i], recency[i], T[i]] = [0, 0, 0];
    if (wrong && i % 40 === 4) [x[i], recency[i], T[i]] = [3, 5, 4];
    if (wrong && i % 40 === 5) [x, recency, T][random.below(3)]![i] = pick([Number.NaN, -1, 0.5, Infinity, 2 ** 53]);
  }
  return [x, recency, T];
}

/** The parameters of any family, of which the type knows only r. */
const rates = (parameters: { readonly r: number; readonly [name: string]: number }): { readonly r: number } =>
  parameters;
type Scoring = HistoryScoring<string, 'r'>;
const FAMILIES: readonly (readonly [Scoring, { readonly r: number }])[] = [
  [bgNbdScoring as Scoring, rates({ r: 0.25, alpha: 4.5, a: 0.8, b: 2.5 })],
  [bgNbdScoring as Scoring, rates({ r: 0.25, alpha: 4.5, a: 0, b: 2.5 })],
  [mbgNbdScoring as Scoring, rates({ r: 0.5, alpha: 6, a: 0.9, b: 1.5 })],
  [paretoNbdScoring as Scoring, rates({ r: 0.55, alpha: 10.6, s: 0.6, beta: 11.7 })],
  [paretoNbdScoring as Scoring, rates({ r: 0.55, alpha: 10.6, s: 0, beta: 1 })],
];

describe('histories in bulk', () => {
  for (const [scoring, parameters] of FAMILIES)
    it(`${scoring.kind} ${Object.values(parameters)}: the bits of one by one, by WASM and without, null where no history can be`, () => {
      for (const wrong of [false, true]) {
        const columns = customers(wrong);
        const one = scoring.posterior(parameters, 'week', true);
        const given = QUANTITIES.map((q) => one.given(q));
        const wanted = QUANTITIES.map((_, k) =>
          columns[0].map((x, i) => {
            const [recency, T] = [columns[1][i]!, columns[2][i]!];
            if (!isHistory(x, recency, T)) return Number.NaN;
            const alive = one.alive(x, recency, T);
            const value = alive > 0 ? alive * (given[k]?.(x, T, recency) ?? 1) : alive;
            return Number.isFinite(value) ? value : Number.NaN;
          }),
        );
        for (const place of ['wasm', 'plain'] as const) {
          const scratch = sharedScratch();
          const mark = scratch.mark();
          const kernel = historyKernel(scoring, { ...parameters, unit: 'week', quantities: QUANTITIES });
          for (const rows of [0, 1, 2, 3, 64, ROWS, ROWS]) {
            const inputs: Lane[] = columns.map((values) => ({ ...makeLane({ type: 'number' }, ROWS), values }));
            const outputs: Lane[] = QUANTITIES.map(() => ({
              ...makeLane({ type: 'number' }, ROWS),
              ...(place === 'wasm' ? { values: scratch.numbers() } : {}),
            }));
            expect(scratchAt(outputs[0]!.values.buffer) !== undefined).toBe(place === 'wasm');
            kernel(rows, inputs, outputs);
            outputs.forEach(({ values, why }, k) => {
              expect(values.slice(0, rows)).toEqual(wanted[k]!.slice(0, rows));
              for (let i = 0; i < rows; i++) {
                const can = isHistory(columns[0][i]!, columns[1][i]!, columns[2][i]!);
                if (why[i] === WHY.inconsistentHistory || !can)
                  expect([can, why[i]]).toEqual([false, WHY.inconsistentHistory]);
              }
            });
            scratch.release(mark);
          }
        }
      }
    });
});
