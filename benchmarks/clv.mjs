// Purchase models: BG/NBD and Pareto/NBD fits with standard errors on CDNOW, 100,000 and a million simulated customers;
// P(alive) and expected purchases of a million.
import { cdnow, exactHistories, likeGolden } from './cdnow.mjs';
import { assertClose, contest, named, ratio } from './contest.mjs';
import { lifetimeHistories, purchaseHistories, toBatches } from './data.mjs';
import { python } from './peers.mjs';
import { readingAlone } from './reading.mjs';
import { newReport } from './report.mjs';

const SOME = 100_000;
const PERIODS = 39;
const AHEAD = [{ quantity: 'probabilityAlive' }, { quantity: 'expectedPurchases', periods: PERIODS }];

/** How many times as fast as scipy we aim to be. */
const AT_LEAST = 11;
const RELATIVE_ERROR = 1e-12;
/** What is smaller may be 0. */
const TINY = 1e-300;
/** Times that customers with exact figures are told in one batch, for what only many rows bring about. */
const MANY = 500;

export async function clv(library, models, { peers = false, ...options } = {}) {
  const py = peers ? await python() : null;
  try {
    return await contests(library, models, py?.packages.scipy ? py : null, options);
  } finally {
    py?.close();
  }
}

async function contests(library, models, py, { rows = 1_000_000, rounds, report = newReport() }) {
  const families = [
    {
      name: 'BG/NBD',
      face: models.bgNbd,
      golden: 'cdnow_fullprec.bgnbd',
      exact: exactHistories(),
      truth: { r: 0.25, alpha: 4.5, a: 0.8, b: 2.5 },
      draw: purchaseHistories,
    },
    {
      name: 'Pareto/NBD',
      face: models.paretoNbd,
      golden: 'cdnow_fullprec.pnbd',
      truth: { r: 0.55, alpha: 10.6, s: 0.6, beta: 11.7 },
      draw: lifetimeHistories,
    },
  ];
  const sample = cdnow();
  if (sample === null) report.say('The CDNOW fits are skipped: ../shared/data/cdnow-summary.csv is not there.');
  const few = { rounds: Math.min(rounds ?? 3, 3), report };
  for (const { name, face, golden, exact, truth, draw } of families) {
    const week = face({ unit: 'week' });
    if (sample !== null) {
      const customers = sample.frequency.length;
      const fit = { name, rows: customers, run: () => week.fit(sample), check: likeGolden(golden) };
      await contest(`${name}: fit on CDNOW, ${customers} customers`, [fit], few);
    }
    for (const count of [...new Set([Math.min(SOME, rows), rows])]) {
      const histories = draw(truth, count, 31);
      const fit = {
        name,
        rows: count,
        run: () => week.fit(histories),
        check: (model) => recovered(name, model, truth),
      };
      await contest(`${name}: fit, ${count} simulated customers`, [fit], few);
      if (count < rows) continue;
      const asked = face({ unit: 'week', outputs: AHEAD }).fit(histories);
      const plan = library.compile(asked);
      const score = {
        name: `${name}: P(alive) and 39-week expectation`,
        rows: count,
        run: () => plan.score(histories).columns,
        check: (columns) => sameAsFunctions(face, asked, histories, columns),
      };
      const cold = {
        name: 'the same with its tables built anew',
        rows: count,
        run: () => library.compile(asked).score(histories).columns,
        check: (columns) => sameAsFunctions(face, asked, histories, columns),
      };
      const scipy =
        name === 'BG/NBD' && py ? [await scipyRow(py, face, asked, histories, Math.min(count, 200_000))] : [];
      const table = await contest(
        `${name}: ${count} customers scored`,
        [score, cold, readingAlone(toBatches(histories)), ...scipy],
        { ...(rounds ? { rounds } : {}), report },
      );
      if (scipy.length > 0)
        report.aim(`${name}, times the rate of scipy`, ratio(named(table, 'scipy'), table[0]), { atLeast: AT_LEAST });
      if (exact)
        report.aim(`${name}, relative error beside exact values`, relativeError(library, asked, exact), {
          atMost: RELATIVE_ERROR,
        });
    }
  }
}

/** The greatest, over customers whose figures are known to 30 digits. */
function relativeError(library, model, entries) {
  const all = entries.flatMap(({ params, rows }) => {
    const column = (key) => Float64Array.from({ length: MANY * rows.length }, (_, i) => rows[i % rows.length][key]);
    const histories = { frequency: column('x'), recency: column('t_x'), T: column('T') };
    const { probabilityAlive, expectedPurchases } = library.compile({ ...model, ...params }).score(histories).columns;
    const errors = ({ pAlive, cet }, i) =>
      pAlive < TINY
        ? []
        : [Math.abs(probabilityAlive[i] / pAlive - 1), Math.abs(expectedPurchases[i] / cet[PERIODS] - 1)];
    return rows.flatMap(errors);
  });
  return Math.max(...all);
}

/** The same figures from the published formulas with scipy's hypergeometric function, at the same parameters. */
async function scipyRow(py, face, model, histories, rows) {
  const head = [histories.frequency, histories.recency, histories.T].map((column) => column.subarray(0, rows));
  const { r, alpha, a, b } = model;
  await py.give(head, { rows, model: { r, alpha, a, b, horizon: 39 } }, 'purchases');
  return {
    name: `scipy ${py.packages.scipy}, hyp2f1`,
    rows,
    peer: true,
    run: () => py.ask({ score: 'purchases' }),
    took: (answer) => answer,
    check: async () => {
      const found = await py.scores();
      const [alive, expected] = [found.subarray(0, rows), found.subarray(rows)];
      const [frequency, recency, T] = head;
      const own = { frequency, recency, T };
      const ours = {
        alive: face.probabilityAlive(model, own),
        expected: face.expectedPurchases(model, own, { periods: 39 }),
      };
      assertClose(alive, ours.alive, 1e-10, 'P(alive) of scipy');
      assertClose(expected, ours.expected, 1e-8, 'expected purchases of scipy');
    },
  };
}

/** The parameters come back, to the noise of the sample and the rounding of times to days. */
function recovered(name, { fit, ...model }, truth) {
  if (fit.status !== 'converged') throw new Error(`${name} on simulated customers: ${fit.status}`);
  for (const [parameter, value] of Object.entries(truth)) {
    const away = Math.abs(model[parameter] - value);
    if (!(away <= 5 * fit.standardErrors[parameter] + 0.03 * value))
      throw new Error(`${name} on simulated customers: ${parameter} is ${model[parameter]}, simulated with ${value}`);
  }
}

/** The first customers have the bits of the family's functions. */
function sameAsFunctions(face, model, histories, columns) {
  const head = Object.fromEntries(Object.entries(histories).map(([key, column]) => [key, column.subarray(0, 500)]));
  const wanted = [face.probabilityAlive(model, head), face.expectedPurchases(model, head, { periods: 39 })];
  const got = [columns.probabilityAlive, columns.expectedPurchases];
  wanted.forEach((figures, k) => {
    figures.forEach((value, i) => {
      if (got[k][i] !== value) throw new Error(`${model.kind}: customer ${i} has ${got[k][i]}, not ${value}`);
    });
  });
}
