// The steps of a pipeline on the memory of WASM and on ordinary arrays: the same bits, the same nulls, whatever the cells.
import { describe, expect, it } from 'vitest';
import { betaCalibrationKind } from '../../churn/calibration/beta-kind.ts';
import { isotonicKind } from '../../churn/calibration/isotonic-kind.ts';
import { plattKind } from '../../churn/calibration/platt-kind.ts';
import { priorCorrectionKind } from '../../churn/calibration/prior-correction-kind.ts';
import { neuralNetworkKind } from '../../churn/neural/neural-network-kind.ts';
import { tanhInPlace } from '../../churn/neural/tanh.ts';
import { calibrate } from '../../churn/trees/forest-kind.ts';
import { InputLane } from '../../columns/input-lane.ts';
import { makeLane } from '../../columns/lane.ts';
import { loyaltyKind } from '../../loyalty/loyalty.ts';
import { type Lane, WHY } from '../../model/batch.ts';
import type { Kind, ModelBase } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';
import { seededRandom } from '../../numerics/random.ts';
import { rfmKind } from '../../rfm/rfm-kind.ts';
import { gridKind } from '../../segments/grid-kind.ts';
import { currentValueKind } from '../../value/current-value.ts';
import { lifetimeValueKind } from '../../value/lifetime-value-kind.ts';
import { potentialValueKind } from '../../value/potential-value-kind.ts';
import { compositeIndexKind } from '../../weighting/composite-index-kind.ts';
import { BLOCK } from '../block.ts';
import { scratchAt } from './registry.ts';
import { sharedScratch } from './scratch.ts';

const random = seededRandom(11);
const one = <T>(list: readonly T[]): T => list[random.below(list.length)]!;
const uniform = (low: number, high: number): number => low + (high - low) * random.uniform();
const LENGTHS = [1, 2, 3, 4, 5, 7, 64, 1001, BLOCK - 1, BLOCK];
const POISON = 12345.678;
const FINITE = [
  0,
  -0,
  1,
  5e-324,
  -5e-324,
  1e-310,
  2.3e-308,
  1e-16,
  1 - 2 ** -53,
  1 + 2 ** -52,
  1e300,
  -1.7e308,
  1.7e308,
];
const HARD = [...FINITE, Number.NaN, Infinity, -Infinity];

/** Cells by a rule, a share of them hard. */
type Cells = (row: number) => number;
const share: Cells = () => random.uniform();
const around =
  (middle: number, spread: number): Cells =>
  () =>
    uniform(middle - spread, middle + spread);

const number = (name: string): Field => ({ name, type: 'number' });
const FIT = { status: 'converged', rows: 1, warnings: [] } as const;

function columnsOf(inputs: readonly Field[], cells: readonly Cells[], hard: number): (Float64Array | Int32Array)[] {
  return inputs.map((field, c) =>
    field.type === 'number'
      ? Float64Array.from({ length: BLOCK }, (_, i) =>
          random.uniform() < hard ? one(HARD) : random.uniform() < hard ? one(FINITE.slice(0, 9)) : cells[c]!(i),
        )
      : Int32Array.from({ length: BLOCK }, () =>
          random.uniform() < hard ? -1 - random.below(2) : random.below(field.levels!.length),
        ),
  );
}

type Way = 'plain' | 'held' | 'near';

/** A lane as the run of a batch makes it, or, near, as an earlier step leaves it. */
function laneOf(field: Field, column: Float64Array | Int32Array, rows: number, way: Way): Lane {
  const lane = makeLane(field, BLOCK);
  if (field.type === 'category') {
    // −1 stands for a missing cell, −2 for a level that the model does not list.
    column.forEach((code, i) => {
      lane.codes[i] = Math.max(code, -1);
      lane.why[i] = code === -1 ? WHY.missing : code === -2 ? WHY.unseenLevel : WHY.valid;
      if (i < rows && code < 0) lane.clean = false;
    });
    return lane;
  }
  if (way !== 'near') {
    const held = new InputLane(BLOCK);
    held.hold(column as Float64Array, 0, rows);
    return held;
  }
  const values = sharedScratch().numbers();
  values.fill(POISON);
  for (let i = 0; i < rows; i++) {
    const x = column[i]!;
    values[i] = Number.isFinite(x) ? x : Number.NaN;
    if (!Number.isFinite(x)) {
      lane.why[i] = WHY.notFinite;
      lane.clean = false;
    }
  }
  return { ...lane, values };
}

function outputOf(field: Field, way: Way): Lane {
  const lane = makeLane(field, BLOCK);
  if (way !== 'plain' && field.type === 'number') lane.values = sharedScratch().numbers();
  if (way !== 'plain' && field.type === 'category') lane.codes = sharedScratch().codes();
  lane.values.fill(POISON);
  lane.codes.fill(12345);
  lane.why.fill(WHY.noMean);
  lane.clean = false;
  if (way !== 'plain') expect(scratchAt((field.type === 'number' ? lane.values : lane.codes).buffer)).toBeDefined();
  return lane;
}

/** Where two columns differ in a bit, −1 nowhere. */
function differsAt(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return 0;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return i;
  return -1;
}
const causes = ({ clean, why }: Lane, rows: number): Uint8Array => (clean ? new Uint8Array(rows) : why.slice(0, rows));

function sameEveryWay<M extends ModelBase>(kind: Kind<M>, json: unknown, cells: readonly Cells[]): void {
  const model = json as M;
  const kernel = kind.bind(model, { of: () => kind as unknown as Kind });
  for (const hard of [0, 0.002, 0.2])
    for (const rows of [one(LENGTHS), one(LENGTHS)]) {
      const columns = columnsOf(model.inputs, cells, hard);
      const score = (way: Way): Lane[] => {
        const outputs = model.outputs.map((field) => outputOf(field, way));
        kernel(
          rows,
          model.inputs.map((field, c) => laneOf(field, columns[c]!, rows, way)),
          outputs,
        );
        return outputs;
      };
      const expected = score('plain');
      for (const way of ['held', 'near'] as const) {
        const mark = sharedScratch().mark();
        score(way).forEach((found, o) => {
          const wanted = expected[o]!;
          // Cells behind the last row stay as they were.
          expect(differsAt(found.values, wanted.values)).toBe(-1);
          expect(differsAt(found.codes, wanted.codes)).toBe(-1);
          expect(differsAt(causes(found, rows), causes(wanted, rows))).toBe(-1);
        });
        sharedScratch().release(mark);
      }
    }
}

const model = (kind: string, inputs: readonly string[], outputs: readonly Field[], parts: object): object => ({
  ...{ kind, version: 1, inputs: inputs.map(number), outputs, fit: FIT },
  ...parts,
});
const probability: Field = { name: 'out', type: 'number', horizon: null };

describe('calibrations by WASM', () => {
  it('are those of their twins', () => {
    for (let k = 0; k < 12; k++) {
      const range = { low: -uniform(1, 30), rest: -uniform(1, 30) };
      const line = { intercept: uniform(-2, 2), slope: one([1, -1, uniform(-3, 3), 0, 1e308]) };
      sameEveryWay(plattKind, model('plattCalibration', ['p'], [probability], { ...line, scale: 'log-odds', range }), [
        share,
      ]);
      sameEveryWay(
        plattKind,
        model('plattCalibration', ['p'], [probability], { ...line, scale: 'score', range: null }),
        [around(0, 30)],
      );
      const powers = {
        intercept: uniform(-1, 1),
        a: one([0, uniform(0, 2), 1e308]),
        b: one([0, uniform(0, 2), 1e308]),
      };
      sameEveryWay(betaCalibrationKind, model('betaCalibration', ['p'], [probability], { ...powers, range }), [share]);
      const rates = { populationRate: one([0.1, 1e-300, 0.5]), sampleRate: one([0.3, 1e-300, 0.9]) };
      sameEveryWay(priorCorrectionKind, model('priorCorrection', ['p'], [probability], rates), [share]);
      sameEveryWay(loyaltyKind, model('loyalty', ['p'], [probability], {}), [share]);
    }
  });

  it('join the points of an isotonic curve, on them and beside them', () => {
    for (let k = 0; k < 20; k++) {
      const count = one([1, 2, 3, 7, 8, 9, 15, 40, 200]);
      const rising = (): number[] => [...new Set(Array.from({ length: count }, share))].sort((a, b) => a - b);
      const scores = k === 19 ? [-1.7e308, -1, 1.7e308] : rising();
      const probabilities = k === 19 ? [0.1, 0.2, 0.9] : rising();
      const strict = k % 2 === 0;
      const curve = { strict, scores, probabilities };
      const cells: Cells = () => one([random.uniform(), uniform(-0.2, 1.2), one(scores), one(scores) + 2 ** -53]);
      sameEveryWay(isotonicKind, model('isotonicCalibration', ['p'], [probability], curve), [cells]);
    }
  });

  it('turn means of forests into probabilities, and sums into tanh, in place', () => {
    for (const rows of [0, ...LENGTHS])
      for (const spread of [1, 50, 1000]) {
        const mark = sharedScratch().mark();
        for (const each of [
          (values: Float64Array) => tanhInPlace(rows, values),
          (values: Float64Array) => calibrate(rows, values, 0.3, 1.2),
        ]) {
          const plain = Float64Array.from({ length: BLOCK }, () =>
            random.uniform() < 0.05 ? one([...HARD, 350, -350, 354.1, 373]) : uniform(-spread, spread),
          );
          const near = sharedScratch().numbers();
          near.set(plain);
          each(plain);
          each(near);
          expect(differsAt(near, plain)).toBe(-1);
        }
        sharedScratch().release(mark);
      }
  });
});

describe('values by WASM', () => {
  const terms = () => ({
    periods: one([0, 1, 2, 24, 600]),
    unit: 'month',
    discount: one([0, 0.01, 1e-5, -0.05, 3]),
    timing: one(['end', 'begin']),
  });

  it('discount one profit or several', () => {
    for (const count of [1, 2, 5, 12]) {
      const names = Array.from({ length: count }, (_, k) => `p${k}`);
      const annuity = { periods: count, unit: 'month', discount: 0.01, timing: 'end' };
      sameEveryWay(
        currentValueKind,
        model('currentValue', names, [number('value')], { annuity }),
        names.map(() => around(40, 60)),
      );
    }
  });

  it('add offers that are open, whoever owns what', () => {
    for (let k = 0; k < 24; k++) {
      const inputs: Field[] = [
        ...['a', 'b', 'm', 'n'].map(number),
        { name: 'has', type: 'category', levels: ['no', 'yes', 'old'] },
      ];
      const when = (): object =>
        one([
          { column: 'has', equals: one(['yes', 'no']) },
          { column: 'n', not: 1 },
        ]);
      const offers = ['x', 'y', 'z'].slice(0, 1 + random.below(3)).map((name) => ({
        name,
        probability: one(['a', 'b']),
        profit: one<number | string>([12, -7.5, 'm', 0]),
        ...(random.below(2) ? { owned: when() } : {}),
        ...(random.below(2) ? { eligible: when() } : {}),
      }));
      const json = {
        ...model('potentialValue', [], [number('value')], { offers, annuity: one([null, terms()]) }),
        inputs,
      };
      sameEveryWay(potentialValueKind, json, [share, share, around(20, 50), () => random.below(3), share]);
    }
  });

  it('keep what survives of current and potential value', () => {
    sameEveryWay(lifetimeValueKind, model('lifetimeValue', ['c', 'p'], [number('v')], { retained: null }), [
      around(800, 300),
      around(100, 300),
    ]);
    for (let k = 0; k < 60; k++) {
      const annuity = terms();
      const by = one(['retention', 'survivalAnnuity']);
      const potentialBy = one(['survival', 'loyalty']);
      const names = ['c', 'p', 's', ...(potentialBy === 'loyalty' && random.below(2) ? ['l'] : [])];
      const json = model('lifetimeValue', names, ['v', 'r'].map(number), { retained: { by, annuity, potentialBy } });
      const third = one([share, () => 1 - random.uniform() ** 8, () => 1 - 1e-5 * random.uniform()]);
      sameEveryWay(lifetimeValueKind, json, [around(800, 300), around(100, 300), third, share]);
    }
  });
});

describe('levels and scores by WASM', () => {
  const cutsOf = (count: number): number[] =>
    Array.from({ length: count }, () => one([random.below(7), 0, -0, uniform(-1, 6)])).sort((a, b) => a - b);
  const cells: Cells = () => one([random.below(7), uniform(-2, 8)]);

  it('cut a grid of up to four axes', () => {
    for (let k = 0; k < 30; k++) {
      const axes = ['a', 'b', 'c', 'd'].slice(0, 1 + random.below(4)).map((column) => {
        const count = one([1, 2, 3, 9]);
        return {
          ...{ column, cuts: cutsOf(count), closed: one(['left', 'right']) },
          levels: Array.from({ length: count + 1 }, (_, l) => `${l}`),
          ...(random.below(3) ? {} : { as: `${column}Level` }),
        };
      });
      const combinations = axes.reduce((n, { levels }) => n * levels.length, 1);
      const segments = Array.from({ length: one([1, 2, 5]) }, (_, s) => ({ key: `s${s}` }));
      const codes = Array.from({ length: combinations }, (_, i) => (k % 4 ? random.below(segments.length) : i));
      const outputs: Field[] = ['segment', ...axes.flatMap(({ as }) => as ?? [])].map((name) => ({
        ...{ name, type: 'category', levels: [] },
      }));
      const json = model(
        'grid',
        axes.map(({ column }) => column),
        outputs,
        { axes, segments, cells: codes },
      );
      sameEveryWay(
        gridKind,
        json,
        axes.map(() => cells),
      );
    }
  });

  it('score recency, frequency and monetary value, nested or not, with and without purchases', () => {
    for (let k = 0; k < 20; k++) {
      const nested = k % 5 === 4;
      let groups = 1;
      const measures = ['low', 'high', 'high'].map((best) => {
        const count = one(nested ? [1, 2] : [0, 1, 4, 9]);
        const cuts = Array.from({ length: nested ? groups : 1 }, () => cutsOf(count));
        groups *= count + 1;
        return { cuts, closed: one(['left', 'right']), best, weight: one([1, 0.5, 0, 1e308]) };
      });
      const outputs = ['r', 'f', 'm', 'code', 'score'].map(
        (name): Field => (name === 'code' ? { name, type: 'category', levels: [] } : number(name)),
      );
      const noPurchase = one(['exclude', 'lowest']);
      sameEveryWay(rfmKind, model('rfm', ['a', 'b', 'c'], outputs, { measures, noPurchase }), [cells, cells, cells]);
    }
  });
});

describe('networks by WASM', () => {
  it('have the sums of their twins, with levels, nulls and rules for them', () => {
    for (let k = 0; k < 24; k++) {
      const count = one([0, 1, 3, 20]);
      const inputs: Field[] = [
        ...Array.from({ length: count }, (_, c) => number(`x${c}`)),
        ...(random.below(2) || count === 0
          ? [{ name: 'level', type: 'category', levels: ['a', 'b', 'c'] } as const]
          : []),
      ];
      const scale = one([0.3, 3, 1e3]);
      const weight = (): number => one([uniform(-scale, scale), uniform(-scale, scale), 0]);
      const ruled = random.below(2) === 1;
      const unit = () => ({
        bias: weight(),
        terms: (k % 7 === 6 && random.below(2) ? inputs.toReversed() : inputs).map((field) =>
          field.type === 'number'
            ? {
                column: field.name,
                weight: weight(),
                missing: ruled ? { value: 0.5, weight: weight() } : null,
                centre: 0,
              }
            : {
                column: field.name,
                weights: [weight(), weight(), weight()],
                missing: ruled ? weight() : null,
                unseen: ruled ? weight() : null,
                centre: 0,
              },
        ),
      });
      const sizes = one([[1], [2], [5], [16], [3, 4], [7, 2, 6]]);
      const first = Array.from({ length: sizes[0]! }, unit);
      const layers = [...sizes.slice(1), 1].map((own, l) =>
        Array.from({ length: own }, () => ({ bias: weight(), weights: Array.from({ length: sizes[l]! }, weight) })),
      );
      const json = { ...model('neuralNetwork', [], [probability], { first, layers }), inputs };
      sameEveryWay(
        neuralNetworkKind,
        json,
        inputs.map(() => around(0, 2)),
      );
    }
  });
});

describe('composite indices by WASM', () => {
  const maps = (): object | null =>
    one([
      null,
      { kind: 'linear', low: -1, high: 2 },
      { kind: 'linear', low: -1.7e308, high: 1.7e308 },
      {
        kind: 'piecewise',
        knots: [
          [-2, 0],
          [-1, 30],
          [0, 45],
          [1, 80],
          [2, 100],
        ],
      },
      { kind: 'piecewise', knots: Array.from({ length: 12 }, (_, k) => [k / 4 - 1, (k * 37) % 100]) },
      { kind: 'logistic', midpoint: 0.2, slope: one([1.5, -3, 900]) },
      { kind: 'step', cuts: [-1, 0, 1], scores: [0, 40, 70, 100], closed: one(['left', 'right']) },
      {
        kind: 'step',
        cuts: Array.from({ length: 20 }, (_, k) => k / 10 - 1),
        scores: Array.from({ length: 21 }, (_, k) => k),
        closed: 'left',
      },
    ]);

  it('map, standardise and weigh as their twins do, with groups and missing indicators', () => {
    for (let k = 0; k < 40; k++) {
      const names = ['a', 'b', 'c', 'd', 'e', 'f'].slice(0, 1 + random.below(6));
      const aggregate = one(['sum', 'sum', 'sum', 'product', 'topsis']);
      const indicators = names.map((column) => ({
        ...{ column, weight: 1 / names.length, map: maps(), cost: false },
        standard: one([
          null,
          { kind: 'z-sample', centre: 0.3, spread: 1.7 },
          { kind: 'min-max', centre: 0, spread: 0 },
        ]),
        group: k % 3 ? null : one(['g', 'h']),
      }));
      const groups = [...new Set(indicators.flatMap(({ group }) => group ?? []))];
      const reference = aggregate === 'topsis' ? { ideal: names.map(() => 2), antiIdeal: names.map(() => -1) } : null;
      const parts = { indicators, aggregate, reference, missing: one(['null', 'renormalise']) };
      const json = model('compositeIndex', names, ['score', ...groups].map(number), parts);
      sameEveryWay(
        compositeIndexKind,
        json,
        names.map(() => () => one([uniform(-3, 3), random.below(5) - 2])),
      );
    }
  });
});
