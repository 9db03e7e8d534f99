import { describe, expect, it } from 'vitest';
import type { Columns } from '../../model/batch.ts';
import type { Kind } from '../../model/contract.ts';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { seededRandom } from '../../numerics/random.ts';
import { sum } from '../../numerics/sum.ts';
import { engine } from '../../scoring/engine.ts';
import type { HistoryEstimator } from './estimator.ts';
import type { Parameters } from './family.ts';
import { readHistories } from './history.ts';
import type { HistoryModel } from './model.ts';

/** What {@link historyBattery} needs to know of a family. */
export interface Battery<P extends string> {
  /** Parameter sets to test the functions at; the first is also simulated and fitted. */
  readonly at: readonly Parameters<P>[];
  /** Time is counted in whole opportunities (BG/BB): histories are drawn so, and time is not scaled. */
  readonly discrete?: boolean;
  /** Samples and rows of the recovery test; 0 samples leave it out (where no interior maximum is to be expected). */
  readonly recovery?: { readonly samples: number; readonly rows: number };
  /** A parameter set with covariates on these processes is recovered, unless the family takes none. */
  readonly settings?: Parameters;
}

const LEGENDRE = gaussLegendre(24);
const close = (got: number, wanted: number, within: number): void =>
  expect(Math.abs(got - wanted), `${got} for ${wanted}`).toBeLessThanOrEqual(within * Math.abs(wanted) + 1e-290);

/** What every buy-till-you-die model must pass, whatever its formulas are. */
export function historyBattery<K extends string, P extends string>(
  given: HistoryEstimator<K, P>,
  givenKind: Kind<HistoryModel<K, P>>,
  { at, discrete = false, recovery = { samples: 30, rows: 3000 }, settings = {} }: Battery<P>,
): void {
  // One stand-in for all families: a type parameter would leave the input names unresolved.
  type Any = HistoryModel<'any', 'r', 'frequency' | 'recency' | 'T', 'probabilityAlive'>;
  const face = given as unknown as HistoryEstimator<'any', 'r'>;
  const kind = givenKind as unknown as Kind<HistoryModel<'any', 'r'>>;
  const { family } = given;
  const { names } = family;
  const columns = ['frequency', 'recency', 'T'];
  const modelAt = (parameters: Parameters<P>): Any => ({
    ...face({ unit: 'week' }).fit({ frequency: [0], recency: [0], T: [1] }),
    ...parameters,
    ...settings,
  });
  const random = seededRandom(7);
  const histories = Array.from({ length: 24 }, (_, i) => {
    const T = discrete ? 1 + random.below(20) : 0.5 + 60 * random.uniform();
    const recency = i % 4 === 0 ? 0 : discrete ? 1 + random.below(T) : T * (i % 5 === 1 ? 1 : random.uniform());
    const x = recency === 0 ? 0 : discrete ? 1 + random.below(recency) : 1 + random.below(12);
    return [x, recency, T] as const;
  });
  const customers = {
    frequency: histories.map(([x]) => x),
    recency: histories.map(([, t]) => t),
    T: histories.map(([, , T]) => T),
  };
  const week = (delta: number) => ({ discount: Math.expm1(delta), per: 'week' }) as const;

  describe(`${family.kind}: derivatives`, () => {
    it('gradient and Hessian of the grouped likelihood agree with central differences, its value with the sum of rows', () => {
      const likelihood = family.likelihood(readHistories(customers, columns).groups[0]!.histories, settings);
      const n = names.length;
      for (const parameters of at) {
        const p = Float64Array.from(names, (name) => parameters[name]);
        const [g, H] = [new Float64Array(n), new Float64Array(n * n)];
        const value = likelihood(p, g, H);
        close(value, sum(face.logLikelihood(modelAt(parameters), customers)), 1e-11);
        const [up, down, scratch] = [new Float64Array(n), new Float64Array(n), new Float64Array(n * n)];
        // Five-point differences: their own error is far below the bound.
        for (let i = 0; i < n; i++) {
          const h = 2e-3 * p[i]!;
          const moved = (by: number, gradient: Float64Array): number => {
            const q = p.slice();
            q[i]! += by * h;
            return likelihood(q, gradient, scratch);
          };
          const far = [new Float64Array(n), new Float64Array(n)] as const;
          const slope = (8 * (moved(1, up) - moved(-1, down)) - (moved(2, far[0]) - moved(-2, far[1]))) / (12 * h);
          expect(Math.abs(slope - g[i]!) * p[i]!).toBeLessThan(1e-7 * (1 + Math.abs(value)));
          for (let j = 0; j < n; j++) {
            const curve = (8 * (up[j]! - down[j]!) - (far[0][j]! - far[1][j]!)) / (12 * h);
            expect(Math.abs(curve - H[n * i + j]!) * p[i]! * p[j]!).toBeLessThan(1e-7 * (1 + Math.abs(value)));
            expect(H[n * i + j]).toBeCloseTo(H[n * j + i]!, 8);
          }
        }
      }
    });
  });

  describe(`${family.kind}: what must hold for any customer`, () => {
    it('probabilities lie in [0, 1] and fall with silence and with the time ahead', () => {
      for (const parameters of at) {
        const model = modelAt(parameters);
        const alive = face.probabilityAlive(model, customers);
        const bought = face.probabilityOfPurchase(model, customers, { periods: 8 });
        const expected = face.expectedPurchases(model, customers, { periods: 8 });
        const silent = face.probabilityAlive(model, { ...customers, T: customers.T.map((T) => T + 5) });
        const soon = face.probabilityAlive(model, customers, { ahead: 3 });
        const late = face.probabilityAlive(model, customers, { ahead: 30 });
        alive.forEach((p, i) => {
          expect(p >= 0 && p <= 1).toBe(true);
          expect(silent[i]!).toBeLessThanOrEqual(p * (1 + 1e-12));
          expect(soon[i]!).toBeLessThanOrEqual(p * (1 + 1e-12));
          expect(late[i]!).toBeLessThanOrEqual(soon[i]! * (1 + 1e-12));
          expect(bought[i]! >= 0 && bought[i]! <= p * (1 + 1e-12)).toBe(true);
          expect(bought[i]!).toBeLessThanOrEqual(expected[i]! * (1 + 1e-12));
        });
      }
    });

    it('the distribution of purchases adds up to 1, has the expectation as its mean and the chance of none at 0', () => {
      const upTo = 600;
      for (const parameters of at) {
        const model = modelAt(parameters);
        const fresh = face.purchaseDistribution(model, { periods: 9, upTo });
        close(sum(fresh), 1, 1e-9);
        close(sum(fresh.map((p, k) => k * p)), face.expectedTransactions(model, { periods: 9 }), 1e-8);
        const table = face.futurePurchaseDistribution(model, customers, { periods: 9, upTo });
        const expected = face.expectedPurchases(model, customers, { periods: 9 });
        const bought = face.probabilityOfPurchase(model, customers, { periods: 9 });
        histories.forEach((_, i) => {
          const row = table.subarray(i * (upTo + 1), (i + 1) * (upTo + 1));
          expect(row.every((p) => p >= 0)).toBe(true);
          close(sum(row), 1, 1e-9);
          close(sum(row.map((p, k) => k * p)), expected[i]!, 1e-7);
          expect(Math.abs(1 - row[0]! - bought[i]!)).toBeLessThan(1e-11);
        });
      }
    });

    if (!discrete)
      it('discounted purchases are e^(−δh)N(h) + δ∫e^(−δt)N(t)dt, N the expected purchases; ever is their limit', () => {
        const delta = 0.04;
        const some = {
          frequency: customers.frequency.slice(0, 6),
          recency: customers.recency.slice(0, 6),
          T: customers.T.slice(0, 6),
        };
        for (const parameters of at) {
          const model = modelAt(parameters);
          const at40 = face.discountedResidualTransactions(model, some, { periods: 40, rate: week(delta) });
          const total = face.expectedPurchases(model, some, { periods: 40 }).map((N) => Math.exp(-40 * delta) * N);
          // Panels that shorten towards 0, where N may bend sharply.
          const ends = [0, 0.01, 0.1, 0.5, 1.5, 4, 10, 20, 40];
          for (let k = 1; k < ends.length; k++)
            LEGENDRE.nodes.forEach((node, q) => {
              const half = (ends[k]! - ends[k - 1]!) / 2;
              const t = ends[k - 1]! + half * (1 + node);
              const N = face.expectedPurchases(model, some, { periods: t });
              for (let i = 0; i < total.length; i++)
                total[i]! += half * LEGENDRE.weights[q]! * delta * Math.exp(-delta * t) * N[i]!;
            });
          total.forEach((wanted, i) => {
            close(at40[i]!, wanted, 1e-8);
          });
          const ever = face.discountedResidualTransactions(model, some, { periods: 'infinite', rate: week(delta) });
          const long = face.discountedResidualTransactions(model, some, { periods: 1200, rate: week(delta) });
          ever.forEach((value, i) => {
            close(long[i]!, value, 1e-9);
          });
          const undiscounted = face.discountedResidualTransactions(model, some, { periods: 40, rate: week(0) });
          face.expectedPurchases(model, some, { periods: 40 }).forEach((N, i) => {
            close(undiscounted[i]!, N, 1e-10);
          });
        }
      });

    if (!discrete)
      it('another unit of time scales the parameters and changes no figure', () => {
        for (const parameters of at) {
          const by = 7;
          const days = modelAt(
            Object.fromEntries(
              names.map((name) => [name, parameters[name] * by ** family.timePowers[name]]),
            ) as Parameters<P>,
          );
          const inDays = {
            ...customers,
            recency: customers.recency.map((t) => t * by),
            T: customers.T.map((t) => t * by),
          };
          const weeks = modelAt(parameters);
          const pairs = [
            [face.probabilityAlive(days, inDays), face.probabilityAlive(weeks, customers)],
            [
              face.probabilityAlive(days, inDays, { ahead: 4 * by }),
              face.probabilityAlive(weeks, customers, { ahead: 4 }),
            ],
            [
              face.expectedPurchases(days, inDays, { periods: 10 * by }),
              face.expectedPurchases(weeks, customers, { periods: 10 }),
            ],
            [
              face.logLikelihood(days, inDays).map((l, i) => l + customers.frequency[i]! * Math.log(by)),
              face.logLikelihood(weeks, customers),
            ],
          ] as const;
          for (const [got, wanted] of pairs)
            wanted.forEach((value, i) => {
              close(got[i]!, value, 1e-9);
            });
        }
      });

    it('a plan gives the bits of the functions, whatever the batch, and the model survives a round trip', () => {
      const model = {
        ...face({
          unit: 'week',
          outputs: [
            { quantity: 'probabilityAlive' },
            { quantity: 'probabilityAlive', ahead: 4, as: 'ahead' },
            { quantity: 'probabilityOfPurchase', periods: 6 },
            { quantity: 'expectedPurchases', periods: 6 },
            { quantity: 'discountedResidualTransactions', periods: 'infinite', rate: { discount: 0.15, per: 'year' } },
          ],
        }).fit({ frequency: [0], recency: [0], T: [1] }),
        ...(at[0] as Parameters),
        ...settings,
      } as HistoryModel<'any', 'r', 'frequency' | 'recency' | 'T', 'probabilityAlive'>;
      const { compile, parseModel } = engine({ kind });
      const plan = compile(parseModel(JSON.parse(JSON.stringify(model))) as typeof model);
      const whole = plan.score(customers).columns as unknown as { readonly [name: string]: Float64Array };
      const halves = [0, 11].map((from) =>
        plan.score({
          frequency: customers.frequency.slice(from, from === 0 ? 11 : undefined),
          recency: customers.recency.slice(from, from === 0 ? 11 : undefined),
          T: customers.T.slice(from, from === 0 ? 11 : undefined),
        }),
      );
      for (const name of Object.keys(whole)) {
        const parts = halves.flatMap(({ columns: c }) => [...(c as unknown as typeof whole)[name]!]);
        expect(parts).toEqual([...whole[name]!]);
      }
      expect([...whole.probabilityAlive!]).toEqual([...face.probabilityAlive(model, customers)]);
      expect([...whole.expectedPurchases!]).toEqual([...face.expectedPurchases(model, customers, { periods: 6 })]);
    });
  });

  describe(`${family.kind}: simulation and fit`, () => {
    const drawn = (rows: number, seed: number, parameters = at[0]!, extra: Columns = {}) => {
      const T = Float64Array.from({ length: rows }, (_, i) => (discrete ? 4 + (i % 9) : 20 + (i % 40)));
      const given = { frequency: new Float64Array(rows), recency: new Float64Array(rows), T, ...extra };
      return face.simulate(modelAt(parameters), given, { seed, ahead: 12 });
    };

    it('simulated customers buy as expected, before and after T, and as the distribution says', () => {
      for (const parameters of at.slice(0, 2)) {
        const model = modelAt(parameters);
        const rows = 20_000;
        const T = new Float64Array(rows).fill(12);
        const sample = face.simulate(model, { T } as Columns, { seed: 5, ahead: 12 });
        const shares = face.purchaseDistribution(model, { periods: 12, upTo: 3 });
        shares.forEach((p, k) => {
          const seen = sample.frequency.reduce((count, x) => count + (x === k ? 1 : 0), 0);
          expect(Math.abs(seen - rows * p)).toBeLessThan(4.5 * Math.sqrt(rows * p * (1 - p)) + 1);
        });
        const expected = face.expectedPurchases(model, { ...sample } as Columns as never, { periods: 12 });
        let [mean, square] = [0, 0];
        sample.later.forEach((later, i) => {
          mean += (later - expected[i]!) / rows;
          square += (later - expected[i]!) ** 2 / rows;
        });
        expect(Math.abs(mean)).toBeLessThan(4.5 * Math.sqrt(square / rows));
      }
    });

    it('the order of the rows changes no bit of the fit', () => {
      const sample = drawn(1500, 3);
      const back = (values: Float64Array): Float64Array => values.slice().reverse();
      const fit = face({ unit: 'week' }).fit({ ...sample } as never);
      const reversed = face({ unit: 'week' }).fit({
        frequency: back(sample.frequency),
        recency: back(sample.recency),
        T: back(sample.T),
      } as never);
      expect(reversed).toEqual(fit);
    });

    if (recovery.samples > 0)
      it(`true parameters lie in their 95 % intervals at the nominal rate over ${recovery.samples} samples`, () => {
        let [inside, of] = [0, 0];
        for (let seed = 1; seed <= recovery.samples; seed++) {
          const model = face({ unit: 'week' }).fit({ ...drawn(recovery.rows, 100 + seed) } as never);
          for (const name of names) {
            const error = (model.fit.standardErrors as { readonly [name: string]: number | null })[name] ?? null;
            if (error === null) continue;
            const value = (model as unknown as Parameters)[name]!;
            // On the log scale, where the parameter was estimated.
            of++;
            if (Math.abs(Math.log(value / at[0]![name])) < (1.96 * error) / value) inside++;
          }
        }
        expect(of).toBeGreaterThanOrEqual(0.8 * recovery.samples * names.length);
        // Estimates of one sample go together: bound the rate as if there were one figure a sample.
        expect(Math.abs(inside / of - 0.95)).toBeLessThan(3 * Math.sqrt((0.95 * 0.05) / recovery.samples));
      });

    if (family.processes.length > 0)
      it('coefficients of covariates are recovered; at the maximum no step in any direction climbs', () => {
        const rows = 4000;
        const used = family.processes.filter(({ name }) => name === 'purchase' || name === 'dropout');
        const z = Float64Array.from({ length: rows }, (_, i) => i % 2);
        const truth = { purchase: 0.6, dropout: -0.5 } as { readonly [process: string]: number };
        const covariates = used.map(({ name }) => ({ process: name, column: 'z', coefficient: truth[name]! }));
        const base = modelAt(at[0]!);
        const known = {
          ...base,
          inputs: [...base.inputs, { name: 'z', type: 'number' as const }],
          covariates,
        };
        const T = new Float64Array(rows).fill(discrete ? 10 : 40);
        const sample = { ...face.simulate(known as never, { T, z } as Columns, { seed: 21 }), z };
        const estimator = face({
          unit: 'week',
          covariates: Object.fromEntries(used.map(({ name }) => [name, ['z'] as const])),
        });
        const model = estimator.fit(sample as never);
        expect(model.fit.status).toBe('converged');
        for (const { process, coefficient } of model.covariates!) {
          const error = (model.fit.standardErrors as { readonly [name: string]: number | null })[`${process}.z`]!;
          expect(Math.abs(coefficient - truth[process]!)).toBeLessThan(4 * error);
        }
        const top = sum(face.logLikelihood(model, sample as never));
        close(top, model.fit.logLikelihood, 1e-11);
        for (const step of [-1e-3, 1e-3]) {
          for (const name of names)
            expect(
              sum(
                face.logLikelihood(
                  { ...model, [name]: (model as unknown as Parameters)[name]! * (1 + step) } as typeof model,
                  sample as never,
                ),
              ),
            ).toBeLessThan(top);
          model.covariates!.forEach((_, k) => {
            const moved = model.covariates!.map((c, j) =>
              j === k ? { ...c, coefficient: c.coefficient + 10 * step } : c,
            );
            expect(sum(face.logLikelihood({ ...model, covariates: moved }, sample as never))).toBeLessThan(top);
          });
        }
      });

    it('a prior pulls towards its median, and a sharp one holds the parameter there', () => {
      const sample = { ...drawn(1500, 4) } as never;
      const free = face({ unit: 'week' }).fit(sample) as unknown as Any;
      const name = names[0]!;
      const median = 2 * (free as unknown as Parameters)[name]!;
      const pulled = (sd: number): number =>
        (face({ unit: 'week', priors: { [name]: { median, sd } } as never }).fit(sample) as unknown as Parameters<P>)[
          name
        ];
      close(pulled(1e-6), median, 1e-6);
      const soft = pulled(0.1);
      expect(soft > median / 2 && soft < median).toBe(true);
    });
  });

  describe(`${family.kind}: bad input`, () => {
    it('a history that cannot be is refused with its row when fitting', () => {
      const good = { frequency: [1, 2], recency: [1, 2], T: [3, 3] };
      for (const [wrong, said] of [
        [{ frequency: [1, 2.5] }, /row 1: frequency 2.5/],
        [{ frequency: [1, -1] }, /row 1: frequency -1/],
        [{ recency: [1, 4] }, /row 1: recency 4 is after T 3/],
        [{ frequency: [1, 0] }, /row 1: recency 2 without a repeat purchase/],
        [{ T: [3, -3] }, /row 1/],
      ] as const)
        expect(() => face({ unit: 'week' }).fit({ ...good, ...wrong } as never)).toThrow(said);
      expect(() => face({ unit: 'week' }).fit({ frequency: [], recency: [], T: [] } as never)).toThrow(/no row/);
    });

    it('only single buyers, one customer, busy customers and ever-loyal ones end with a status and finite figures', () => {
      const cases: Columns[] = [
        { frequency: [0, 0, 0], recency: [0, 0, 0], T: [5, 6, 7] },
        { frequency: [2], recency: [3], T: [5] },
        discrete
          ? { frequency: [2000, 3, 0], recency: [2000, 3, 0], T: [2000, 9, 9] }
          : { frequency: [2000, 3, 0], recency: [39, 2, 0], T: [40, 9, 9] },
        { frequency: [3, 4, 5, 2], recency: [9, 8, 9, 9], T: [9, 8, 9, 9] },
      ];
      for (const data of cases) {
        const model = face({ unit: 'week' }).fit(data as never);
        expect(['converged', 'boundary', 'not-identified', 'iteration-limit']).toContain(model.fit.status);
        for (const name of names) expect(Number.isFinite((model as unknown as Parameters)[name])).toBe(true);
        for (const figures of [
          face.probabilityAlive(model, data as never),
          face.expectedPurchases(model, data as never, { periods: 4 }),
          face.probabilityOfPurchase(model, data as never, { periods: 4 }),
        ])
          expect(figures.every(Number.isFinite)).toBe(true);
        const { parseModel } = engine({ kind });
        expect(() => parseModel(JSON.parse(JSON.stringify(model)))).not.toThrow();
      }
    });

    it('a null is left out of the fit and counted, and scores null', () => {
      const model = face({ unit: 'week' }).fit({
        frequency: [1, 2, Number.NaN, 0],
        recency: [1, 2, 1, 0],
        T: [5, 6, 7, 8],
      } as never);
      expect([model.fit.rows, model.fit.leftOut]).toEqual([3, 1]);
      expect(
        face.probabilityAlive(modelAt(at[0]!), { frequency: [Number.NaN, 0], recency: [1, 0], T: [5, 5] })[0],
      ).toBeNaN();
    });
  });
}
