import * as arrow from 'apache-arrow';
import { bgNbd, gammaGamma, mbgNbd, paretoNbd } from '../clv/index.ts';
import { toArrow } from '../columns/index.ts';
import { compositeIndex, currentValue, loyalty, potentialValue, rfm, rfmTiers, threeDimensional } from '../index.ts';
import type { Tree } from '../kernels/tree.ts';
import type { ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { Random } from '../numerics/random.ts';
import { kMeans } from '../segments/index.ts';
import { type Model, parseModel, pipeline } from './index.ts';

const HARD = [0, -0, Number.NaN, Infinity, -Infinity, 5e-324, -5e-324, 2.2e-308, 1.7e308, -1.7e308];
const LEVELS = ['basic', 'plus', 'pro'];
const fit = { status: 'converged', rows: 1, warnings: [] };
const horizon = { every: 1, unit: 'month' };

/** −1 … 1, now and then an end of float64. */
const weight = (random: Random): number =>
  random.below(40) === 0 ? [1e300, -1e300, 5e-324, 0][random.below(4)]! : 2 * random.uniform() - 1;
const several = <T>(count: number, make: (k: number) => T): T[] => Array.from({ length: count }, (_, k) => make(k));

function inputsOf(random: Random, numbers: number, categories: number): Field[] {
  const fields = [
    ...several(numbers, (k): Field => ({ name: `x${k}`, type: 'number' })),
    ...several(
      categories,
      (k): Field => ({ name: `c${k}`, type: 'category', levels: LEVELS.slice(0, 1 + random.below(3)) }),
    ),
  ];
  return fields.sort(() => random.below(3) - 1);
}

/** Terms over some inputs, with a rule for nulls or none. */
const termsOf = (random: Random, inputs: readonly Field[]): object[] =>
  inputs.map(({ name, levels }, k) =>
    levels
      ? {
          column: name,
          weights: levels.map(() => weight(random)),
          missing: k % 2 ? weight(random) : null,
          unseen: k % 3 ? weight(random) : null,
          centre: weight(random),
        }
      : {
          column: name,
          weight: weight(random),
          missing: random.below(3) === 0 ? { value: weight(random), weight: weight(random) } : null,
          centre: 0.5,
        },
  );

function linear(random: Random): object {
  const inputs = inputsOf(random, random.below(13), random.below(3));
  return {
    kind: 'logisticRegression',
    version: 1,
    inputs,
    outputs: [{ name: 'p', type: 'number', horizon, explained: 'log-odds' }],
    intercept: weight(random),
    terms: termsOf(random, inputs),
    groups: [],
    fit,
  };
}

function network(random: Random): object {
  const inputs = inputsOf(random, 1 + random.below(6), random.below(3));
  const units = (count: number, below: number): object[] =>
    several(count, () => ({ bias: weight(random), weights: several(below, () => weight(random)) }));
  // All units have the same rules for nulls.
  const terms = termsOf(random, inputs) as { weight?: number; weights?: number[] }[];
  const first = several(1 + random.below(9), () => ({
    bias: weight(random),
    terms: terms.map((term) =>
      term.weights ? { ...term, weights: term.weights.map(() => weight(random)) } : { ...term, weight: weight(random) },
    ),
  }));
  const hidden = random.below(2) ? [units(1 + random.below(5), first.length)] : [];
  return {
    kind: 'neuralNetwork',
    version: 1,
    inputs,
    outputs: [{ name: 'p', type: 'number', horizon }],
    first,
    layers: [...hidden, units(1, hidden[0]?.length ?? first.length)],
    fit,
  };
}

/** Random splits; thresholds of few values, so that some meet a cell exactly. */
function treeOf(random: Random, inputs: readonly Field[], leaves: number, cuts: number, scale: number): Tree {
  const feature: number[] = [];
  const threshold: number[] = [];
  const sides: { readonly left: number[]; readonly right: number[] } = { left: [], right: [] };
  const open: ([at: number, side: 'left' | 'right'] | null)[] = [null];
  while (inputs.length > 0 && open.length < leaves) {
    const [place] = open.splice(random.below(Math.min(open.length, 8)), 1);
    const own = random.below(inputs.length);
    const at = feature.push(own) - 1;
    const cut = random.below(cuts);
    threshold.push(
      inputs[own]!.levels ? random.below(2) : (HARD.filter(Number.isFinite)[cut] ?? (cut + 0) / cuts - 0.5) + 0,
    );
    if (place) sides[place[1]][place[0]] = at;
    open.push([at, 'left'], [at, 'right']);
  }
  open.forEach((place, leaf) => {
    if (place) sides[place[1]][place[0]] = ~leaf;
  });
  return {
    ...sides,
    feature,
    threshold,
    nullLeft: feature.map(() => random.below(2)),
    subsets: [[0], []],
    surrogates: [],
    value: open.map(() => scale * random.uniform()),
    weight: open.map(() => 1 + random.below(9)),
  };
}

function trees(random: Random): object {
  const inputs = inputsOf(random, 1 + random.below(6), random.below(3));
  const count = [0, 1, 2, 4, 9, 30][random.below(6)]!;
  const leaves = [1, 2, 16, 31, 300][random.below(5)]!;
  const cuts = [4, 60, 2000][random.below(3)]!;
  const kind = ['decisionTree', 'randomForest', 'gradientBoosting'][random.below(3)]!;
  const explained = { decisionTree: 'probability', randomForest: 'uncalibrated-probability' }[kind] ?? 'log-odds';
  const made = several(kind === 'gradientBoosting' ? count : Math.max(count, 1), () =>
    treeOf(random, inputs, leaves, cuts, kind === 'randomForest' ? 1 / Math.max(count, 1) : 1),
  );
  return {
    kind,
    version: 1,
    inputs,
    outputs: [{ name: 'p', type: 'number', horizon, explained }],
    rules: inputs.map(() => ({
      missing: ['null', 'direction'][random.below(2)],
      unseen: ['null', 'majority'][random.below(2)],
      nulls: 0,
    })),
    ...{
      decisionTree: { tree: made[0] },
      randomForest: { trees: made, calibration: { intercept: 0.1, slope: 1.5 } },
      gradientBoosting: { base: weight(random), trees: made },
    }[kind],
    fit,
  };
}

function calibrator(random: Random): object {
  const kinds = {
    plattCalibration: { scale: 'score', intercept: weight(random), slope: weight(random), range: null },
    'plattCalibration ': { scale: 'log-odds', intercept: 0.2, slope: 1.3, range: { low: -9, rest: -7 } },
    betaCalibration: { intercept: weight(random), a: random.uniform(), b: 2, range: { low: -9, rest: -7 } },
    isotonicCalibration: {
      strict: true,
      scores: several(9, (k) => (k + random.uniform()) / 10),
      probabilities: several(9, (k) => (k + 0.1 + 0.8 * random.uniform()) / 10),
    },
    priorCorrection: { populationRate: 0.1, sampleRate: 0.5 },
  };
  const names = Object.keys(kinds) as (keyof typeof kinds)[];
  const kind = names[random.below(names.length)]!;
  const inputs = [{ name: 'p0', type: 'number' }];
  return {
    kind: kind.trim(),
    version: 1,
    inputs,
    outputs: [{ name: 'p', type: 'number', horizon }],
    ...kinds[kind],
    fit,
  };
}

/** A fitted purchase model with other parameters. */
function histories(random: Random): object {
  const shop = { frequency: [0, 1, 2, 3, 0, 5], recency: [0, 3, 5, 10, 0, 12], T: [10, 20, 15, 18, 30, 13] };
  const rate = { discount: 0.1, per: 'year' } as const;
  const outputs = [
    { quantity: 'probabilityAlive' },
    { quantity: 'probabilityOfPurchase', periods: 13 },
    { quantity: 'expectedPurchases', periods: 26 },
    { quantity: 'discountedResidualTransactions', periods: 52, rate },
  ] as const;
  const estimator = [bgNbd, mbgNbd, paretoNbd][random.below(3)]!;
  const model = estimator({ unit: 'week', outputs: outputs.slice(0, 1 + random.below(4)) } as never).fit(
    shop,
  ) as object;
  const some = (): number => 10 ** (2 * random.uniform() - 1);
  const own = Object.keys(model).filter((name) => ['r', 'alpha', 'a', 'b', 's', 'beta'].includes(name));
  return {
    ...model,
    ...Object.fromEntries(own.map((name) => [name, some() * (name === 'alpha' || name === 'beta' ? 9 : 1)])),
  };
}

/** Values, tiers and segments, each behind what it reads. */
function values(random: Random): object {
  const column = (scale: number): Float64Array => Float64Array.from({ length: 60 }, () => scale * random.uniform());
  const data = {
    churnProbability: column(1),
    profit: column(50),
    p_tv: column(1),
    has_tv: several(60, () => ['no', 'yes'][random.below(2)]!),
    daysSinceLast: column(300).map(Math.floor),
    orders: column(20).map(Math.ceil),
    total: column(900),
    x0: column(3),
    x1: column(9),
    frequency: column(9).map(Math.ceil),
    averageSpend: column(40),
  };
  const terms = { periods: 1 + random.below(30), rate: { discount: 0.01, per: 'month' } } as const;
  const tv = { name: 'tv', probability: 'p_tv', profit: 4, owned: { column: 'has_tv', equals: 'yes' } } as const;
  const offers = [tv] as const;
  const indicators = several(2, (k) => ({
    column: `x${k}`,
    weight: 0.5,
    standardise: k ? ('z-sample' as const) : ('min-max' as const),
  }));
  const makers = [
    () => [
      loyalty(),
      currentValue({ profit: 'profit', ...terms }),
      potentialValue({ offers, ...terms }),
      threeDimensional({ cut: 'mean' }),
    ],
    () => [rfm(), rfmTiers()],
    () => [compositeIndex({ indicators })],
    () => [kMeans({ columns: ['x0', 'x1'], clusters: 3, seed: 1 })],
    () => [gammaGamma({ frequency: 'frequency', monetaryValue: 'averageSpend' })],
  ];
  const steps = makers[random.below(makers.length)]!();
  return pipeline(steps as never).fit(data as never);
}

/** Boosting, its calibration, and what follows, fused. */
function chain(random: Random): object {
  const first = trees(random) as { outputs: { name: string }[] };
  first.outputs[0]!.name = 'p0';
  const second = calibrator(random);
  const steps = [first, second].map((step) => parseModel(step)) as unknown as ModelBase[];
  const inputs = steps[0]!.inputs;
  return { kind: 'pipeline', version: 1, inputs, outputs: steps.flatMap(({ outputs }) => outputs), steps, fit };
}

const MAKERS = { linear, trees, network, calibrator, histories, values, chain };
export const MAKES = Object.keys(MAKERS) as readonly (keyof typeof MAKERS)[];

export function randomModel(make: keyof typeof MAKERS, random: Random): Model {
  return parseModel(JSON.parse(JSON.stringify(MAKERS[make](random))));
}

/** Cells for an input: mostly such as belong there. */
function cellOf({ name }: Field, random: Random, hard: number): number {
  if (random.uniform() < hard) return HARD[random.below(HARD.length)]!;
  const u = random.uniform();
  if (name === 'frequency' || name === 'orders') return random.below(random.below(20) === 0 ? 400 : 12);
  if (name === 'recency') return 20 * u;
  if (name === 'T') return 20 + 30 * u;
  if (/^p/.test(name) || name === 'churnProbability') return [0, 1, u, u][random.below(4)]!;
  if (/^x/.test(name)) return random.below(2) ? random.below(60) / 60 - 0.5 : 4 * u - 2;
  return 300 * u;
}

/**
 * A batch for a model: float64 columns with a bitmap or without, here and there of another type or of two chunks; dictionaries
 * that know other levels in another order; a column that no model reads. The first cells of its columns lie `offset` bits into their bitmaps.
 */
export function randomBatch(inputs: readonly Field[], rows: number, offset: number, random: Random): arrow.RecordBatch {
  const length = rows + offset;
  const hard = [0, 0.001, 0.05][random.below(3)]!;
  const nulls = [0, 0, 0.01, 0.4][random.below(4)]!;
  const bitmap = (): { readonly nullBitmap?: Uint8Array; readonly nullCount: number } => {
    if (nulls === 0 || random.below(4) === 0) return { nullCount: 0 };
    const bits = new Uint8Array(Math.ceil(length / 8));
    for (let i = 0; i < length; i++) if (random.uniform() >= nulls) bits[i >> 3]! |= 1 << (i & 7);
    return { nullBitmap: bits, nullCount: -1 };
  };
  // At once, so that each dictionary has an id of its own.
  const dictionaries = toArrow(
    Object.fromEntries(
      inputs
        .filter(({ levels }) => levels)
        .map((field) => {
          const levels = random.below(2) ? ['pro', 'new', 'plus', 'basic', 'yes', 'no'] : [...field.levels!].reverse();
          const cell = (): string | null =>
            random.uniform() < nulls ? null : (levels[random.below(levels.length)] ?? null);
          return [field.name, several(length, cell)];
        }),
    ),
  ) as arrow.Table;
  const columns = inputs.map((field): arrow.Data => {
    if (field.levels) return dictionaries.getChild(field.name)!.data[0]!;
    const data = Float64Array.from({ length }, () => cellOf(field, random, hard));
    if (random.below(12) === 0)
      return arrow.makeData({
        type: new arrow.Int32(),
        length,
        ...bitmap(),
        data: Int32Array.from(data),
      }) as arrow.Data;
    return arrow.makeData({ type: new arrow.Float64(), length, ...bitmap(), data }) as arrow.Data;
  });
  const fields = inputs.map(({ name }, c) => new arrow.Field(name, columns[c]!.type, true));
  fields.push(new arrow.Field('id', new arrow.Int32(), false));
  columns.push(arrow.makeData({ type: new arrow.Int32(), length, nullCount: 0, data: new Int32Array(length) }));
  const data = arrow.makeData({ type: new arrow.Struct(fields), length, nullCount: 0, children: columns });
  return new arrow.RecordBatch(new arrow.Schema(fields), data).slice(offset);
}
