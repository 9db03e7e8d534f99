import { log } from '../../numerics/elementary.ts';

/** ln S, its derivatives in R, and q∂, q²∂² and q∂∂ in q. */
export interface Phases {
  readonly ln: number;
  readonly R: number;
  readonly RR: number;
  readonly q: number;
  readonly qq: number;
  readonly Rq: number;
}

const HUGE = 1e200;
const LN_HUGE: number = log(HUGE);

/**
 * S = Σ_{j<k} Γ(R+j)/Γ(R)·q^j/j!, q = (T − t_x)/(α + T), with derivatives: (1+T/α)^−R·S is the chance, averaged over the
 * rate, that fewer than k phases end in the T − t_x since the last purchase. Term j over S is the chance that the
 * customer, alive at T, has ended j phases since.
 */
export function phaseSum(k: number, R: number, q: number): Phases {
  let term = 1;
  let [rise, bend] = [0, 0];
  let [S, sR, sRR, sq, sqq, sRq] = [1, 0, 0, 0, 0, 0];
  let shift = 0;
  for (let j = 1; j < k; j++) {
    const factor = R + j - 1;
    term *= (factor * q) / j;
    rise += 1 / factor;
    bend += 1 / (factor * factor);
    S += term;
    sR += term * rise;
    sRR += term * (rise * rise - bend);
    sq += term * j;
    sqq += term * j * (j - 1);
    sRq += term * j * rise;
    if (term > HUGE) {
      term /= HUGE;
      [S, sR, sRR] = [S / HUGE, sR / HUGE, sRR / HUGE];
      [sq, sqq, sRq] = [sq / HUGE, sqq / HUGE, sRq / HUGE];
      shift += LN_HUGE;
    }
  }
  const R1 = sR / S;
  const q1 = sq / S;
  return {
    ln: log(S) + shift,
    R: R1,
    RR: sRR / S - R1 * R1,
    q: q1,
    qq: sqq / S - q1 * q1,
    Rq: sRq / S - q1 * R1,
  };
}
