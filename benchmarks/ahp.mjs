// Weights of a hierarchy of 12 leaves from judgements in pairs.
import { assertClose, contest, median } from './contest.mjs';
import { newReport } from './report.mjs';

/** Milliseconds: "well under one". */
const BELOW = 0.25;
const leaves = (name, count) => Array.from({ length: count }, (_, k) => ({ name: `${name}${k + 1}` }));
const TREE = {
  name: 'customerValue',
  judgements: [2],
  children: [
    {
      name: 'current',
      judgements: [4],
      children: [
        { name: 'profit', judgements: [4, 5, 6, 2, 2, 2], children: leaves('profit', 4) },
        { name: 'volume', judgements: [1 / 2, 1 / 3, 1 / 2], children: leaves('volume', 3) },
      ],
    },
    {
      name: 'potential',
      judgements: [3],
      children: [
        { name: 'loyalty', judgements: [4], children: leaves('loyalty', 2) },
        { name: 'credit', judgements: [3, 2, 1 / 3], children: leaves('credit', 3) },
      ],
    },
  ],
};

/** @param options.rows how many hierarchies one run weighs; a row of the table is one of them */
export async function ahp(library, { rows = 2000, rounds, report = newReport() } = {}) {
  const expected = byPowers(TREE, 1);
  const times = Math.min(rows, 2000);
  const table = await contest(
    `AHP: a hierarchy of ${expected.length} leaves with consistency ratios, ${times} times`,
    [
      {
        name: 'clientele, hierarchy',
        rows: times,
        run: () => {
          let last;
          for (let i = 0; i < times; i++) last = library.hierarchy(TREE);
          return last;
        },
        check: (result) =>
          assertClose(
            result.leaves.map(({ weight }) => weight),
            expected,
            1e-12,
            'weights',
          ),
      },
    ],
    { ...(rounds ? { rounds } : {}), report },
  );
  report.aim('milliseconds for a hierarchy', median(table[0].cpu) / 1e6, { atMost: BELOW });
}

/** The weights of the leaves, each matrix of judgements raised to a high power. */
function byPowers({ children, judgements }, weight) {
  if (!children) return [weight];
  const n = children.length;
  const upper = [...judgements];
  const matrix = Array.from({ length: n }, () => new Array(n).fill(1));
  for (let i = 0; i < n; i++)
    for (let j = i + 1; j < n; j++) {
      matrix[i][j] = upper.shift();
      matrix[j][i] = 1 / matrix[i][j];
    }
  let local = new Array(n).fill(1 / n);
  for (let round = 0; round < 500; round++) {
    const next = matrix.map((row) => row.reduce((sum, a, j) => sum + a * local[j], 0));
    const sum = next.reduce((a, b) => a + b);
    local = next.map((x) => x / sum);
  }
  return children.flatMap((child, i) => byPowers(child, weight * local[i]));
}
