// Categories that are no categories: identifiers, and numbers that are stored as text.
import { describe, expect, it } from 'vitest';
import {
  coxRegression,
  decisionTree,
  discreteTimeHazard,
  gradientBoosting,
  logisticRegression,
  neuralNetwork,
  randomForest,
} from '../churn/index.ts';
import { mlCart, mlLogisticRegression } from '../ml/index.ts';
import type { Columns } from '../model/batch.ts';
import type { Estimator } from '../model/contract.ts';
import { ownershipPropensity } from '../value/index.ts';
import { quoted, shortList } from './quoted.ts';

const label = { column: 'left', churned: 'yes', horizon: null } as const;
const event = { column: 'left', churned: 'yes' } as const;
const text = (length: number, cell: (i: number) => string | null): (string | null)[] =>
  Array.from({ length }, (_, i) => cell(i));
const table = (rows: number, cell: (i: number) => string | null): Columns => ({
  left: text(rows, (i) => ((i * 7) % 10 < 4 ? 'yes' : 'no')),
  months: Float64Array.from({ length: rows }, (_, i) => 1 + (i % 9)),
  x: Float64Array.from({ length: rows }, (_, i) => (i * 11) % 23),
  tenure: text(rows, cell),
});
type Given = readonly (string | { readonly column: string; readonly type: 'category' })[];
const estimators: { readonly [name: string]: (features: Given) => Estimator } = {
  logisticRegression: (features) => logisticRegression({ label, features, l2: 1 }) as unknown as Estimator,
  decisionTree: (features) => decisionTree({ label, features }) as unknown as Estimator,
  randomForest: (features) => randomForest({ label, features, trees: 2 }) as unknown as Estimator,
  gradientBoosting: (features) => gradientBoosting({ label, features, rounds: 2 }) as unknown as Estimator,
  neuralNetwork: (features) =>
    neuralNetwork({ label, features, hidden: [1], epochs: 1, l2: 1 }) as unknown as Estimator,
  coxRegression: (features) =>
    coxRegression({ duration: 'months', event, period: 'month', features, l2: 1 }) as unknown as Estimator,
  discreteTimeHazard: (features) =>
    discreteTimeHazard({
      ...{ duration: 'months', event, period: 'month', features, l2: 1 },
      outputs: { survivalProbability: { periods: 2 } },
    }) as unknown as Estimator,
  ownershipPropensity: (features) =>
    ownershipPropensity({
      offers: [{ name: 'tv', owned: { column: 'left', equals: 'yes' } }],
      features,
      l2: 1,
    }) as unknown as Estimator,
  mlCart: (features) => mlCart({ label, features, maxDepth: 1 }) as unknown as Estimator,
  mlLogisticRegression: (features) => mlLogisticRegression({ label, features, numSteps: 1 }) as unknown as Estimator,
};

describe.each(Object.entries(estimators))('%s', (_, make) => {
  const warnings = (features: Given, data: Columns): string => make(features).fit(data).fit.warnings.join('\n');

  it('refuses a category with more than 50 levels and more than half as many as rows', () => {
    const fit = (levels: number, rows: number) => () =>
      make(['x', 'tenure']).fit(table(rows, (i) => `customer ${i % levels}`));
    expect(fit(61, 120)).toThrow('feature "tenure" has 61 levels in 120 rows: is it an identifier?');
    expect(fit(60, 120)).not.toThrow();
    expect(fit(50, 60)).not.toThrow();
  });

  it('warns of more than ten numbers written as text, empty ones aside, and fits them as it did', () => {
    const warning =
      /feature "tenure": its 11 levels are numbers written as text; read the column as numbers if their order matters/;
    const numbers = table(120, (i) => (i % 12 === 11 ? '' : String((i % 12) - 1.5)));
    expect(warnings(['x', 'tenure'], numbers)).toMatch(warning);
    expect(
      warnings(
        ['x', 'tenure'],
        table(120, (i) => `${i % 11}`),
      ),
    ).toMatch(warning);
    const words = table(120, (i) => (i % 12 === 11 ? '' : `level ${i % 12}`));
    const categories = ({ fit }: { readonly fit: { readonly rows: number } }): number => fit.rows;
    expect(categories(make(['x', 'tenure']).fit(numbers))).toBe(categories(make(['x', 'tenure']).fit(words)));
  });

  it('does not warn of ten of them, of words among them, or where a category was asked for', () => {
    const none = /written as text/;
    expect(
      warnings(
        ['x', 'tenure'],
        table(120, (i) => `${i % 10}`),
      ),
    ).not.toMatch(none);
    expect(
      warnings(
        ['x', 'tenure'],
        table(120, (i) => (i % 12 === 0 ? 'more' : `${i % 12}`)),
      ),
    ).not.toMatch(none);
    const chosen = table(120, (i) => `${i % 12}`);
    expect(warnings(['x', { column: 'tenure', type: 'category' }], chosen)).not.toMatch(none);
  });
});

describe('a list of names in a message', () => {
  const names = Array.from({ length: 47 }, (_, i) => `n${i}`);

  it('is whole up to ten, and says how many more there are', () => {
    expect(quoted(names.slice(0, 2))).toBe('"n0", "n1"');
    expect(shortList(names.slice(0, 10))).toBe('n0, n1, n2, n3, n4, n5, n6, n7, n8, n9');
    expect(shortList(names)).toBe('n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 … and 37 more');
    expect(shortList([])).toBe('');
  });

  it('keeps the warning of a separation short', () => {
    // Every level is of one class.
    const data = { left: text(120, (i) => (i % 60 < 30 ? 'yes' : 'no')), city: text(120, (i) => `c${i % 60}`) };
    const { fit } = logisticRegression({ label, features: ['city'] }).fit(data);
    expect(fit.status).toBe('not-identified');
    expect(fit.warnings.join('\n')).toMatch(/separation by ("city=c\d+"(, )?){10} … and \d+ more:/);
  });
});
