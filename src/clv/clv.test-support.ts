import { fixture, sharedColumns } from '../../fixtures/load.ts';
import { bgNbd } from './bg-nbd/bg-nbd.ts';
import type { BgNbdModel } from './bg-nbd/model.ts';
import type { BgNbdParameters } from './bg-nbd/posterior.ts';

interface GoldenRow {
  readonly x: number;
  readonly t_x: number;
  readonly T: number;
  readonly mean: number;
  readonly logLik: number;
  readonly pAlive: number;
  readonly cet: { readonly [t: string]: number };
  readonly conditionalMeanSpend: number;
}
interface GoldenModel<P> {
  readonly params: P;
  readonly rows: readonly GoldenRow[];
  readonly expectation: { readonly [t: string]: number };
  readonly pmf: { readonly [t: string]: readonly number[] };
}
interface GoldenFit {
  readonly params: { readonly [name: string]: number };
  readonly se: { readonly [name: string]: number };
  readonly cov: readonly (readonly number[])[];
  readonly logLik: number;
}

/** The reference figures: function values at fixed parameters (30-digit mpmath) and maximum-likelihood fits. */
export const golden: {
  readonly functions: {
    readonly models: {
      readonly bgnbd: readonly GoldenModel<BgNbdParameters>[];
      readonly mbgnbd: readonly GoldenModel<BgNbdParameters>[];
      readonly gg: readonly GoldenModel<{ readonly p: number; readonly q: number; readonly v: number }>[];
    };
  };
  readonly fits: { readonly [name: string]: GoldenFit };
} = fixture('clv-golden.json');

/**
 * At a = 1 the golden expected purchases (the model r 1.5, α 30, a 1, b 2.5) are rounding noise of ₂F₁ evaluated beside
 * its removable singularity: 1e-7 to 10 percent off. These replace them: E[(1 − (1+pt/A)^(−R))/p], p ~ Beta(a, b+x), times
 * P(alive), by mpmath with 40 digits, equal to 18 digits to the ₂F₁ form with a = 1 + 1e-30 and 60 digits. Rows in the
 * golden order, t = 1, 39, 520; then a new customer, t in the golden order.
 */
export const AT_A_ONE: { readonly cet: readonly (readonly number[])[]; readonly expectation: readonly number[] } = {
  cet: [
    [0.03481667747784586, 1.1238156293218147, 5.904607797135455],
    [0.009551761337749506, 0.3109848462091354, 1.6806429755265422],
    [0.021671192343298073, 0.7154265088535928, 4.066348030427445],
    [0.08688963252110683, 2.754958541086222, 13.756658807876109],
    [0.43060719838225825, 13.181557959484433, 60.95062884472192],
    [0.41477107198907226, 12.990205506598727, 62.966749015062916],
    [0.02615238755315393, 0.8387857777548491, 4.4413699078590705],
    [0.03111660269125774, 0.9820633933323657, 4.934476790074284],
    [1.6501878924176951, 56.70548628497221, 352.0705530281955],
    [0.8898959718387645, 30.435081766912095, 186.03088555881493],
    [0.7569385321567408, 28.19234227502552, 251.74915445543542],
    [0.012877924386084327, 0.48514000347298497, 4.6756105411913405],
    [0.0, 0.0, 0.0],
    [0.0, 0.0, 0.0],
    [0.05876067679020081, 1.613327777523216, 6.35634686523143],
    [8.836846047728855e-15, 3.4408582920668296e-13, 4.497477769626441e-12],
    [0.13930280197760134, 3.9679722074017425, 16.23699894907153],
  ],
  expectation: [0.049414844169729896, 0.4490432827061518, 1.3917498357981803, 2.247408343094735, 5.801095187158236],
};

/** A reference summary under our column names. */
export function summaryOf(file: string): {
  frequency: Float64Array;
  recency: Float64Array;
  T: Float64Array;
  monetaryValue: Float64Array;
} {
  const columns = sharedColumns(file) as { [name: string]: Float64Array };
  return {
    frequency: columns.x!,
    recency: columns.t_x!,
    T: columns.T!,
    monetaryValue: columns.mean_value ?? new Float64Array(columns.x!.length).fill(Number.NaN),
  };
}

export const relative = (got: number, wanted: number): number =>
  got === wanted ? 0 : Math.abs(got - wanted) / Math.max(Math.abs(wanted), 1e-300);

/** A BG/NBD model with these parameters, as if fitted. */
export function modelOf({
  r,
  alpha,
  a,
  b,
}: BgNbdParameters): BgNbdModel<'frequency' | 'recency' | 'T', 'probabilityAlive'> {
  return { ...bgNbd({ unit: 'week' }).fit({ frequency: [0], recency: [0], T: [1] }), r, alpha, a, b };
}
