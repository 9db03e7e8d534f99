import { fail } from '../../errors.ts';
import { exp } from '../../numerics/elementary.ts';
import type { HistoryScoring, Parameters, Process } from './family.ts';

/** A fitted coefficient γ of a covariate column on one process: ln parameter += sign·γ·z. */
export interface Covariate {
  /** Name of the process, such as `purchase` or `dropout`. */
  readonly process: string;
  readonly column: string;
  readonly coefficient: number;
}

/** Name of a coefficient in standard errors, ridges and reports. */
export const coefficientName = ({ process, column }: { readonly process: string; readonly column: string }): string =>
  `${process}.${column}`;

/** The columns of covariates, each once, in order of first use. */
export function covariateColumns(covariates: readonly { readonly column: string }[]): readonly string[] {
  return [...new Set(covariates.map(({ column }) => column))];
}

/** The process of a family; a process it lacks is refused with those it has. */
export function processOf<P extends string>(scoring: HistoryScoring<string, P>, name: string): Process<P> {
  const { kind, processes } = scoring;
  const found = processes.find((process) => process.name === name);
  if (found) return found;
  return fail(
    'invalid-option',
    processes.length === 0
      ? `${kind} takes no covariates`
      : `covariates: no process "${name}" in ${kind}; it has ${processes.map((p) => p.name).join(', ')}`,
  );
}

/** Farther than e^±180 from the parameters at 0 no customer is told from the next, and products would overflow. */
const FARTHEST = 180;

/** Parameters of a customer with covariate values z (one per column of {@link covariateColumns}). */
export function parametersAt<P extends string>(
  scoring: HistoryScoring<string, P>,
  base: Parameters<P>,
  covariates: readonly Covariate[],
  z: ArrayLike<number>,
): Parameters<P> {
  const columns = covariateColumns(covariates);
  const shift: { [parameter: string]: number } = {};
  for (const { process, column, coefficient } of covariates)
    for (const { parameter, sign } of processOf(scoring, process).acts)
      shift[parameter] = (shift[parameter] ?? 0) + sign * coefficient * z[columns.indexOf(column)]!;
  const out: { [parameter: string]: number } = { ...base };
  for (const [parameter, by] of Object.entries(shift))
    out[parameter] = base[parameter as P] * exp(Math.max(-FARTHEST, Math.min(FARTHEST, by)));
  return out as Parameters<P>;
}
