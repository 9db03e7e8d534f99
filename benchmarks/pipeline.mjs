// Whole pipelines – churn probability, loyalty, values, tier, segment – in one plan, and their steps one by one.
import { assertClose, assertSame, contest, median, ratio } from './contest.mjs';
import { bell, bellColumns, bellWeights, gather, seeded, toBatches } from './data.mjs';
import { readingAlone } from './reading.mjs';
import { newReport } from './report.mjs';
import { sumOfLeaves, TREES } from './trees.mjs';

const COLUMNS = 20;
const PERIODS = 24;
const MONTHLY = { discount: 0.01, per: 'month' };
const OFFERS = [
  { name: 'a', probability: 'p_a', profit: 12, owned: { column: 'has_a', equals: 'yes' } },
  { name: 'b', probability: 'p_b', profit: 7.5 },
];

/** Customers with 20 features, a monthly profit, two take-up probabilities and one dictionary column. */
export function customers(rows, seed) {
  const uniform = seeded(seed + 1);
  const column = (value) => Float64Array.from({ length: rows }, value);
  return {
    ...bellColumns(rows, COLUMNS, seed),
    profit: column(() => 40 + 15 * bell(uniform)),
    p_a: column(uniform),
    p_b: column(uniform),
    has_a: { codes: Int32Array.from({ length: rows }, () => (uniform() < 0.3 ? 1 : 0)), levels: ['no', 'yes'] },
  };
}

/** The pipeline behind a churn probability, fitted on a small sample. */
function fitted(library, sample, steps, loyalty) {
  const uniform = seeded(13);
  const weights = bellWeights(COLUMNS, 12);
  const left = Float64Array.from(sample.x0, (_, i) => {
    const z = weights.reduce((sum, w, k) => sum + w * sample[`x${k}`][i], -1);
    return uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  });
  const model = library
    .pipeline([
      ...steps,
      library.loyalty(loyalty),
      library.currentValue({ profit: 'profit', periods: PERIODS, rate: MONTHLY }),
      library.potentialValue({ offers: OFFERS, periods: PERIODS, rate: MONTHLY }),
      library.lifetimeValue({ retention: { column: 'loyalty' } }),
      library.pyramid(),
      library.threeDimensional(),
    ])
    .fit({ ...sample, left });
  return library.parseModel(JSON.parse(JSON.stringify(model)));
}

/** The pipelines, boosting first: it is the one that an aim is set for. */
export function pipelines(library, churn, rows, trees = TREES) {
  const own = {
    label: { column: 'left', churned: 1, horizon: { every: 1, unit: 'month' } },
    features: Array.from({ length: COLUMNS }, (_, k) => `x${k}`),
  };
  const boosting = [
    churn.gradientBoosting({ ...own, rounds: trees, leaves: 31, earlyStopping: false }),
    churn.isotonicCalibration({ label: own.label }),
  ];
  return [
    {
      name: `boosting (${trees} × 31), isotonic calibration, values, tier, segment`,
      model: fitted(library, customers(Math.min(rows, 20_000), 11), boosting, { probability: 'calibratedProbability' }),
      atLeast: 1_500_000,
      atMost: 1.25,
    },
    {
      name: 'logistic regression, values, tier, segment',
      model: fitted(library, customers(4000, 11), [library.logisticRegression(own)], {}),
    },
  ];
}

export async function pipeline(library, churn, { rows = 1_000_000, rounds, trees, report = newReport() } = {}) {
  const columns = customers(rows, 21);
  for (const one of pipelines(library, churn, rows, trees))
    await contestOf(library, columns, one, { rows, rounds, report });
}

async function contestOf(library, columns, { name, model, atLeast, atMost }, { rows, rounds, report }) {
  const batches = toBatches(columns);
  const plan = library.compile(model);
  const whole = batches.map((batch) => plan.score(batch).columns);
  check(whole, columns, model);

  // Each step alone, on batches that hold the results of the earlier steps.
  const available = { ...columns };
  for (const { name, type, levels } of model.outputs) {
    const values = gather(whole, name);
    available[name] = type === 'number' ? values : { codes: Int32Array.from(values), levels };
  }
  const parts = model.steps.map((step) => ({
    step,
    plan: library.compile(step),
    batches: toBatches(Object.fromEntries(step.inputs.map(({ name }) => [name, available[name]]))),
  }));

  const table = await contest(
    `Pipeline: ${name}; ${rows} customers, ${model.inputs.length} columns in, ${model.outputs.length} out`,
    [
      {
        name: 'clientele, one plan for the pipeline, to Arrow',
        rows,
        run: () => batches.map((batch) => plan.score(batch).columns),
        check: (result) => check(result, columns, model),
      },
      readingAlone(batches),
      ...parts.map((part, s) => ({
        name: `step ${s + 1} alone: ${part.step.kind}`,
        rows,
        run: () => part.batches.map((batch) => part.plan.score(batch).columns),
        check: (result) => {
          for (const { name } of part.step.outputs)
            assertSame(gather(result, name), gather(whole, name), `${part.step.kind}, ${name}`);
        },
      })),
    ],
    { ...(rounds ? { rounds } : {}), report },
  );
  const steps = table.filter((row) => row.name.startsWith('step'));
  const sum = { cpu: table[0].cpu.map((_, round) => steps.reduce((ns, { cpu }) => ns + cpu[round], 0)) };
  report.say(`the steps one by one add up to ${median(sum.cpu).toFixed(0)} ns of CPU a customer`);
  const perSecond = 1e9 / median(table[0].cpu);
  if (atLeast === undefined) return;
  report.aim('customers per second of CPU', Math.round(perSecond), { atLeast });
  report.aim('the whole, times the sum of its parts', ratio(table[0], sum), { atMost });
}

/** Every 97th customer evaluated by hand, from the definitions. */
function check(scored, columns, model) {
  const [pyramid, segments] = model.steps.slice(-2);
  const churn = probabilityByHand(model.steps, columns);
  const rows = columns.profit.length;
  const names = model.outputs.map(({ name }) => name);
  const found = Object.fromEntries(names.map((name) => [name, gather(scored, name)]));
  const got = Object.fromEntries(names.map((name) => [name, []]));
  const wanted = Object.fromEntries(names.map((name) => [name, []]));
  const levelOf = ({ column, cuts }, row) => cuts.filter((cut) => row[column] > cut).length;
  for (let i = 0; i < rows; i += 97) {
    const { loyalty, ...probabilities } = churn(i);
    let annuity = 0;
    let retained = 0;
    for (let t = 1; t <= PERIODS; t++) {
      annuity += (1 + MONTHLY.discount) ** -t;
      retained += (loyalty / (1 + MONTHLY.discount)) ** t;
    }
    const open = columns.has_a.codes[i] === 0;
    const offered = (open ? OFFERS[0].profit * columns.p_a[i] : 0) + OFFERS[1].profit * columns.p_b[i];
    const currentValue = columns.profit[i] * annuity;
    const potentialValue = offered * annuity;
    const row = {
      ...{ ...probabilities, loyalty, currentValue, potentialValue },
      lifetimeValue: currentValue + potentialValue,
      retainedLifetimeValue: (columns.profit[i] + offered) * retained,
    };
    row.tier = pyramid.cells[levelOf(pyramid.axes[0], row)];
    row.segment = segments.cells[segments.axes.reduce((cell, axis) => 2 * cell + levelOf(axis, row), 0)];
    for (const name of names) {
      got[name].push(found[name][i]);
      wanted[name].push(row[name]);
    }
  }
  for (const name of names) assertClose(got[name], wanted[name], 1e-12, name);
}

/** Churn probability, calibrated where it is, and loyalty of one customer, from the models' definitions. */
function probabilityByHand([model, next], columns) {
  const logistic = (z) => 1 / (1 + Math.exp(-z));
  if (model.kind === 'logisticRegression')
    return (i) => {
      const z = model.terms.reduce((sum, { column, weight }) => sum + weight * columns[column][i], model.intercept);
      return { churnProbability: logistic(z), loyalty: 1 - logistic(z) };
    };
  const inputs = model.inputs.map(({ name }) => columns[name]);
  const { scores, probabilities } = next;
  return (i) => {
    const churnProbability = logistic(sumOfLeaves(model.trees, inputs, i, model.base));
    const at = scores.findIndex((score) => score > churnProbability);
    const between = () => {
      const share = (churnProbability - scores[at - 1]) / (scores[at] - scores[at - 1]);
      return probabilities[at - 1] + share * (probabilities[at] - probabilities[at - 1]);
    };
    const calibratedProbability = at === 0 ? probabilities[0] : at < 0 ? probabilities.at(-1) : between();
    return { churnProbability, calibratedProbability, loyalty: 1 - calibratedProbability };
  };
}
