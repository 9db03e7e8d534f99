import { describe, expect, it } from 'vitest';
import { coxRegression } from './cox-regression.ts';
import { columns, derivative, partialLogLikelihood, type Subject, simulated } from './survival.test-support.ts';

const event = { column: 'left', churned: 'yes' } as const;
const base = { duration: 'exit', entry: 'entry', event, period: 'month', features: ['a', 'b'] } as const;

/** Newton's method on numeric derivatives of the brute-force likelihood. */
function bruteForce(
  ll: (beta: readonly number[]) => number,
  start: readonly number[] = [0, 0],
  rounds = 6,
): { readonly beta: readonly number[]; readonly information: readonly (readonly number[])[] } {
  let beta = [...start];
  const with_ = (b: readonly number[], j: number, x: number): number[] => b.map((v, k) => (k === j ? x : v));
  const gradient = (b: readonly number[], j: number): number => derivative((x) => ll(with_(b, j, x)), b[j]!);
  let information: number[][] = [];
  for (let round = 0; round < rounds; round++) {
    const g = beta.map((_, j) => gradient(beta, j));
    information = beta.map((_, j) => beta.map((_, k) => -derivative((x) => gradient(with_(beta, k, x), j), beta[k]!)));
    const [[p, q], [r, s]] = information as [[number, number], [number, number]];
    const det = p * s - q * r;
    beta = [beta[0]! + (s * g[0]! - q * g[1]!) / det, beta[1]! + (p * g[1]! - r * g[0]!) / det];
  }
  return { beta, information };
}

describe.each([
  ['untied', {}],
  ['tied', { ties: true }],
  ['tied with delayed entry', { ties: true, late: true }],
] as const)('the partial likelihood of %s times', (_, shape) => {
  const subjects = simulated(24, 11, shape);
  const data = columns(subjects);

  it.each(['efron', 'breslow'] as const)(
    'with %s ties, strata and offset has the brute-force optimum and curvature',
    (ties) => {
      const { fit } = coxRegression({ ...base, ties, strata: 'stratum', offset: 'offset' }).fit(data);
      const ll = (beta: readonly number[]): number => partialLogLikelihood(subjects, beta, ties);
      const { beta, information } = bruteForce(ll);
      expect(fit.nullLogLikelihood).toBeCloseTo(ll([0, 0]), 10);
      expect(fit.logLikelihood).toBeCloseTo(ll(beta), 9);
      const [[p, q], [r, s]] = information as [[number, number], [number, number]];
      const variance = [s / (p * s - q * r), p / (p * s - q * r)];
      fit.coefficients.forEach(({ estimate, standardError }, j) => {
        expect(estimate).toBeCloseTo(beta[j]!, 8);
        expect(standardError).toBeCloseTo(Math.sqrt(variance[j]!), 7);
      });
      expect(fit.likelihoodRatioTest!.chiSquared).toBeCloseTo(2 * (ll(beta) - ll([0, 0])), 8);
    },
  );

  it.each(['efron', 'breslow'] as const)(
    'with %s ties has robust errors from how the optimum moves with each case weight (infinitesimal jackknife)',
    (ties) => {
      const own = subjects.map((s): Subject => ({ ...s, offset: 0, stratum: '' }));
      const { fit } = coxRegression({ ...base, ties }).fit(data);
      const beta = fit.coefficients.map(({ estimate }) => estimate);
      const score = (j: number, weights: readonly number[]): number =>
        derivative(
          (x) =>
            partialLogLikelihood(
              own,
              beta.map((b, k) => (k === j ? x : b)),
              ties,
              weights,
            ),
          beta[j]!,
        );
      // ∂β/∂w_i = I⁻¹·∂U/∂w_i.
      const u = own.map((_, i) =>
        [0, 1].map((j) =>
          derivative(
            (w) =>
              score(
                j,
                own.map((_, k) => (k === i ? w : 1)),
              ),
            1,
          ),
        ),
      );
      const { information } = bruteForce((b) => partialLogLikelihood(own, b, ties), beta, 1);
      const [[p, q], [r, s]] = information as [[number, number], [number, number]];
      const det = p * s - q * r;
      const moves = u.map(([g, h]) => [(s * g! - q * h!) / det, (p * h! - r * g!) / det]);
      fit.coefficients.forEach(({ robustError }, j) => {
        expect(robustError).toBeCloseTo(Math.sqrt(moves.reduce((sum, move) => sum + move[j]! ** 2, 0)), 6);
      });
    },
  );

  it.each(['efron', 'breslow'] as const)(
    'with %s ties has the Schoenfeld test as the score test of β + γt in the brute-force likelihood',
    (ties) => {
      const own = subjects.map((s): Subject => ({ ...s, offset: 0, stratum: '' }));
      const { fit } = coxRegression({ ...base, ties, proportionalHazards: 'identity' }).fit(data);
      const beta = fit.coefficients.map(({ estimate }) => estimate);
      const ll = (v: readonly number[]): number =>
        partialLogLikelihood(own, [v[0]!, v[1]!], ties, undefined, (t) => [v[2]! * t, v[3]! * t]);
      const at = [...beta, 0, 0];
      const step = [0.01, 0.01, 0.001, 0.001];
      const set = (v: readonly number[], j: number, x: number): number[] => v.map((old, k) => (k === j ? x : old));
      const slope = (v: readonly number[], j: number): number => derivative((x) => ll(set(v, j, x)), v[j]!, step[j]!);
      const score = at.map((_, j) => slope(at, j));
      const information = at.map((_, j) =>
        at.map((_, k) => -derivative((x) => slope(set(at, k, x), j), at[k]!, step[k]!)),
      );
      const quadratic = (rows: readonly number[]): number => {
        const a = rows.map((j) => [...rows.map((k) => information[j]![k]!), score[j]!]);
        for (let c = 0; c < rows.length; c++)
          for (let r = 0; r < rows.length; r++) {
            const factor = a[r]![c]! / a[c]![c]!;
            if (r !== c) for (let k = c; k <= rows.length; k++) a[r]![k]! -= factor * a[c]![k]!;
          }
        return rows.reduce((sum, j, r) => sum + (score[j]! * a[r]![rows.length]!) / a[r]![r]!, 0);
      };
      const test = fit.proportionalHazards!;
      expect(test.global.chiSquared).toBeCloseTo(quadratic([0, 1, 2, 3]), 5);
      expect(test.global.degreesOfFreedom).toBe(2);
      expect(test.features[0]!.chiSquared).toBeCloseTo(quadratic([0, 1, 2]), 5);
      expect(test.features[1]!.chiSquared).toBeCloseTo(quadratic([0, 1, 3]), 5);
    },
  );
});

describe('coxRegression', () => {
  it('has the closed estimate −½ ln 2 of its example', () => {
    const { fit } = coxRegression({ duration: 'months', event, period: 'month', features: ['x'] }).fit({
      months: [1, 2, 3],
      left: ['yes', 'yes', 'yes'],
      x: [1, 0, 1],
    });
    expect(fit.coefficients[0]!.estimate).toBeCloseTo(-0.5 * Math.log(2), 12);
  });

  it('has one likelihood for both ways with ties when there are none', () => {
    const data = columns(simulated(60, 4));
    const [efron, breslow] = (['efron', 'breslow'] as const).map((ties) => coxRegression({ ...base, ties }).fit(data));
    expect({ ...efron, ties: null }).toEqual({ ...breslow, ties: null });
  });

  it('does not depend on the order of rows, nor on the unit of time', () => {
    const subjects = simulated(80, 5, { ties: true, late: true });
    const estimates = (own: readonly Subject[]): readonly number[] => {
      const { fit } = coxRegression({ ...base, strata: 'stratum', proportionalHazards: 'identity' }).fit(columns(own));
      return [
        fit.logLikelihood,
        fit.concordance.concordance!,
        fit.concordance.standardError!,
        fit.proportionalHazards!.global.chiSquared,
        ...fit.coefficients.flatMap((c) => [c.estimate, c.standardError!, c.robustError!]),
      ];
    };
    const wanted = estimates(subjects);
    const scaled = subjects.map((s) => ({ ...s, entry: s.entry * 30, exit: s.exit * 30 }));
    for (const own of [subjects.toReversed(), scaled])
      estimates(own).forEach((x, k) => {
        expect(x).toBeCloseTo(wanted[k]!, 11);
      });
  });

  it('gives the same when every customer is split into pieces, with robust errors by cluster', () => {
    const subjects = simulated(60, 6, { ties: true });
    const pieces = subjects.flatMap((s, i) =>
      s.exit > 3
        ? [
            { ...s, exit: 3, left: false, id: i },
            { ...s, entry: 3, id: i },
          ]
        : [{ ...s, id: i }],
    );
    const whole = coxRegression({ ...base, proportionalHazards: false }).fit(columns(subjects));
    const split = coxRegression({ ...base, cluster: 'id', proportionalHazards: false }).fit({
      ...columns(pieces),
      id: pieces.map(({ id }) => id),
    });
    expect(split.fit.logLikelihood).toBeCloseTo(whole.fit.logLikelihood, 10);
    split.fit.coefficients.forEach((c, j) => {
      const other = whole.fit.coefficients[j]!;
      expect(c.estimate).toBeCloseTo(other.estimate, 10);
      expect(c.standardError).toBeCloseTo(other.standardError!, 10);
      expect(c.robustError).toBeCloseTo(other.robustError!, 10);
      expect(c.z).toBeCloseTo(c.estimate / other.robustError!, 9);
    });
  });

  it('covers the true effects of simulated proportional hazards at the nominal rate, and tests at its level', () => {
    const truth = [0.7, -0.5];
    const runs = 200;
    const hits = { model: 0, robust: 0, rejected: 0 };
    for (let seed = 0; seed < runs; seed++) {
      const { fit } = coxRegression(base).fit(columns(simulated(150, 1000 + seed, { late: seed % 2 === 1 })));
      fit.coefficients.forEach(({ estimate, standardError, robustError }, j) => {
        if (Math.abs(estimate - truth[j]!) < 1.96 * standardError!) hits.model++;
        if (Math.abs(estimate - truth[j]!) < 1.96 * robustError!) hits.robust++;
      });
      if (fit.proportionalHazards!.global.pValue < 0.05) hits.rejected++;
    }
    // Binomial bounds of four standard errors about 0.95 of 400 and 0.05 of 200; robust errors are a little small.
    expect(hits.model / (2 * runs)).toBeGreaterThan(0.906);
    expect(hits.robust / (2 * runs)).toBeGreaterThan(0.89);
    expect(hits.rejected / runs).toBeLessThan(0.05 + 4 * Math.sqrt((0.05 * 0.95) / runs));
  });
});
