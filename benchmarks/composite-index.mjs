// A composite index of 12 indicators in Arrow record batches: ours, and the reading alone.
import { assertClose, contest, ratio } from './contest.mjs';
import { bell, gather, seeded, toBatches } from './data.mjs';
import { readingAlone } from './reading.mjs';
import { newReport } from './report.mjs';

const AT_MOST = 12;
const LINEAR = [
  { map: { kind: 'linear', low: -2, high: 2 } },
  { map: { kind: 'linear', low: -1, high: 3 }, cost: true },
];
/** One of each map, and a column as it is. */
const MIXED = [
  { map: { kind: 'linear', low: -2, high: 2 } },
  {
    map: {
      kind: 'piecewise',
      knots: [
        [-2, 0],
        [-1, 30],
        [0, 45],
        [1, 80],
        [2, 100],
      ],
    },
  },
  { map: { kind: 'logistic', midpoint: 0.2, slope: 1.5 } },
  { map: { kind: 'step', cuts: [-1, 0, 1], scores: [0, 40, 70, 100], closed: 'left' } },
  { map: { kind: 'linear', low: -1, high: 3 }, cost: true },
  {},
];
const COUNT = 12;

export async function compositeIndex(library, { rows = 1_000_000, rounds, report = newReport() } = {}) {
  const options = { ...(rounds ? { rounds } : {}), report };
  await indexOf(library, LINEAR, 'linear maps', rows, options);
  await indexOf(library, MIXED, 'maps of all kinds', rows, options);
}

async function indexOf(library, forms, name, rows, options) {
  const uniform = seeded(51);
  const columns = Object.fromEntries(
    Array.from({ length: COUNT }, (_, k) => [`x${k}`, Float64Array.from({ length: rows }, () => bell(uniform))]),
  );
  const raw = Array.from({ length: COUNT }, () => 1 + uniform());
  const total = raw.reduce((a, b) => a + b);
  const indicators = raw.map((weight, k) => {
    const standardise = k % 2 ? 'min-max' : 'z-sample';
    return { column: `x${k}`, weight: weight / total, standardise, ...forms[k % forms.length] };
  });
  const fitted = library.compositeIndex({ indicators }).fit(columns);
  const plan = library.compile(library.parseModel(JSON.parse(JSON.stringify(fitted))));
  const batches = toBatches(columns);
  const expected = byHand(columns, indicators);
  const table = await contest(
    `Index of ${COUNT} standardised, weighted indicators, ${name}, ${rows} rows in record batches of 65,536`,
    [
      {
        name: 'clientele, plan.score to Arrow',
        rows,
        run: () => batches.map((batch) => plan.score(batch).columns),
        check: (result) => assertClose(gather(result, 'score'), expected, 1e-9, 'plan.score'),
      },
      readingAlone(batches),
    ],
    options,
  );
  options.report.aim(`index by ${name}, times the reading alone`, ratio(table[0], table[1]), { atMost: AT_MOST });
}

/** The index from the definitions of its parts, column by column. */
function byHand(columns, indicators) {
  const out = new Float64Array(columns.x0.length);
  for (const { column, weight, map, cost, standardise } of indicators) {
    const scores = columns[column].map((x) => (map ? (cost ? 100 - mapped(map, x) : mapped(map, x)) : x));
    const [centre, spread] = standardise === 'min-max' ? range(scores) : deviation(scores);
    for (let i = 0; i < out.length; i++) out[i] += (weight * (scores[i] - centre)) / spread;
  }
  return out;
}

function mapped(map, x) {
  if (map.kind === 'logistic') return 100 / (1 + Math.exp(-map.slope * (x - map.midpoint)));
  if (map.kind === 'step') return map.scores[map.cuts.filter((cut) => x >= cut).length];
  const knots =
    map.kind === 'linear'
      ? [
          [map.low, 0],
          [map.high, 100],
        ]
      : map.knots;
  const at = knots.findIndex(([value]) => x < value);
  if (at === 0) return knots[0][1];
  if (at < 0) return knots[knots.length - 1][1];
  const [[x0, y0], [x1, y1]] = [knots[at - 1], knots[at]];
  return y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

function range(values) {
  const low = values.reduce((a, b) => Math.min(a, b));
  return [low, values.reduce((a, b) => Math.max(a, b)) - low];
}

function deviation(values) {
  const mean = values.reduce((a, b) => a + b) / values.length;
  return [mean, Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1))];
}
