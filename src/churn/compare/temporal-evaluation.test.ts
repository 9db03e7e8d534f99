import { describe, expect, it } from 'vitest';
import { hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { telecom } from '../../../fixtures/telecom/load.ts';
import { observe, rollingBacktest } from '../../transactions/index.ts';
import { gradientBoosting } from '../boosting/index.ts';
import { logisticRegression } from '../logistic-regression.ts';
import { decisionTree } from '../trees/index.ts';
import { compareClassifiers } from './index.ts';

describe('compareClassifiers on the as-of dates of the simulated telecom base', () => {
  const panel = telecom('panel');
  const customers = telecom('customers');
  const asOf = [...(panel.asOf as string[]), ...(customers.customer as string[]).map(() => '2024-12-31')];
  const features = ['tenure', 'contract', 'complaints', 'arrears', 'monthlyCharge'] as const;
  const both = Object.fromEntries(
    ['customer', 'churned', ...features].map((name) => [name, [...panel[name]!, ...customers[name]!] as string[]]),
  );
  const label = { column: 'churned', churned: 'yes', horizon: { every: 3, unit: 'month' } } as const;
  const result = compareClassifiers(
    { ...both, asOf },
    {
      logistic: logisticRegression({ label, features }),
      tree: decisionTree({ label, features }),
      boosting: gradientBoosting({ label, features }),
    },
  );

  it('judges every date but the first by earlier ones, unasked', () => {
    expect(result.validation).toEqual({
      rule: 'temporal',
      splits: ['as of 2023-06-30', 'as of 2023-12-31', 'as of 2024-06-30', 'as of 2024-12-31'],
    });
    expect(result.warnings).toEqual([]);
    expect(result.rows).toBe(asOf.filter((date) => date !== '2022-12-31').length);
    for (const { folds } of result.candidates)
      expect(folds.map((own) => own!.rows)).toEqual([
        ...['2023-06-30', '2023-12-31', '2024-06-30', '2024-12-31'].map(
          (date) => asOf.filter((own) => own === date).length,
        ),
      ]);
    asOf.forEach((date, row) => {
      expect(Number.isNaN(result.scores.logistic![row]!)).toBe(date === '2022-12-31');
    });
  });

  it('finds what is true: the hazard is logistic, so the logistic wins, and surely against the tree', () => {
    expect(result.winner).toBe('logistic');
    const against = result.comparisons.find(({ b }) => b === 'tree')!;
    expect(against.pooled.interval![0]).toBeGreaterThan(0);
    // The true probabilities reach an AUC of .78 on the last date.
    expect(Math.abs(result.candidates[0]!.folds.at(-1)!.rocAuc - 0.78)).toBeLessThan(0.02);
  });
});

describe.skipIf(!hasShared('cdnow-sample.csv'))('compareClassifiers on the CDNOW log', () => {
  const panel = observe(sharedColumns('cdnow-sample.csv', ['date']), {
    customer: 'customer_id',
    date: 'date',
    asOf: ['1997-06-30', '1997-09-30', '1997-12-31', '1998-03-31'],
    end: '1998-06-30',
    window: 180,
    horizon: 90,
    label: { rule: 'inactivity' },
    features: [
      { name: 'orders', family: 'count' },
      { name: 'orders90', family: 'count', days: 90 },
      { name: 'spend', family: 'sum', column: 'value' },
      { name: 'sinceLast', family: 'daysSince' },
    ],
  });
  const label = { column: 'churned', churned: 1, horizon: panel.horizon } as const;
  const { features } = panel;
  const candidates = {
    logistic: logisticRegression({ label, features }),
    tree: decisionTree({ label, features }),
  };

  it('parts the data set as rollingBacktest does, and judges on those rows', () => {
    const splits = rollingBacktest(panel);
    const result = compareClassifiers(panel, candidates);
    expect(result.validation.splits).toEqual(splits.map(({ test }) => `as of ${test}`));
    const byHand = compareClassifiers(panel.columns, candidates, {
      validation: { splits: splits.map(({ trainRows, testRows }) => ({ train: trainRows, test: testRows })) },
    });
    expect(result.candidates).toEqual(byHand.candidates);
    expect(result.scores).toEqual(byHand.scores);
    expect(result.candidates[0]!.folds.at(-1)!.rocAuc).toBeGreaterThan(0.7);
    // Without the data set its look-ahead comes from the label's horizon: 90 days as well, as there is no gap.
    expect(compareClassifiers(panel.columns, candidates).scores).toEqual(result.scores);
  });
});
