import { fail } from '../errors.ts';
import { blankNulls, setNull } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { fields, finite, fitReport, modelHead, nullable, positive, record } from '../model/checks.ts';
import type { Kernel, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { LikelihoodFit } from './fit-report.ts';

/** The correlation of spend and frequency, which the model takes to be none. */
export interface SpendCorrelation {
  /** Pearson's, over the customers of the fit. */
  readonly pearson: number;
  /** Its 95 % interval by Fisher's transformation. */
  readonly interval: readonly [number, number];
  /** Spearman's, ties by mean ranks. */
  readonly spearman: number;
}

/** How a Gamma-Gamma fit ended. */
export interface GammaGammaFit extends LikelihoodFit<'p' | 'q' | 'v'> {
  /** Null when there are fewer than four customers or one of the two does not vary. */
  readonly correlation: SpendCorrelation | null;
}

/** Parameters: a purchase is Gamma(p, ν), and ν ~ Gamma(q, v) over customers. */
export interface GammaGammaParameters {
  readonly p: number;
  readonly q: number;
  readonly v: number;
}

/** A fitted Gamma-Gamma model of spend per purchase (Fader, Hardie & Lee 2005, JMR 42). */
export interface GammaGammaModel<In extends string = string, Out extends string = string>
  extends ModelBase<'gammaGamma', In, Field<Out, 'number'>>,
    GammaGammaParameters {
  /** Mean spend over the population, p·v/(q − 1); null when q ≤ 1, where it is infinite. */
  readonly populationMean: number | null;
  readonly fit: GammaGammaFit;
}

export const GAMMA_GAMMA_VERSION = 1;

const shape = record({
  ...modelHead('gammaGamma', GAMMA_GAMMA_VERSION),
  inputs: (json, path) => fields<Field<string, 'number'>>(json, path),
  outputs: (json, path) => fields<Field<string, 'number'>>(json, path),
  p: positive,
  q: positive,
  v: positive,
  populationMean: nullable(finite),
  fit: (json, path) => fitReport<GammaGammaFit>(json, path),
});

/** p·v/(q − 1), or null where the integral diverges. */
export function populationMean({ p, q, v }: GammaGammaParameters): number | null {
  return q > 1 ? (p * v) / (q - 1) : null;
}

/** Reads and scores Gamma-Gamma models; nothing of fitting. */
export const gammaGammaKind: Kind<GammaGammaModel> = {
  kind: 'gammaGamma',
  version: GAMMA_GAMMA_VERSION,
  parse(json, path) {
    const model = shape(json, path);
    const { inputs, outputs } = model;
    if (inputs.length !== 2 || outputs.length !== 1 || [...inputs, ...outputs].some((f) => f.type !== 'number'))
      fail('invalid-model', `${path}: expected the inputs frequency and monetaryValue and one output, all numbers`);
    if (model.populationMean !== populationMean(model))
      fail('invalid-model', `${path}.populationMean: expected p·v/(q − 1), ${populationMean(model)}`);
    return model;
  },
  bind: (model) => spendKernel(model),
};

/**
 * E[M | x, z] = (v + x·z)·p/(p·x + q − 1); at x = 0 the population mean, and z is not looked at. NaN where the
 * denominator is not above 0 (no mean) and where x is no count or z negative.
 */
export function expectedSpend({ p, q, v }: GammaGammaParameters, x: number, z: number): number {
  const spent = x === 0 ? 0 : x * z;
  const below = p * x + q - 1;
  return spent >= 0 && x >= 0 && Number.isSafeInteger(x) && below > 0 ? ((v + spent) * p) / below : Number.NaN;
}

function spendKernel(model: GammaGammaParameters): Kernel {
  return (rows, inputs, outputs) => {
    const [frequency, monetary] = inputs as [Lane, Lane];
    const output = outputs[0]!;
    // Not carryWhy: a null spend is no fault at x = 0, where it is the rule.
    output.why.fill(WHY.valid);
    output.clean = true;
    for (let i = 0; i < rows; i++) {
      const x = frequency.values[i]!;
      const z = monetary.values[i]!;
      const value = expectedSpend(model, x, z);
      output.values[i] = value;
      if (value === value) continue;
      const possible = x === 0 || (x > 0 && Number.isSafeInteger(x) && z >= 0);
      const own = possible ? WHY.noMean : WHY.inconsistentHistory;
      setNull(output, i, frequency.why[i] || (x !== 0 && monetary.why[i]) || own);
    }
    blankNulls(rows, output);
  };
}
