import { describe, expect, it } from 'vitest';
import { gaussLegendre } from '../../numerics/quadrature.ts';
import { relative } from '../clv.test-support.ts';
import { bgNbdPosterior } from './posterior.ts';

/**
 * r, α, a, b, x, T, t, then by mpmath with 60 digits, with q = t/(α+T), R = r + x: P(alive at T + t | alive at T) =
 * ₂F₁(R, a; a+b+x; −q); eq. 10 of Fader, Hardie & Lee (2005), at a = 1 its mean at 1 ± 1e-20; 1 − (1+q)^(−R).
 */
const MPMATH = [
  [0.24, 4.4, 0.79, 2.4, 0, 30, 39, 0.946846168670605, 0.23644243146167437, 0.16630543198158138],
  [0.24, 4.4, 0.79, 2.4, 1, 0.25, 39, 0.445483459136387, 4.988212203951808, 0.9377612023792367],
  [0.24, 4.4, 0.79, 2.4, 3, 400, 0.5, 0.99948907515285, 0.004004595344841566, 0.003995457125962402],
  [0.24, 4.4, 0.79, 2.4, 20, 38.86, 10000000, 6.474372543611421e-5, 1280.4942101092167, 1.0],
  [0.24, 4.4, 0.79, 2.4, 200, 52, 39, 0.6633050770526574, 111.46765096709146, 1.0],
  [0.24, 4.4, 0.79, 2.4, 254, 1, 10000, 0.0026446953007197463, 4694.191456509313, 1.0],
  [0.24, 4.4, 0.79, 2.4, 300, 60, 26, 0.7666710194194898, 105.61642330984299, 1.0],
  [0.5, 10, 3, 0.2, 0, 30, 39, 0.7239706221502233, 0.29654388715032964, 0.28843193303517994],
  [0.5, 10, 3, 0.2, 1, 0.25, 39, 0.1551186470331511, 1.2901897437359813, 0.9050540496571059],
  [0.5, 10, 3, 0.2, 3, 400, 0.5, 0.9979378411300159, 0.004262632723680165, 0.004256607037298768],
  [0.5, 10, 3, 0.2, 20, 38.86, 10000000, 1.756502598995116e-16, 11.099999999685439, 1.0],
  [0.5, 10, 3, 0.2, 200, 52, 39, 0.23492991566151947, 62.75362789453788, 1.0],
  [0.5, 10, 3, 0.2, 254, 1, 10000, 1.369582655258607e-9, 128.09984325633536, 1.0],
  [0.5, 10, 3, 0.2, 300, 60, 26, 0.3905099156385785, 70.51685771511674, 1.0],
  [0.1, 0.2, 1.8, 0.2, 0, 30, 39, 0.9264576967818141, 0.08297677415096659, 0.0795714423092594],
  [0.1, 0.2, 1.8, 0.2, 1, 0.25, 39, 0.01903009840621925, 2.322361863962211, 0.9927074056463864],
  [0.1, 0.2, 1.8, 0.2, 3, 400, 0.5, 0.9986073617526914, 0.003869495888703424, 0.0038631647319061976],
  [0.1, 0.2, 1.8, 0.2, 20, 38.86, 10000000, 2.1917825878643212e-10, 26.248716404159193, 1.0],
  [0.1, 0.2, 1.8, 0.2, 200, 52, 39, 0.3689573629351104, 90.21741291395536, 1.0],
  [0.1, 0.2, 1.8, 0.2, 254, 1, 10000, 8.877433588300138e-8, 318.5166616501779, 1.0],
  [0.1, 0.2, 1.8, 0.2, 300, 60, 26, 0.525832616274964, 93.72189758283567, 1.0],
  [2, 30, 12, 5, 0, 30, 39, 0.47323843086037737, 0.7542167987004302, 0.6326905417814509],
  [2, 30, 12, 5, 1, 0.25, 39, 0.1612205257367407, 1.2847767169506128, 0.9166478505413563],
  [2, 30, 12, 5, 3, 400, 0.5, 0.9965191479498249, 0.005801805156758724, 0.005793727154173035],
  [2, 30, 12, 5, 20, 38.86, 10000000, 4.839016742849603e-59, 3.2727272727272725, 1.0],
  [2, 30, 12, 5, 200, 52, 39, 0.012327273179929888, 19.292719020415042, 1.0],
  [2, 30, 12, 5, 254, 1, 10000, 1.5259210518923272e-30, 24.545454545454547, 1.0],
  [2, 30, 12, 5, 300, 60, 26, 0.05410412606253669, 26.760304580802654, 1.0],
  [0.25, 4.5, 1, 3, 0, 30, 39, 0.9436661238012877, 0.2445191318977563, 0.17228097216224744],
  [0.25, 4.5, 1, 3, 1, 0.25, 39, 0.41104421071872715, 4.602629630587682, 0.9376775611230627],
  [0.25, 4.5, 1, 3, 3, 400, 0.5, 0.9994264758353816, 0.004015798664991426, 0.00400677584307558],
  [0.25, 4.5, 1, 3, 20, 38.86, 10000000, 5.180648245641247e-6, 281.0191963417622, 1.0],
  [0.25, 4.5, 1, 3, 200, 52, 39, 0.5961068196416225, 105.42449994631993, 1.0],
  [0.25, 4.5, 1, 3, 254, 1, 10000, 0.0005578327572803653, 1926.3098271253562, 1.0],
  [0.25, 4.5, 1, 3, 300, 60, 26, 0.7152443133580836, 101.82998256896805, 1.0],
] as const;

describe('scoring tables against 60 digits', () => {
  for (const first of [0, 1] as const)
    it(`are within 1e-12, ${first === 0 ? 'BG/NBD' : 'MBG/NBD (b less 1)'}`, () => {
      let checked = 0;
      for (const [r, alpha, a, b, x, T, t, ahead, expected, bought] of MPMATH) {
        if (b <= first) continue;
        checked++;
        const { given } = bgNbdPosterior({ r, alpha, a, b: b - first }, 'week', true, first);
        const got = (quantity: 'expectedPurchases' | 'probabilityOfPurchase'): number =>
          given({ quantity, periods: t })!(x, T, 0);
        expect(relative(got('expectedPurchases'), expected)).toBeLessThan(1e-12);
        expect(relative(got('probabilityOfPurchase'), bought)).toBeLessThan(1e-12);
        expect(relative(given({ quantity: 'probabilityAlive', ahead: t })!(x, T, 0), ahead)).toBeLessThan(1e-12);
      }
      expect(checked).toBeGreaterThan(20);
    });
});

const LEGENDRE = gaussLegendre(20);
/** E_p[f(p)], p ~ Beta(a, b): Gauss–Legendre in panels of w = ln(p/(1−p)), the density normalised by the same sum. */
function overBeta(a: number, b: number, f: (p: number) => number): number {
  let [total, mass] = [0, 0];
  const mode = Math.log(a / b);
  const [low, high] = [mode - 40 / Math.min(a, 1) - 6, mode + 40 / Math.min(b, 1) + 6];
  const panels = Math.ceil((high - low) / Math.min(0.5, 1 / Math.sqrt(Math.min(a, b))));
  const half = (high - low) / panels / 2;
  for (let panel = 0; panel < panels; panel++)
    for (let i = 0; i < 20; i++) {
      const w = low + half * (2 * panel + 1 + LEGENDRE.nodes[i]!);
      const logP = w < 0 ? w - Math.log1p(Math.exp(w)) : -Math.log1p(Math.exp(-w));
      const log1 = logP - w;
      const weight =
        LEGENDRE.weights[i]! * Math.exp(a * logP + b * log1 - a * Math.log(a / (a + b)) - b * Math.log(b / (a + b)));
      total += weight * f(Math.exp(logP));
      mass += weight;
    }
  return total / mass;
}

describe('scoring tables against the integral over the dropout', () => {
  it('are within 1e-12 on a dense grid of T, for every x', () => {
    const [r, alpha, a, b] = [0.25, 4.5, 0.8, 2.5];
    const { given } = bgNbdPosterior({ r, alpha, a, b }, 'week', true);
    const expected = given({ quantity: 'expectedPurchases', periods: 39 })!;
    const ahead = given({ quantity: 'probabilityAlive', ahead: 39 })!;
    let worst = 0;
    for (const x of [0, 1, 2, 5, 30, 255, 256])
      for (let k = 0; k <= 60; k++) {
        const T = k === 0 ? 0 : Math.exp(-3 + k / 6);
        const q = 39 / (alpha + T);
        const wanted = overBeta(a, b + x, (p) =>
          p * q < 1e-300 ? (r + x) * q : -Math.expm1(-(r + x) * Math.log1p(p * q)) / p,
        );
        const alive = overBeta(a, b + x, (p) => Math.exp(-(r + x) * Math.log1p(p * q)));
        worst = Math.max(worst, relative(expected(x, T, 0), wanted), relative(ahead(x, T, 0), alive));
      }
    expect(worst).toBeLessThan(1e-12);
  });
});
