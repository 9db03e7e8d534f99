import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { seededRandom } from '../numerics/random.ts';
import { forecastStates } from './forecast-states.ts';
import { type MigrationOptions, migration } from './migration.ts';
import { solveDominant } from './solve-dominant.ts';
import { type TransitionCounts, transitionMatrix } from './transition-matrix.ts';

interface Golden extends TransitionCounts {
  readonly probabilities: readonly (readonly number[])[];
  readonly startCounts: readonly number[];
  readonly after1: readonly number[];
  readonly after3: readonly number[];
  readonly expectedPeriodsToLoss: readonly number[];
  readonly fundamentalMatrix: readonly (readonly number[])[];
  readonly rates: readonly { readonly state: string; readonly [rate: string]: number | string }[];
}
const golden = fixture<{ readonly transition: Golden }>('value-golden.json').transition;
const matrix = transitionMatrix(golden);

const close = (found: readonly (number | null)[], wanted: readonly number[]): void => {
  expect(found.length).toBe(wanted.length);
  found.forEach((x, i) => {
    expect(Math.abs(x! - wanted[i]!)).toBeLessThanOrEqual(1e-10 * Math.max(Math.abs(wanted[i]!), 1e-10));
  });
};

describe('transitionMatrix (S56)', () => {
  it('gives the golden probabilities, the identity for the absorbing row, and the rates (S56)', () => {
    matrix.probabilities.forEach((row, s) => {
      close(row!, golden.probabilities[s]!);
    });
    expect(matrix.startCounts).toEqual(golden.startCounts);
    expect(matrix.rates.map(({ state }) => state)).toEqual(golden.rates.map(({ state }) => state));
    for (const rate of ['stay', 'upgrade', 'downgrade', 'lost'] as const)
      close(
        matrix.rates.map((row) => row[rate]),
        golden.rates.map((row) => row[rate] as number),
      );
  });

  it('gives the golden fundamental matrix and expected periods to loss (S56)', () => {
    matrix.lifetimes.forEach(({ periodsIn, reason }, s) => {
      close(periodsIn!, golden.fundamentalMatrix[s]!);
      expect(reason).toBeNull();
    });
    close(
      matrix.lifetimes.map(({ periodsToLoss }) => periodsToLoss),
      golden.expectedPeriodsToLoss,
    );
  });

  it('gives the golden forecast after one and three periods, and loses nobody (S56)', () => {
    const path = forecastStates(matrix, 3);
    expect(path[0]).toEqual(golden.startCounts);
    close(path[1]!, golden.after1);
    close(path[3]!, golden.after3);
    for (const counts of path) close([counts!.reduce((a, b) => a + b)], [golden.startCounts.reduce((a, b) => a + b)]);
  });

  it('expects as many periods to loss as a long forecast adds up (S56, brute force)', () => {
    const path = forecastStates(matrix, 2000, { start: [1, 0, 0, 0, 0] });
    const periods = path.reduce((total, counts) => total + 1 - counts![4]!, 0);
    expect(periods).toBeCloseTo(golden.expectedPeriodsToLoss[0]!, 8);
  });

  it('keeps a rare loss precise: 1 in 10⁹ lasts 10⁹ periods', () => {
    const rare = transitionMatrix({
      states: ['a', 'lost'],
      absorbing: ['lost'],
      counts: [
        [999_999_999, 1],
        [0, 0],
      ],
    });
    // 1 − p would be off by 8e-8 of it.
    expect(Math.abs(rare.lifetimes[0]!.periodsToLoss! - 1e9)).toBeLessThan(1e-6);
  });

  it('has null for a state without customers and for what leads to it, with the reason (S56)', () => {
    const { probabilities, rates, lifetimes } = transitionMatrix({
      states: ['a', 'empty', 'b', 'lost'],
      absorbing: ['lost'],
      counts: [
        [5, 5, 0, 0],
        [0, 0, 0, 0],
        [0, 0, 3, 1],
        [0, 0, 0, 0],
      ],
    });
    expect(probabilities[1]).toBeNull();
    expect(rates[1]).toEqual({ state: 'empty', stay: null, upgrade: null, downgrade: null, lost: null });
    expect(lifetimes.map(({ periodsToLoss, periodsIn, reason }) => [periodsToLoss, periodsIn, reason])).toEqual([
      [null, null, 'no-data'],
      [null, null, 'no-data'],
      [4, [0, 0, 4], null],
    ]);
  });

  it('has no periods to loss for states that nobody is lost from, and finite ones beside them (S56, by hand)', () => {
    const { lifetimes } = transitionMatrix({
      states: ['safe', 'either', 'left', 'lost'],
      absorbing: ['lost'],
      counts: [
        [7, 0, 0, 0],
        [1, 1, 1, 1],
        [0, 0, 1, 1],
        [0, 0, 0, 0],
      ],
    });
    expect(lifetimes.map(({ periodsToLoss, reason }) => [periodsToLoss, reason])).toEqual([
      [null, 'never-lost'],
      [null, 'never-lost'],
      [2, null],
    ]);
  });

  it('stops forecasting where customers stand in a state of unknown fate (S56)', () => {
    const known = transitionMatrix({
      states: ['a', 'empty', 'lost'],
      absorbing: ['lost'],
      counts: [
        [8, 0, 2],
        [0, 0, 0],
        [0, 0, 0],
      ],
    });
    expect(forecastStates(known, 1)).toEqual([
      [10, 0, 0],
      [8, 0, 2],
    ]);
    expect(forecastStates(known, 2, { entrants: [0, 1, 0] })).toEqual([[10, 0, 0], [8, 1, 2], null]);
    expect(forecastStates(known, 0)).toEqual([[10, 0, 0]]);
  });

  it('holds the base steady when entrants replace who is lost: 1250 at 4 % with 50 entrants (S56, S86)', () => {
    const steady = transitionMatrix({
      states: ['in', 'lost'],
      absorbing: ['lost'],
      counts: [
        [96, 4],
        [0, 0],
      ],
    });
    const path = forecastStates(steady, 5, { start: [1250, 0], entrants: [50, 0] });
    expect(path[5]![0]).toBeCloseTo(1250, 9);
  });

  it('refuses counts that are not square or not counts, and leaving an absorbing state', () => {
    const two = { states: ['a', 'lost'], absorbing: ['lost'] };
    expect(() => transitionMatrix({ ...two, counts: [[1, 2]] })).toThrow('expected 2 rows of 2');
    expect(() =>
      transitionMatrix({
        ...two,
        counts: [
          [1, -2],
          [0, 0],
        ],
      }),
    ).toThrow('counts, "a" to "lost": -2');
    expect(() =>
      transitionMatrix({
        ...two,
        counts: [
          [1, 1],
          [1, 0],
        ],
      }),
    ).toThrow('nobody leaves an absorbing state');
    expect(() => transitionMatrix({ ...two, absorbing: ['gone'], counts: [] })).toThrow(
      'unknown absorbing state "gone"',
    );
    expect(() => transitionMatrix({ ...two, states: ['a', 'a'], counts: [] })).toThrow('state "a" is given twice');
    expect(() => forecastStates(matrix, -1)).toThrow('invalid steps: -1');
    expect(() => forecastStates(matrix, 1, { start: [1] })).toThrow('start has 1 numbers, there are 5 states');
    expect(() => forecastStates(matrix, 1, { start: [1, 0, 0, 0, -1] })).toThrow('start: expected finite numbers');
  });
});

describe('solveDominant', () => {
  it('solves random row dominant systems (product with the solution gives the right-hand side back)', () => {
    const { uniform } = seededRandom(7);
    for (let n = 1; n <= 8; n++) {
      const a = Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) => (i === j ? n : uniform() - 0.5)),
      );
      const b = Array.from({ length: n }, () => [uniform(), uniform()]);
      const x = solveDominant(a, b);
      b.forEach((row, i) => {
        row.forEach((wanted, j) => {
          expect(a[i]!.reduce((total, c, k) => total + c * x[k]![j]!, 0)).toBeCloseTo(wanted, 13);
        });
      });
    }
  });
});

describe('migration', () => {
  const options: MigrationOptions = { states: ['gold', 'basic'] };

  it('matches customers by id in any order; the missing are lost, newcomers listed apart (S56, by hand)', () => {
    const found = migration(
      { customer: ['a', 'b', 'c', 'd'], state: ['gold', 'gold', 'basic', 'basic'] },
      { customer: ['e', 'c', 'b', 'a', 'f'], state: ['basic', 'gold', 'basic', 'gold', 'gold'] },
      options,
    );
    expect(found.states).toEqual(['gold', 'basic', 'lost']);
    expect(found.counts).toEqual([
      [1, 1, 0],
      [1, 0, 1],
      [0, 0, 0],
    ]);
    expect(found.entrants).toEqual([1, 1, 0]);
    expect(found.rates[1]).toEqual({ state: 'basic', stay: 0, upgrade: 0.5, downgrade: 0, lost: 0.5 });
  });

  it('gives the golden transition counts back from one row per customer (S56)', () => {
    const first: { customer: number[]; state: string[] } = { customer: [], state: [] };
    const second: typeof first = { customer: [], state: [] };
    let id = 0;
    golden.counts.forEach((row, from) => {
      row.forEach((count, to) => {
        for (let i = 0; i < count; i++, id++) {
          first.customer.push(id);
          first.state.push(golden.states[from]!);
          if (golden.states[to] === 'lost') continue;
          second.customer.unshift(id);
          second.state.unshift(golden.states[to]!);
        }
      });
    });
    const found = migration(first, second, { states: golden.states.slice(0, 4) });
    expect(found.counts).toEqual(golden.counts);
    close(
      found.lifetimes.map(({ periodsToLoss }) => periodsToLoss),
      golden.expectedPeriodsToLoss,
    );
  });

  it('counts null states, null ids and customers who came back apart from the rest (S56)', () => {
    const found = migration(
      { customer: ['a', 'b', 'c', 'x', null], state: ['gold', null, 'gone', 'gone', 'gold'] },
      { customer: ['a', 'b', 'c', 'd', 'e', 'g'], state: [null, 'gold', 'basic', null, 'gone', 'gold'] },
      { ...options, lost: 'gone' },
    );
    expect(found.counts.flat().every((count) => count === 0)).toBe(true);
    expect(found).toMatchObject({ entrants: [1, 0, 0], returned: [0, 1, 0], unclassified: 3, nulls: 1 });
  });

  it('takes a row of the lost state at the second date like a missing one (S56)', () => {
    const first = { customer: [1], state: ['gold'] };
    const listed = migration(first, { customer: [1], state: ['lost'] }, options);
    const missing = migration(first, { customer: [], state: [] }, options);
    expect(listed).toEqual(missing);
    expect(listed.counts[0]).toEqual([0, 0, 1]);
  });

  it('refuses a customer listed twice, unlisted states and columns of other lengths', () => {
    const one = { customer: ['a'], state: ['gold'] };
    expect(() => migration({ customer: ['a', 'a'], state: ['gold', 'gold'] }, one, options)).toThrow(
      'customer "a" is listed twice at the first date',
    );
    expect(() => migration(one, { ...one, state: ['silver'] }, options)).toThrow(
      'state "silver" of the second date is not one of gold, basic, lost',
    );
    expect(() => migration(one, { ...one, state: [] }, options)).toThrow('state has 0 rows, expected 1');
    expect(() => migration(one, one, { states: ['gold', 'lost'] })).toThrow('state "lost" is given twice');
  });
});
