import { describe, expect, it } from 'vitest';
import { ClienteleError } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import type { Estimator } from '../model/contract.ts';
import { failure } from './job.test-support.ts';
import type { OptionsOf, StepRule } from './step-rule.ts';
import { makeStep, step } from './steps.ts';

const rows = 60;
const u = (i: number, k: number): number => ((i + 1) * Math.sqrt(k)) % 1;
const numbers = (of: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
const texts = (of: (i: number) => string): string[] => Array.from({ length: rows }, (_, i) => of(i));
export const data: Columns = {
  left: texts((i) => (u(i, 2) < 0.4 ? 'yes' : 'no')),
  x: numbers((i) => 10 * u(i, 3)),
  plan: texts((i) => (u(i, 5) < 0.5 ? 'a' : 'b')),
  w: numbers((i) => 1 + (i % 3)),
  months: numbers((i) => i % 7),
  watched: numbers((i) => 1 + (i % 3)),
  tv: texts((i) => (u(i, 6) < 0.5 ? 'yes' : 'no')),
  film: texts((i) => (u(i, 7) < 0.3 ? 'yes' : 'no')),
  p: numbers((i) => u(i, 10)),
  r: numbers((i) => u(i, 11)),
  money: numbers((i) => 5 + 100 * u(i, 13)),
  more: numbers((i) => 5 + 50 * u(i, 14)),
  f: numbers((i) => i % 4),
  rec: numbers((i) => (i % 4 === 0 ? 0 : 1 + 20 * u(i, 15))),
  age: numbers((i) => 30 + 10 * u(i, 17)),
  n: numbers((i) => 3 * u(i, 19)),
  score1: numbers((i) => 1 + (i % 2)),
  score2: numbers((i) => 1 + (i % 3 === 0 ? 1 : 0)),
  period: numbers((i) => i % 10),
  active: numbers((i) => Math.round(1000 * 0.85 ** (i % 10) - 10 * Math.floor(i / 10))),
  lost: numbers((i) => (i % 10 === 0 ? 0 : 50 + i)),
  cohort: texts((i) => `c${Math.floor(i / 10)}`),
  opportunities: numbers(() => 6),
  lastBought: numbers((i) => (i % 4 === 0 ? 0 : (i % 4) + (i % 3))),
  renewals: numbers((i) => 1 + (i % 6)),
  logIntervals: numbers((i) => (i % 4 === 0 ? 0 : (i % 4) * Math.log((1 + 20 * u(i, 15)) / (i % 4)) - 0.3)),
  chance: numbers((i) => 0.3 + 0.4 * u(i, 23)),
};

/** Options as they stand in a job, and the estimator that they mean. */
export type Case = readonly [options: object, direct: Estimator];
export const given = <M extends (options: never) => Estimator>(make: M, options: OptionsOf<M>): Case => [
  options,
  make(options as never),
];

export const label = { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'year' } } as const;
export const features = [
  'x',
  { column: 'plan', type: 'category', reference: 'b', missing: 'level', unseen: 'null' },
] as const;
export const treeFeatures = ['x', { column: 'plan', type: 'category', missing: 'null', unseen: 'null' }] as const;
export const ridge = { l2: 0.5, standardise: false, groupCollinear: 0.5, maxIterations: 7 } as const;
export const year = { discount: 0.1, per: 'year' } as const;
export const change = { priority: 9, budget: 'none', actions: ['call'], text: { en: 'Call', zh: '致电' } } as const;

/** Every value in every depth, replaced by `value`. */
function* changes(options: unknown, value: unknown): Generator<unknown> {
  if (typeof options !== 'object' || options === null) return;
  for (const [key, own] of Object.entries(options)) {
    const put = (changed: unknown): unknown =>
      Array.isArray(options) ? options.with(Number(key), changed) : { ...options, [key]: changed };
    yield put(value);
    for (const changed of changes(own, value)) yield put(changed);
  }
}

/** The cases of each step give the model of its estimator, name each of its options, and take no others. */
export function areTheirEstimators<N extends string>(
  rules: { readonly [S in N]: StepRule },
  cases: { readonly [S in N]: readonly Case[] },
): void {
  const names = Object.keys(cases) as N[];
  const list = names.flatMap((name) =>
    cases[name].map(([options, direct], i) => ({
      title: cases[name].length > 1 ? `${name}, case ${i + 1}` : name,
      name,
      options,
      direct,
    })),
  );

  it.each(list)('$title: the model is that of the estimator', ({ name, options, direct }) => {
    const json: unknown = JSON.parse(JSON.stringify({ step: name, ...options }));
    const parsed = step(json, 'job.x');
    expect(parsed).toEqual(json);
    expect(makeStep(parsed, new Set()).fit(data)).toEqual(direct.fit(data));
  });

  it.each(list)('$title: an option more is refused', ({ name, options }) => {
    expect(failure(() => step({ step: name, ...options, extra: 1 }, 'job.x'))).toMatch(
      /job\.x: unknown key "extra"; known are /,
    );
  });

  it.each(list)('$title: an option of another type is refused at its place', ({ name, options }) => {
    for (const option of Object.keys(options))
      expect(failure(() => step({ step: name, ...options, [option]: [{ extra: null }] }, 'job.x'))).toMatch(
        `: job.x.${option}`,
      );
  });

  it.each(list)('$title: what is wrong in any depth never gives more than a ClienteleError', ({ name, options }) => {
    for (const value of [null, -1.5, true, '', {}, [], [null], { column: 5 }])
      for (const changed of changes(options, value)) {
        try {
          makeStep(step({ step: name, ...(changed as object) }, 'job.x'), new Set());
        } catch (error) {
          if (!(error instanceof ClienteleError)) throw new Error(`${JSON.stringify(changed)}: ${String(error)}`);
        }
      }
  });

  describe('the cases together name every option', () => {
    it.each(names)('%s', (name) => {
      const named = new Set(cases[name].flatMap(([options]) => Object.keys(options)));
      expect([...named].sort()).toEqual(Object.keys(rules[name].options).sort());
    });
  });
}
