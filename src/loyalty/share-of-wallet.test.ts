import { describe, expect, it } from 'vitest';
import { fixture } from '../../fixtures/load.ts';
import { engine } from '../scoring/engine.ts';
import { shareOfWallet } from './share-of-wallet.ts';
import { shareOfWalletKind } from './share-of-wallet-kind.ts';
import { marketAndWalletShare, walletSummary } from './wallet-summary.ts';

interface Golden {
  readonly cases: readonly { readonly own: number; readonly category: number; readonly share: number | null }[];
}
const golden = fixture<{ smallFormulas: { shareOfWallet: Golden } }>('value-golden.json').smallFormulas.shareOfWallet;
const { compile, parseModel } = engine({ shareOfWallet: shareOfWalletKind });
const flags = ({ codes, levels }: { codes: Int32Array; levels: readonly string[] }): (string | null)[] =>
  [...codes].map((code) => levels[code] ?? null);

describe('shareOfWallet (S62)', () => {
  it('gives the golden shares to 1e-10 and null on a category of 0 (S62)', () => {
    const data = {
      ownSpend: golden.cases.map(({ own }) => own),
      categorySpend: golden.cases.map(({ category }) => category),
    };
    const { columns, report } = compile(shareOfWallet().fit(data)).score(data);
    golden.cases.forEach(({ own, category, share }, i) => {
      if (share === null) expect(columns.shareOfWallet[i]).toBeNaN();
      else {
        expect(columns.shareOfWallet[i]).toBeCloseTo(share, 10);
        expect(columns.walletHeadroom[i]).toBe(category - own);
      }
    });
    expect(report.nulls.shareOfWallet).toEqual({ 'zero-base': 1 });
  });

  const data = {
    spend: [100, 100.01, 0, 30, null, 30, -1, 20, 20],
    wallet: [100, 100, 0, null, 50, 60, 60, 40, 40],
    source: ['panel', 'model', 'model', 'model', 'model', 'model', 'panel', 'panel', null],
  };
  const estimator = shareOfWallet({
    own: 'spend',
    category: 'wallet',
    estimated: { column: 'source', equals: 'model' },
    as: { share: 'sow' },
  });

  it('flags own above category, both sides of the edge, and estimates (S62)', () => {
    const { columns, report } = compile(estimator.fit(data)).score(data);
    expect([...columns.sow]).toEqual([1, NaN, NaN, NaN, NaN, 0.5, NaN, 0.5, 0.5]);
    expect([...columns.walletHeadroom]).toEqual([0, NaN, NaN, NaN, NaN, 30, NaN, 20, 20]);
    expect(flags(columns.walletFlag)).toEqual([
      'measured',
      'own-above-category',
      null,
      null,
      null,
      'estimated',
      null,
      'measured',
      null,
    ]);
    expect(report.nulls).toEqual({
      sow: { 'out-of-range': 2, 'zero-base': 1, missing: 2 },
      walletHeadroom: { 'out-of-range': 2, 'zero-base': 1, missing: 2 },
      walletFlag: { 'out-of-range': 1, 'zero-base': 1, missing: 3 },
    });
  });

  it('returns from JSON, and is refused with other columns', () => {
    const model = estimator.fit(data);
    const file = JSON.parse(JSON.stringify(model));
    expect(parseModel(file)).toEqual(model);
    for (const broken of [
      { ...file, own: 'wallet' },
      { ...file, estimated: null },
      { ...file, outputs: file.outputs.slice(0, 2) },
      { ...file, outputs: [file.outputs[0], file.outputs[1], { ...file.outputs[2], levels: ['a'] }] },
    ])
      expect(() => parseModel(broken)).toThrow(expect.objectContaining({ code: 'invalid-model' }));
    expect(() => shareOfWallet({ own: 'a', category: 'a' })).toThrow('both "a"');
    expect(() => shareOfWallet({ as: { share: 'x', flag: 'x' } })).toThrow('repeated');
  });
});

describe('walletSummary (S62)', () => {
  it('tells the ratio of sums from the mean of ratios, by group too (S62, by hand)', () => {
    const found = walletSummary({ own: [60, 10, 5, 9, null, 0, -1], category: [100, 300, 10, 8, 10, 0, 5] }, [
      'a',
      'b',
      'b',
      'b',
      'a',
      'a',
      null,
    ]);
    expect(found).toMatchObject({ customers: 3, own: 75, category: 410, headroom: 335 });
    expect(found).toMatchObject({ ownAboveCategory: 1, zeroBase: 1, unusable: 2 });
    expect(found.ratioOfSums).toBeCloseTo(75 / 410, 15);
    expect(found.meanOfRatios).toBeCloseTo((0.6 + 1 / 30 + 0.5) / 3, 15);
    const [a, b, none] = found.groups;
    expect(a).toMatchObject({
      group: 'a',
      customers: 1,
      ratioOfSums: 0.6,
      meanOfRatios: 0.6,
      zeroBase: 1,
      unusable: 1,
    });
    expect(b).toMatchObject({ group: 'b', customers: 2, ownAboveCategory: 1, headroom: 295 });
    expect(none).toMatchObject({ group: null, customers: 0, ratioOfSums: null, meanOfRatios: null, headroom: 0 });
    expect(() => walletSummary({ own: [1], category: [1, 2] })).toThrow(
      expect.objectContaining({ code: 'wrong-length' }),
    );
  });
});

describe('marketAndWalletShare (S63)', () => {
  const rows = {
    period: [2023, 2024, 2024, 2023, 2024],
    own: [50, 60, 10, 30, 40],
    category: [100, 100, 300, null, 50],
  };

  it('shows loyalty rising while market share falls (S63, by hand)', () => {
    const shares = marketAndWalletShare(rows, { period: [2023, 2024, 2025], total: [800, 2200, null] });
    // 2023: firm 80 of 800; wallets 50/100. 2024: firm 110 of 2200; wallets 110/450, mean of .6, 1/30, .8.
    expect(shares.map(({ period, firm, marketShare }) => [period, firm, marketShare])).toEqual([
      ['2023', 80, 0.1],
      ['2024', 110, 0.05],
      ['2025', 0, null],
    ]);
    expect(shares[0]).toMatchObject({ customers: 1, ratioOfSums: 0.5, meanOfRatios: 0.5, unusable: 1 });
    expect(shares[1]!.ratioOfSums).toBeCloseTo(110 / 450, 15);
    expect(shares[1]!.meanOfRatios).toBeCloseTo((0.6 + 1 / 30 + 0.8) / 3, 15);
    expect(shares[2]!.ratioOfSums).toBeNull();
  });

  it('has no share of a market of 0, and refuses periods it does not know', () => {
    expect(marketAndWalletShare(rows, { period: [2024, 2023], total: [0, 1] })[0]!.marketShare).toBeNull();
    expect(() => marketAndWalletShare(rows, { period: [2024], total: [1] })).toThrow('period "2023" is not among');
    expect(() => marketAndWalletShare(rows, { period: [2023, 2023], total: [1, 1] })).toThrow('repeated');
    expect(() => marketAndWalletShare(rows, { period: [2023, 2024], total: [1, -1] })).toThrow('of 2024: -1');
  });
});
