// Exact quintile cuts of one column: ours, the reading alone, a sort, and DuckDB where it is installed.
import { assertClose, assertSame, contest, named, ratio } from './contest.mjs';
import { ABSENT, duckdb, hash } from './duckdb.mjs';
import { newReport } from './report.mjs';

const AT_LEAST = 2;
const FIFTHS = [0.2, 0.4, 0.6, 0.8];

export async function quintiles(library, { rows = 10_000_000, rounds = 5, peers = false, report = newReport() } = {}) {
  const value = Float64Array.from({ length: rows }, (_, i) => (1000 * hash(i, 3)) / 2 ** 32);
  const estimator = library.grid({ axes: [{ column: 'value', cut: { quantile: FIFTHS } }] });
  const expected = bySorting(value);
  const ours = {
    name: 'clientele, grid.fit: cuts and the size of each fifth',
    rows,
    run: () => estimator.fit({ value }),
    check: ({ axes, fit }) => {
      assertSame(axes[0].cuts, expected.cuts, 'cuts');
      assertSame(fit.sizes, expected.sizes, 'sizes');
    },
  };
  const reading = {
    name: 'the reading alone',
    rows,
    run: () => {
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += value[i];
      return sum;
    },
  };
  const sorting = {
    name: 'a sorted copy (Float64Array.sort)',
    rows,
    run: () => bySorting(value).cuts,
    check: (cuts) => assertSame(cuts, expected.cuts, 'a sorted copy'),
  };
  const db = peers ? await duckdb() : null;
  const table = await contest(
    `Exact quintile cuts of ${rows} values`,
    [ours, reading, sorting, ...(db ? await theirs(db, rows, expected) : [])],
    { rounds, report },
  );
  if (db) {
    db.close();
    report.aim('times the rate of ntile', ratio(named(table, 'DuckDB, ntile'), table[0]), { atLeast: AT_LEAST });
  } else if (peers) report.say(ABSENT);
}

async function theirs(db, rows, expected) {
  await db.run(
    `CREATE TABLE cells AS SELECT 1000 * hash32(i, 3)::DOUBLE / 4294967296 AS value FROM range(${rows}) r(i)`,
  );
  const asked = (name, sql, check) => ({
    name: `DuckDB, ${name}`,
    rows,
    peer: true,
    run: () => db.columns(sql),
    check,
  });
  return [
    asked(
      'ntile(5): greatest value and size of each tile',
      `SELECT max(value) most, count(*) FROM (SELECT value, ntile(5) OVER (ORDER BY value) tile FROM cells)
        GROUP BY tile ORDER BY tile`,
      ([most]) => assertSame(most, expected.tiles, 'ntile'),
    ),
    asked('quantile_cont', `SELECT quantile_cont(value, [${FIFTHS}]) FROM cells`, ([[cuts]]) =>
      assertClose(cuts.items ?? cuts, expected.cuts, 1e-12, 'quantile_cont'),
    ),
  ];
}

/** Type-7 quantiles, how many values lie in each fifth, and the greatest value of each tile. */
function bySorting(value) {
  const sorted = value.slice().sort();
  const n = sorted.length;
  const cuts = FIFTHS.map((p) => {
    const h = (n - 1) * p;
    const [lo, hi] = [sorted[Math.floor(h)], sorted[Math.min(Math.floor(h) + 1, n - 1)]];
    return lo + (h - Math.floor(h)) * (hi - lo);
  });
  const upTo = (cut) => {
    let [low, high] = [0, n];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle] <= cut) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const ends = [0, ...cuts.map(upTo), n];
  const tiles = Array.from({ length: 5 }, (_, t) => sorted[Math.floor(n / 5) * (t + 1) + Math.min(t + 1, n % 5) - 1]);
  return { cuts, sizes: ends.slice(1).map((end, k) => end - ends[k]), tiles };
}
