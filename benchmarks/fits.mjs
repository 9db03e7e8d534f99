// Fits: BG/NBD and Gamma-Gamma on the CDNOW sample and on a million simulated customers, logistic regression on 100,000 rows.
import { existsSync, readFileSync } from 'node:fs';
import { assertClose, contest } from './contest.mjs';
import { bellColumns, bellWeights, purchaseHistories, seeded } from './data.mjs';

const CDNOW = new URL('../../shared/data/cdnow-summary.csv', import.meta.url);
const GOLDEN = new URL('../fixtures/clv-golden.json', import.meta.url);
const TRUTH = { r: 0.25, alpha: 4.5, a: 0.8, b: 2.5 };
const COLUMNS = 20;

export async function fits(library, { rows = 1_000_000, rounds, print = console.log } = {}) {
  const few = { ...(rounds ? { rounds } : {}), print };
  const many = { rounds: Math.min(rounds ?? 3, 3), print };
  const tables = [];
  if (existsSync(CDNOW))
    for (const fit of cdnowFits(library)) tables.push(await contest(`${fit.name}: fit on CDNOW`, [fit], few));
  else print('\nThe CDNOW fits are skipped: ../shared/data/cdnow-summary.csv is not there.');
  for (const fit of [simulatedFit(library, rows), logisticFit(library, Math.min(rows, 100_000))])
    tables.push(await contest(`${fit.name}: fit`, [fit], many));
  return tables;
}

function cdnowFits(library) {
  const golden = JSON.parse(readFileSync(GOLDEN, 'utf8')).fits;
  const [head, ...lines] = readFileSync(CDNOW, 'utf8').trim().split('\n');
  const names = head.split(',');
  const column = (name) => Float64Array.from(lines, (line) => Number(line.split(',')[names.indexOf(name)]));
  const customers = {
    frequency: column('x'),
    recency: column('t_x'),
    T: column('T'),
    monetaryValue: column('mean_value'),
  };
  const like = (fit) => (model) => {
    const names = Object.keys(fit.params);
    assertClose(
      names.map((name) => model[name] / fit.params[name]),
      names.map(() => 1),
      1e-5,
      `${model.kind} on CDNOW`,
    );
  };
  return [
    {
      name: `BG/NBD, ${lines.length} customers`,
      rows: lines.length,
      run: () => library.bgNbd({ unit: 'week' }).fit(customers),
      check: like(golden['cdnow_fullprec.bgnbd']),
    },
    {
      name: `Gamma-Gamma, ${golden['cdnow_fullprec.gg'].n} customers who came back`,
      rows: lines.length,
      run: () => library.gammaGamma().fit(customers),
      check: like(golden['cdnow_fullprec.gg']),
    },
  ];
}

/** The parameters come back, to the noise of the sample and the rounding of times to days. */
function simulatedFit(library, rows) {
  const customers = purchaseHistories(TRUTH, rows, 31);
  return {
    name: `BG/NBD, ${rows} simulated customers`,
    rows,
    run: () => library.bgNbd({ unit: 'week' }).fit(customers),
    check: ({ fit, ...model }) => {
      if (fit.status !== 'converged') throw new Error(`BG/NBD on simulated customers: ${fit.status}`);
      for (const [name, truth] of Object.entries(TRUTH)) {
        const away = Math.abs(model[name] - truth);
        if (!(away <= 5 * fit.standardErrors[name] + 0.03 * truth))
          throw new Error(`BG/NBD on simulated customers: ${name} is ${model[name]}, simulated with ${truth}`);
      }
    },
  };
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
