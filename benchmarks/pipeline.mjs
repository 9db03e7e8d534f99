// A whole pipeline – churn probability, loyalty, values, tier, segment – in one plan, and its steps one by one.
import { assertClose, assertSame, contest } from './contest.mjs';
import { bell, bellColumns, bellWeights, gather, seeded, toBatches } from './data.mjs';

const COLUMNS = 20;
const PERIODS = 24;
const MONTHLY = { discount: 0.01, per: 'month' };
const AT_LEAST = 2_000_000;
const OFFERS = [
  { name: 'a', probability: 'p_a', profit: 12, owned: { column: 'has_a', equals: 'yes' } },
  { name: 'b', probability: 'p_b', profit: 7.5 },
];

/** Customers with 20 features, a monthly profit, two take-up probabilities and one dictionary column. */
function customers(rows, seed) {
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

/** The pipeline, fitted on a small sample. */
function fitted(library) {
  const sample = customers(4000, 11);
  const weights = bellWeights(COLUMNS, 12);
  const uniform = seeded(13);
  const left = Float64Array.from(sample.x0, (_, i) => {
    const z = weights.reduce((sum, w, k) => sum + w * sample[`x${k}`][i], -1);
    return uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  });
  const model = library
    .pipeline([
      library.logisticRegression({
        label: { column: 'left', churned: 1, horizon: { every: 1, unit: 'month' } },
        features: weights.map((_, k) => `x${k}`),
      }),
      library.loyalty(),
      library.currentValue({ profit: 'profit', periods: PERIODS, rate: MONTHLY }),
      library.potentialValue({ offers: OFFERS, periods: PERIODS, rate: MONTHLY }),
      library.lifetimeValue({ retention: { column: 'loyalty' } }),
      library.pyramid(),
      library.threeDimensional(),
    ])
    .fit({ ...sample, left });
  return library.parseModel(JSON.parse(JSON.stringify(model)));
}

export async function pipeline(library, { rows = 1_000_000, rounds, print = console.log } = {}) {
  const model = fitted(library);
  const columns = customers(rows, 21);
  const batches = toBatches(columns);
  const plan = library.compile(model);
  const whole = batches.map((batch) => plan.score(batch).columns);
  check(whole, columns, model);

  // Each step alone, on batches that hold the results of the earlier steps.
  const available = { ...columns };
  for (const { name, type, levels } of model.outputs) {
    const values = type === 'number' ? gather(whole, name) : null;
    available[name] = values ?? { codes: Int32Array.from(gather(whole, name)), levels };
  }
  const parts = model.steps.map((step) => ({
    kind: step.kind,
    plan: library.compile(step),
    batches: toBatches(Object.fromEntries(step.inputs.map(({ name }) => [name, available[name]]))),
  }));

  const table = await contest(
    `Whole pipeline, ${rows} customers: ${model.inputs.length} columns in, ${model.outputs.length} out`,
    [
      {
        name: 'clientele, one plan for the pipeline, to Arrow',
        rows,
        run: () => batches.map((batch) => plan.score(batch).columns),
        check: (result) => check(result, columns, model),
      },
      ...parts.map((part, s) => ({
        name: `step ${s + 1} alone: ${part.kind}`,
        rows,
        run: () => part.batches.map((batch) => part.plan.score(batch).columns),
        check: (result) =>
          model.steps[s].outputs.forEach(({ name }) => {
            assertSame(gather(result, name), gather(whole, name), `${part.kind}, ${name}`);
          }),
      })),
    ],
    { ...(rounds ? { rounds } : {}), print },
  );
  const sum = table.slice(1).reduce((ns, row) => ns + row.cpuNs, 0);
  const perSecond = 1e9 / table[0].cpuNs;
  print(`  the steps one by one add up to ${sum.toFixed(0)} ns of CPU a customer`);
  print(
    `  ${(perSecond / 1e6).toFixed(1)} million customers per second of CPU; ≥ ${AT_LEAST / 1e6} million: ${perSecond >= AT_LEAST ? 'yes' : 'no'}`,
  );
  return table;
}

/** Every 97th customer evaluated by hand, from the definitions. */
function check(scored, columns, model) {
  const [logistic, , , , , pyramid, segments] = model.steps;
  const rows = columns.profit.length;
  const names = model.outputs.map(({ name }) => name);
  const found = Object.fromEntries(names.map((name) => [name, gather(scored, name)]));
  const got = Object.fromEntries(names.map((name) => [name, []]));
  const wanted = Object.fromEntries(names.map((name) => [name, []]));
  const levelOf = ({ column, cuts }, row) => cuts.filter((cut) => row[column] > cut).length;
  for (let i = 0; i < rows; i += 97) {
    let z = logistic.intercept;
    for (const { column, weight } of logistic.terms) z += weight * columns[column][i];
    const churnProbability = 1 / (1 + Math.exp(-z));
    const loyalty = 1 - churnProbability;
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
      ...{ churnProbability, loyalty, currentValue, potentialValue },
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
