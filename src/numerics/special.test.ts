import { describe, expect, it } from 'vitest';
import { digamma, digammaRise, lbeta, lgamma, lgammaRise, log1pexp, logaddexp, trigamma } from './special.ts';

// x, lnΓ(x), ψ(x), ψ′(x) by mpmath with 40 digits.
const GAMMA: readonly (readonly [number, number, number, number])[] = [
  [1e-8, 18.42068073818021, -100000000.57721564, 1.0000000000000002e16],
  [0.01, 4.599479878042022, -100.56088545786868, 10001.621213528313],
  [0.1, 2.252712651734206, -10.423754940411076, 101.43329915079275],
  [0.3, 1.0957979948180756, -3.502524222200133, 12.245364546107732],
  [0.4999, 0.5725613186041184, -1.9640035904016993, 4.936485567383169],
  [0.5, 0.5723649429247001, -1.9635100260214235, 4.934802200544679],
  [0.7, 0.26086724653166654, -1.2200235536979347, 2.834049156694611],
  [0.9, 0.06637623973474295, -0.7549269499470513, 1.9225399594772035],
  [0.999999, 5.772164873855652e-7, -0.5772173098368019, 1.6449364709652798],
  [1.0000001, -5.772155829918507e-8, -0.5772155004081381, 1.6449338264368782],
  [1.2, -0.08537409000331583, -0.2890398965921884, 1.2673772054237793],
  [1.4616321449683622, -0.12148629053584961, -9.241265521729427e-17, 0.9676722454476212],
  [1.4999, -0.12078588195849393, 0.03639648961430398, 0.934885087255137],
  [1.5, -0.12078223763524522, 0.03648997397857652, 0.9348022005446793],
  [1.9, -0.03898427592308336, 0.35618416116405965, 0.6879720582426356],
  [1.99999999, -4.227843293043373e-9, 0.4227843286491265, 0.6449340708893645],
  [2.0000001, 4.227843666532498e-8, 0.4227843995918717, 0.6449340264368484],
  [2.3, 0.15418945495963046, 0.6000398803639695, 0.5425374586652585],
  [2.4999, 0.28461255726068263, 0.7031076036885755, 0.49038137762498063],
  [2.5, 0.2846828704729192, 0.7031566406452432, 0.49035775610023485],
  [4.7, 2.7364051463155667, 1.4374238096317817, 0.23699183867807336],
  [7.3, 7.147892523022248, 1.9178203356379862, 0.1467957681314271],
  [9.999, 12.799575780077413, 2.2516474172057355, 0.10517738667672887],
  [10, 12.801827480081469, 2.251752589066721, 0.10516633568168575],
  [10.5, 13.940625219403763, 2.3030010342976865, 0.09991695605912673],
  [13, 19.987214495661885, 2.5259950133091453, 0.07995742842732395],
  [25, 54.78472939811232, 3.198742512851974, 0.04081066325722558],
  [100.25, 360.28455963776423, 4.602671243274712, 0.010024978698123367],
  [1000.0, 5905.220423209181, 6.907255195648812, 0.0010005001666666333],
  [1000000.0, 12815504.569147611, 13.815510057964191, 1.0000005000001667e-6],
  [1000000000000.0, 26631021115915.652, 27.63102111592805, 1.0000000000005e-12],
];

// c, d, lnΓ(c+d) − lnΓ(c), ψ(c+d) − ψ(c) by mpmath with 40 digits.
const RISE: readonly (readonly [number, number, number, number])[] = [
  [0.243, 5, 2.2324176259704256, 5.909601802761824],
  [2.426, 30, 79.33079545092043, 2.7972536818092526],
  [12, 0.5, 1.2320396660625599, 0.04253397129910003],
  [100000.0, 3, 34.53880639466069, 2.999970000499991e-5],
  [1000000000000.0, 2, 55.262042231858096, 1.999999999999e-12],
  [100000000.0, 10000.0, 184207.30737286032, 9.999500083325834e-5],
  [0.01, 0.001, -0.09587025504523557, 9.092529135278923],
  [30, 1e-6, 3.3844381496330546e-6, 3.3895059783357354e-8],
];

const relative = (got: number, wanted: number): number => (got === wanted ? 0 : Math.abs((got - wanted) / wanted));

describe('special functions against mpmath', () => {
  it('lgamma is right to 5e-16, its zeros at 1 and 2 included', () => {
    for (const [x, wanted] of GAMMA) expect(relative(lgamma(x), wanted)).toBeLessThan(5e-16);
    expect([lgamma(1), lgamma(2)]).toEqual([0, 0]);
  });

  it('digamma is right to 1e-15 of the larger of itself and 1; trigamma to 5e-16', () => {
    for (const [x, , first, second] of GAMMA) {
      expect(Math.abs(digamma(x) - first)).toBeLessThan(1e-15 * Math.max(1, Math.abs(first)));
      expect(relative(trigamma(x), second)).toBeLessThan(5e-16);
    }
  });

  it('differences do not cancel for large c', () => {
    for (const [c, d, value, first] of RISE) {
      expect(Math.abs(lgammaRise(c, d) - value)).toBeLessThan(5e-16 * Math.max(1, Math.abs(value)));
      expect(Math.abs(digammaRise(c, d) - first)).toBeLessThan(1e-14 * Math.max(1e-2, Math.abs(first)));
    }
    // ln B(1e8, 3) = ln 2 − ln(1e8(1e8+1)(1e8+2)).
    expect(relative(lbeta(1e8, 3), Math.log(2) - Math.log(1e8) - Math.log(1e8 + 1) - Math.log(1e8 + 2))).toBeLessThan(
      5e-16,
    );
    expect(lbeta(0.5, 0.5)).toBeCloseTo(Math.log(Math.PI), 15);
  });

  it('outside their domain they are Infinity at 0 and NaN below', () => {
    expect([lgamma(0), digamma(0), trigamma(0)]).toEqual([Infinity, -Infinity, Infinity]);
    expect([lgamma(-1.5), digamma(-1), trigamma(Number.NaN)]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
    expect(lgamma(Number.MAX_VALUE)).toBe(Infinity);
  });
});

it('log1pexp and logaddexp neither overflow nor lose the small one', () => {
  expect([log1pexp(1000), log1pexp(-745)]).toEqual([1000, 5e-324]);
  expect(log1pexp(0)).toBeCloseTo(Math.LN2, 15);
  expect(logaddexp(-1000, -1000)).toBe(-1000 + Math.LN2);
  expect(logaddexp(Number.NEGATIVE_INFINITY, 3)).toBe(3);
  expect(logaddexp(Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY);
});
