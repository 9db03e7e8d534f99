// The three strongest reasons beside the score: a linear model, and exact Shapley values of boosted trees.
import { assertSame, contest, ratio } from './contest.mjs';
import { bellColumns, bellWeights, gather, toBatches } from './data.mjs';
import { churnData } from './fits-data.mjs';
import { logisticModel } from './linear-model.mjs';
import { readingAlone } from './reading.mjs';
import { newReport } from './report.mjs';
import { TREES } from './trees.mjs';

const COLUMNS = 20;
const K = 3;
const output = 'churnProbability';
/** Rows whose reasons are also picked from `explain`, one by one. */
const CHECKED = 500;

export async function reasons(
  library,
  churn,
  { rows = 1_000_000, rounds, trees: count = TREES, report = newReport() } = {},
) {
  await linear(library, rows, { ...(rounds ? { rounds } : {}), report });
  await trees(library, churn, count, rows, { ...(rounds ? { rounds: Math.min(rounds, 5) } : { rounds: 5 }), report });
}

async function linear(library, rows, options) {
  const columns = bellColumns(rows, COLUMNS, 1);
  const batches = toBatches(columns);
  const plan = library.compile(library.parseModel(logisticModel(bellWeights(COLUMNS, 2))));
  const table = await contest(
    `Logistic score with its ${K} strongest reasons, ${rows} rows × ${COLUMNS} float64 in record batches of 65,536`,
    [
      {
        name: 'clientele, score and reasons',
        rows,
        run: () => batches.map((batch) => plan.scoreWithReasons(batch, { output, k: K }).columns),
        check: (result) => likeExplained(plan, columns, result),
      },
      { name: 'clientele, the score alone', rows, run: () => batches.map((batch) => plan.score(batch).columns) },
      readingAlone(batches),
    ],
    options,
  );
  options.report.aim('linear: score with reasons, times the score alone', ratio(table[0], table[1]), { atMost: 2 });
}

async function trees(library, churn, count, rows, options) {
  const data = churnData(Math.min(rows, 20_000), Math.min(rows, 200_000));
  const { features, columns, left, fresh } = data;
  const label = { column: 'left', churned: 1, horizon: null };
  const model = churn
    .gradientBoosting({ label, features, rounds: count, leaves: 31, earlyStopping: false })
    .fit({ ...columns, left });
  const few = Math.min(rows, 20_000);
  const head = Object.fromEntries(
    Object.entries(fresh.columns).map(([name, column]) => [name, column.subarray(0, few)]),
  );
  const [all, some] = [toBatches(fresh.columns), toBatches(head)];
  const plan = library.compile(model);
  const uncoded = library.compile(library.parseModel(JSON.parse(JSON.stringify(beyondCodes(model)))));
  const table = await contest(
    `Score of ${count} × 31 trees with its ${K} strongest reasons, exact, ${few} rows × ${features.length}`,
    [
      {
        name: 'clientele, score and reasons',
        rows: few,
        run: () => some.map((batch) => plan.scoreWithReasons(batch, { output, k: K }).columns),
        check: (result) => likeExplained(plan, head, result),
      },
      {
        name: 'clientele, the score alone, branch-free traversal',
        rows: data.freshRows,
        run: () => all.map((batch) => uncoded.score(batch).columns),
        check: (result) =>
          assertSame(
            gather(result, output),
            library.compile(model).score(fresh.columns).columns[output],
            'branch-free traversal',
          ),
      },
      {
        name: 'clientele, the score alone, 8-bit codes',
        rows: data.freshRows,
        run: () => all.map((batch) => plan.score(batch).columns),
      },
      readingAlone(all),
    ],
    options,
  );
  options.report.aim('trees: score with exact reasons, times the branch-free traversal', ratio(table[0], table[1]), {
    atMost: 15,
  });
}

/**
 * The same scores from a model that 8-bit codes do not hold, so that its trees are traversed: one tree more, of 0 everywhere,
 * with more thresholds on one column than there are codes.
 */
function beyondCodes(model) {
  const count = 256;
  const tree = { feature: [], threshold: [], left: [], right: [], nullLeft: [], subsets: [], surrogates: [] };
  const put = (from, to) => {
    if (from === to) return ~from;
    const middle = (from + to) >> 1;
    const at = tree.feature.push(0) - 1;
    tree.threshold.push(middle / count);
    tree.nullLeft.push(0);
    tree.left.push(0);
    tree.right.push(0);
    tree.left[at] = put(from, middle);
    tree.right[at] = put(middle + 1, to);
    return at;
  };
  put(0, count);
  const leaves = new Array(count + 1).fill(0);
  return { ...model, trees: [...model.trees, { ...tree, value: leaves, weight: leaves.map(() => 1) }] };
}

/** The first rows have the greatest contributions above 0 of `explain`, the earlier term first at a tie. */
function likeExplained(plan, columns, batches) {
  const head = Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, column.slice(0, CHECKED)]));
  const { terms, contributions } = plan.explain(head, output);
  const [first] = batches;
  const rows = head[Object.keys(head)[0]].length;
  for (let r = 0; r < K; r++) {
    const told = first.getChild(`reason${r + 1}`);
    for (let i = 0; i < rows; i++) {
      const order = terms.map((_, t) => t).filter((t) => contributions[t][i] > 0);
      order.sort((a, b) => contributions[b][i] - contributions[a][i] || a - b);
      const expected = order[r] === undefined ? null : terms[order[r]].name;
      if (told.get(i) !== expected)
        throw new Error(`reason ${r + 1} of row ${i} is ${told.get(i)}, expected ${expected}`);
    }
  }
}
