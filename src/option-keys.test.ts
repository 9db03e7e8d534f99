// A misspelt option is refused by its name, by every public function that takes options: one without the check has to be
// written down here.
import { describe, expect, it } from 'vitest';
import * as churn from './churn/index.ts';
import * as clv from './clv/index.ts';
import * as economics from './economics/index.ts';
import { ClienteleError } from './errors.ts';
import * as loyalty from './loyalty/index.ts';
import * as ml from './ml/index.ts';
import * as rfm from './rfm/index.ts';
import * as scoring from './scoring/index.ts';
import * as segments from './segments/index.ts';
import * as transactions from './transactions/index.ts';
import * as value from './value/index.ts';
import * as weighting from './weighting/index.ts';

const modules = { churn, clv, economics, loyalty, ml, rfm, scoring, segments, transactions, value, weighting };
const functions = Object.entries(modules).flatMap(([folder, module]) =>
  Object.entries<unknown>(module).flatMap(([name, work]) =>
    typeof work === 'function' ? [[`${folder}.${name}`, work as (...given: unknown[]) => unknown] as const] : [],
  ),
);

/** Without options: they take columns, results, models or figures, which may stand among others. */
const NONE = `
  churn.devianceTest churn.drift churn.goodnessOfFit churn.interventionalContributions churn.newcombeInterval churn.qiniCurve
  churn.straddling churn.topReasons churn.treeRules churn.warningTable
  clv.likelihoodRatioTest clv.parseParetoNbdDynamic clv.resumeHistories clv.wheatMorrison
  economics.breakEvenSpend economics.crossTable economics.customerEquity economics.growthRate economics.lossEquivalence
  economics.netContribution economics.replacementNeed economics.riskTable economics.steadyStateBase economics.tierTable
  economics.transitionMatrix economics.valueAtRisk
  loyalty.acquisitionBySupplier loyalty.churnRate loyalty.marketAndWalletShare loyalty.stageConversion loyalty.stageCounts loyalty.walletSummary
  scoring.append scoring.compile scoring.engine scoring.mergeReports scoring.parseModel
  segments.codeOf segments.cutTree segments.fitCuts segments.gridCoverage segments.segmentSizes
  transactions.observeAccumulatorFromJSON transactions.summaryAccumulatorFromJSON
  value.annuityFactor value.complaintDimensions value.lifeCyclePhases value.retentionAnnuity
  weighting.averageRanks weighting.consensus weighting.fitStandard weighting.geometricConsistency weighting.leafOf
  weighting.percentRanks weighting.standardDeviationWeights weighting.synthesis weighting.weightSensitivity
`
  .trim()
  .split(/\s+/);

/** Whether `{ zzz: 1 }`, in whatever place, is refused as an unknown option. */
function refuses(work: (...given: unknown[]) => unknown): boolean {
  return [0, 1, 2, 3, 4].some((place) => {
    try {
      const made = work(...Array.from({ length: place }, () => ({})), { zzz: 1 });
      // A generator checks when it is first asked.
      (made as { next?(): unknown } | undefined)?.next?.();
    } catch (error) {
      return error instanceof ClienteleError && /^\w+: unknown option "zzz"; known are \w+/.test(error.message);
    }
    return false;
  });
}

const message = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    expect((error as ClienteleError).code).toBe('invalid-option');
    return (error as Error).message;
  }
  return 'nothing was refused';
};

const label = { column: 'left', churned: 'yes', horizon: null } as const;
const features = ['tenure'] as const;

describe('an unknown option', () => {
  it('is refused by every function that takes options', () => {
    const without = functions.flatMap(([name, work]) => (refuses(work) ? [] : [name]));
    expect(without.sort()).toEqual([...NONE].sort());
  });

  it('is told with those that are known', () => {
    expect(message(() => churn.gradientBoosting({ label, features, learningrate: 9 } as never))).toMatch(
      /^gradientBoosting: unknown option "learningrate"; known are label, features, weight, group, rounds, learningRate, /,
    );
    expect(message(() => scoring.pipeline([loyalty.loyalty()], { fold: { count: 3 } } as never))).toBe(
      'pipeline: unknown option "fold"; known are active, folds',
    );
    const log = { customer: 'id', date: 'day', amount: 'paid', unit: 'week', end: '2024-12-31' } as const;
    expect(message(() => transactions.summarize({}, { ...log, nonpositive: 'refuse' } as never))).toBe(
      'summarize: unknown option "nonpositive"; known are customer, date, amount, unit, start, end, calibrationEnd, sameDay, nonPositive',
    );
    const rate = { discount: 0.1, per: 'year' } as const;
    expect(message(() => value.currentValue({ profit: 'p', periods: 2, rate, untis: 'month' } as never))).toBe(
      'currentValue: unknown option "untis"; known are profit, periods, rate, unit, timing, as',
    );
  });

  const rate = { discount: 0.1, per: 'year' } as const;
  const given = { equals: 'yes', column: 'owned' } as const;
  const nested: readonly (readonly [string, () => unknown, RegExp])[] = [
    [
      'of a label',
      () => churn.logisticRegression({ label: { ...label, horizn: 1 } as never, features }),
      /label: unknown key "horizn"/,
    ],
    [
      'of a feature',
      () => churn.logisticRegression({ label, features: [{ column: 'a', typ: 'category' } as never] }),
      /^features\[0\]: unknown option "typ"; known are column, type, reference, missing, unseen$/,
    ],
    [
      'of a feature of a tree',
      () => churn.decisionTree({ label, features: [{ column: 'a', mising: 'null' } as never] }),
      /^features\[0\]: unknown option "mising"; known are column, type, reference, missing, unseen$/,
    ],
    [
      'of early stopping',
      () => churn.neuralNetwork({ label, features, earlyStopping: { shares: 0.5 } as never }),
      /^earlyStopping: unknown option "shares"/,
    ],
    [
      'of pruning',
      () => churn.decisionTree({ label, features, prune: { folds: 5, rules: 'lowest' } as never }),
      /^prune: unknown option "rules"/,
    ],
    [
      'of a penalty',
      () => churn.logisticRegression({ label, features, penalty: { lambda: 1, mixx: 0 } as never }),
      /^penalty: unknown option "mixx"/,
    ],
    [
      'of a cross-validated penalty',
      () => churn.logisticRegression({ label, features, penalty: { crossValidate: { fold: 3 } as never } }),
      /^penalty\.crossValidate: unknown option "fold"/,
    ],
    [
      'of a rate',
      () => value.currentValue({ profit: 'p', periods: 2, rate: { ...rate, from: 1 } as never }),
      /^rate: unknown option "from"; known are discount, per$/,
    ],
    [
      'of an offer',
      () => value.potentialValue({ offers: [{ name: 'tv', probability: 'p', profit: 1, own: given } as never] }),
      /^offers\[0\]: unknown option "own"/,
    ],
    [
      'of a retention',
      () => value.lifetimeValue({ retention: { column: 'r', horizn: null } as never }),
      /^retention: unknown option "horizn"/,
    ],
    [
      'of folds',
      () => scoring.pipeline([loyalty.loyalty()], { folds: { cout: 3 } as never }),
      /^folds: unknown option "cout"; known are count, seed, by$/,
    ],
    [
      'of an axis',
      () => segments.grid({ axes: [{ column: 'a', cut: 'mean', level: ['x'] } as never] }),
      /^axes\[0\]: unknown option "level"/,
    ],
    ['of weights', () => rfm.rfm({ weights: { recency: 1, freqency: 1 } as never }), /^weights: unknown option "freq/],
    [
      'of a purchase model',
      () => clv.bgCnbd({ unit: 'week', K: 2 } as never),
      /^bgCnbd: unknown option "K"; known are frequency, .* k, logIntervals$/,
    ],
  ];
  it.each(nested)('%s is refused as well', (_, work, wanted) => {
    expect(message(work)).toMatch(wanted);
  });

  it('that is undefined is as absent', () => {
    expect(() => loyalty.loyalty({ units: undefined } as never)).not.toThrow();
    expect(() => loyalty.loyalty({ as: undefined } as never)).not.toThrow();
  });

  it('is not the group that an uplift learner gives its base, whatever the classifier', () => {
    const part = { label, weight: 'w', group: 'row' };
    for (const base of [churn.logisticRegression, churn.decisionTree, churn.randomForest])
      expect(() => base({ ...part, features } as never)).not.toThrow();
  });
});
