// Fits: Gamma-Gamma on the CDNOW sample, logistic regression on 100,000 rows. Purchase models are in clv.mjs.

import { cdnow, likeGolden } from './cdnow.mjs';
import { assertClose, contest } from './contest.mjs';
import { bellColumns, bellWeights, seeded } from './data.mjs';

const COLUMNS = 20;

export async function fits(library, { rows = 1_000_000, rounds, print = console.log } = {}) {
  const few = { ...(rounds ? { rounds } : {}), print };
  const many = { rounds: Math.min(rounds ?? 3, 3), print };
  const tables = [];
  const sample = cdnow();
  if (sample === null) print('\nThe Gamma-Gamma fit is skipped: ../shared/data/cdnow-summary.csv is not there.');
  else {
    const fit = {
      name: 'Gamma-Gamma, the customers who came back',
      rows: sample.frequency.length,
      run: () => library.gammaGamma().fit(sample),
      check: likeGolden('cdnow_fullprec.gg'),
    };
    tables.push(await contest(`${fit.name}: fit on CDNOW`, [fit], few));
  }
  const fit = logisticFit(library, Math.min(rows, 100_000));
  tables.push(await contest(`${fit.name}: fit`, [fit], many));
  return tables;
}

/** At the maximum of the likelihood Σ (y − p)·x = 0 for every column and for the intercept. */
function logisticFit(library, rows) {
  const columns = bellColumns(rows, COLUMNS, 41);
  const weights = bellWeights(COLUMNS, 42);
  const uniform = seeded(43);
  const features = weights.map((_, k) => `x${k}`);
  const chance = (of, intercept, i) => {
    const z = of.reduce((sum, w, k) => sum + w * columns[features[k]][i], intercept);
    return 1 / (1 + Math.exp(-z));
  };
  const left = Float64Array.from({ length: rows }, (_, i) => (uniform() < chance(weights, -1, i) ? 1 : 0));
  return {
    name: `logistic regression, ${rows} rows × ${COLUMNS}`,
    rows,
    run: () =>
      library
        .logisticRegression({ label: { column: 'left', churned: 1, horizon: null }, features })
        .fit({ ...columns, left }),
    check: ({ intercept, terms }) => {
      const own = terms.map((term) => term.weight);
      const score = new Float64Array(COLUMNS + 1);
      for (let i = 0; i < rows; i++) {
        const rest = left[i] - chance(own, intercept, i);
        score[COLUMNS] += rest / rows;
        for (let k = 0; k < COLUMNS; k++) score[k] += (rest * columns[features[k]][i]) / rows;
      }
      assertClose(score, new Float64Array(COLUMNS + 1), 1e-8, 'the score equations');
    },
  };
}
