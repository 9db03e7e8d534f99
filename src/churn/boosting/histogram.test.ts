// Sums and cuts in a memory of WASM, against the plainest loops over the rows.
import { describe, expect, it } from 'vitest';
import { kernelsOf, type Room, roomOf } from '../../kernels/wasm/room.ts';
import { seededRandom } from '../../numerics/random.ts';
import { type BinnedColumn, binnedBytes } from './binned-data.ts';
import { CELL } from './cell.ts';
import { Histograms, histogramBytes } from './histogram.ts';
import { type BestCut, fillGroups, makeGroups, type SearchLimits, searchFeature } from './split-search.ts';

const random = seededRandom(21);
const ROWS = 2500;
const packing = { bits: 12, unit: 2 };

/** Columns of 1 to 255 bins, with nulls in the bin after the last, and cells of rows, packed or not, all in one memory. */
function rowsIn(count: number, wide = false) {
  const sizes = Array.from({ length: count }, (_, f) => [255, 1, 2, 17, 254, 3][f % 6]!);
  const stride = 4 * Math.ceil(count / 4);
  const room: Room = roomOf(binnedBytes(ROWS, count) + 28 * ROWS + histogramBytes(sizes, 3) + 96);
  const columns = sizes.map((bins): BinnedColumn => {
    const codes = room.uint8(ROWS);
    for (let i = 0; i < ROWS; i++) codes[i] = random.below(bins + (bins === 17 ? 0 : 1));
    return { codes, bins, edges: new Float64Array(bins - 1), levels: null };
  });
  const codes = room.uint8(ROWS * stride + 16);
  columns.forEach((column, f) => {
    for (let i = 0; i < ROWS; i++) codes[i * stride + f] = column.codes[i]!;
  });
  const gradient = Float64Array.from({ length: ROWS }, () => Math.floor((random.uniform() - 0.5) * 2 ** 38));
  const hessian = Float64Array.from({ length: ROWS }, () => packing.unit * Math.floor(random.uniform() * 2 ** 36));
  const weight = Float64Array.from({ length: ROWS }, () => (wide ? 1 + random.below(2 ** 30) : 1));
  const cells = room.float64(CELL * ROWS);
  const words = new BigInt64Array(cells.buffer, cells.byteOffset, 2 * ROWS);
  for (let i = 0; i < ROWS; i++)
    if (wide) cells.set([gradient[i]!, hessian[i]!, weight[i]!], CELL * i);
    else {
      words[2 * i] = BigInt(gradient[i]!);
      words[2 * i + 1] = (BigInt(hessian[i]! / packing.unit) << BigInt(packing.bits)) + 1n;
    }
  const histograms = new Histograms({ columns, codes, stride }, cells, 3, wide ? 'wide' : packing, room);
  const list = room.int32(ROWS);
  const best = room.float64(5);
  expect(kernelsOf(list, codes, cells, best)).toBeDefined();
  return { columns, gradient, hessian, weight, histograms, list, best };
}

const all = Array.from({ length: ROWS }, (_, i) => i);
const lists: readonly (readonly number[])[] = [
  all,
  all.slice(0, 1),
  all.slice(1024, 2048),
  all.slice(ROWS - 1025),
  all.filter((i) => i % 2 === 0),
  all.filter((i) => i < 1500 || i % 5 === 0),
  [ROWS - 1],
  [0, ROWS - 1],
  all.filter(() => random.below(40) === 0),
  all.filter(() => random.below(3) > 0).slice(0, 1025),
];

describe('Histograms in a memory of WASM', () => {
  it('add up what loops over rows add up, of any rows and columns, on used memory', () => {
    for (const [count, wide] of [1, 3, 4, 7, 21].flatMap((own) => [[own, false] as const, [own, true] as const])) {
      const { columns, gradient, hessian, weight, histograms, list } = rowsIn(count, wide);
      expect(histograms.inWasm).toBe(true);
      expect(histograms.packed).toBe(!wide);
      for (const features of [all.slice(0, count), all.slice(0, count).filter((f) => f % 5 === 2 || f === 0)]) {
        histograms.use(Int32Array.from(features));
        for (const rows of lists) {
          list.fill(-1).set(rows);
          const found = histograms.of(list, 0, rows.length);
          for (const f of features) {
            const { codes, bins } = columns[f]!;
            const want = new Float64Array(CELL * (bins + 1));
            for (const row of rows) {
              want[CELL * codes[row]!] = want[CELL * codes[row]!]! + gradient[row]!;
              want[CELL * codes[row]! + 1] = want[CELL * codes[row]! + 1]! + hessian[row]!;
              want[CELL * codes[row]! + 2] = want[CELL * codes[row]! + 2]! + weight[row]!;
            }
            const cells = histograms.read(f, found);
            const start = histograms.start(f);
            expect(want.every((x, k) => cells[start + k] === x)).toBe(true);
          }
          const part = histograms.of(list, 0, Math.ceil(rows.length / 3));
          const rest = histograms.of(list, Math.ceil(rows.length / 3), rows.length);
          histograms.subtract(found, part);
          for (const f of features) {
            const from = histograms.start(f);
            const to = from + CELL * (columns[f]!.bins + 1);
            const cells = histograms.read(f, found).slice(from, to);
            const others = histograms.read(f, rest).subarray(from, to);
            expect(cells.every((x, k) => others[k] === x)).toBe(true);
          }
          for (const used of [found, part, rest]) histograms.free(used.fill(Math.E));
        }
      }
    }
  });

  it('find the cuts of a search over the occupied bins', () => {
    const { columns, histograms, list, best } = rowsIn(6);
    const groups = makeGroups();
    const features = Int32Array.from(columns, (_, f) => f);
    histograms.use(features);
    let told = 0;
    for (let round = 0; round < 200; round++) {
      const share = random.uniform() ** 3;
      const rows = all.filter(() => random.uniform() < share);
      if (rows.length === 0) continue;
      list.set(rows);
      const histogram = histograms.of(list, 0, rows.length);
      const sums = [0, 0, 0];
      const whole = histograms.read(0, histogram);
      for (let at = 0; at < CELL * (columns[0]!.bins + 1); at++) sums[at % CELL] = sums[at % CELL]! + whole[at]!;
      const [gradient, hessian, weight] = sums as [number, number, number];
      const node = { gradient, hessian, weight, low: -Infinity, high: Infinity };
      const limits: SearchLimits = {
        minLeaf: [0, 0.5, 1, 20, weight / 2, weight][random.below(6)]!,
        minHessian: [0, 1, hessian / 3][random.below(3)]!,
        l2: [0, 1, 2 ** 40][random.below(3)]!,
        categorySmoothing: 0,
        bounded: false,
      };
      const want: BestCut = {
        ...{ score: -Infinity, feature: -1, group: -1, nullLeft: false, gradient: 0, hessian: 0, weight: 0 },
      };
      let bin = -1;
      for (const f of features) {
        const before = want.score;
        fillGroups(columns[f]!, histograms.read(f, histogram), histograms.start(f), 0, groups);
        searchFeature(f, false, groups, node, limits, 0, want);
        if (want.score > before) bin = groups.bin[want.group]!;
      }
      best.fill(Number.NaN);
      best[0] = -Infinity;
      const found = histograms.bestCuts(histogram, 0, features.length, node, limits, best);
      if (want.feature < 0) expect(found).toBe(0);
      else {
        told++;
        expect([...best]).toEqual([want.score, want.gradient, want.hessian, want.weight, bin]);
        expect(found).toBe(4 * want.feature + (want.nullLeft ? 2 : 1));
      }
      histograms.free(histogram);
    }
    expect(told).toBeGreaterThan(50);
  });
});
