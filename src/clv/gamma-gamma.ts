import { readNumbers } from '../columns/index.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import type { Estimator, InputsOf } from '../model/contract.ts';
import { knownOptions, names } from '../model/options.ts';
import { fitGammaGamma } from './gamma-gamma-fit.ts';
import { spendLogLikelihood } from './gamma-gamma-likelihood.ts';
import {
  expectedSpend,
  GAMMA_GAMMA_VERSION,
  type GammaGammaModel,
  gammaGammaKind,
  populationMean,
} from './gamma-gamma-model.ts';

/** Options of {@link gammaGamma}. */
export interface GammaGammaOptions<F extends string = string, Z extends string = string, O extends string = string> {
  /** Column of x, the number of repeat purchases. Default `frequency`. */
  readonly frequency?: F;
  /** Column of z, the mean amount of those x purchases (the first one is not in it). Default `monetaryValue`. */
  readonly monetaryValue?: Z;
  /** Output column: expected spend per purchase. Default `expectedSpend`. */
  readonly as?: O;
}

/** {@link gammaGamma}: the estimator, with the family's functions of a model and columns. */
export interface GammaGamma {
  <
    const F extends string = 'frequency',
    const Z extends string = 'monetaryValue',
    const O extends string = 'expectedSpend',
  >(
    options?: GammaGammaOptions<F, Z, O>,
  ): Estimator<GammaGammaModel<F | Z, O>>;

  /** E[M | x, z] = (v + xz)p/(px + q − 1), one per row; the population mean at x = 0; NaN where there is none. */
  expectedSpend<M extends GammaGammaModel>(model: M, customers: Columns<InputsOf<M>>): Float64Array;

  /** ln f(z | x), one per row; NaN where x or z is not above 0. */
  logLikelihood<M extends GammaGammaModel>(model: M, customers: Columns<InputsOf<M>>): Float64Array;
}

function estimate<
  const F extends string = 'frequency',
  const Z extends string = 'monetaryValue',
  const O extends string = 'expectedSpend',
>(options: GammaGammaOptions<F, Z, O> = {}): Estimator<GammaGammaModel<F | Z, O>> {
  const frequency = (knownOptions(options, 'gammaGamma', 'frequency monetaryValue as').frequency ?? 'frequency') as F;
  const monetaryValue = (options.monetaryValue ?? 'monetaryValue') as Z;
  const as = (options.as ?? 'expectedSpend') as O;
  names({ frequency, monetaryValue, as });
  if (new Set<string>([frequency, monetaryValue, as]).size < 3)
    fail(
      'invalid-option',
      `frequency, monetaryValue and as need three names, got ${frequency}, ${monetaryValue}, ${as}`,
    );
  return {
    kind: gammaGammaKind,
    fit(data, upstream) {
      const { parameters, fit } = fitGammaGamma(readNumbers(data, frequency), readNumbers(data, monetaryValue));
      const money = upstream?.find((f) => f.name === monetaryValue)?.unit;
      const unit = money === undefined ? {} : { unit: money };
      return {
        kind: 'gammaGamma',
        version: GAMMA_GAMMA_VERSION,
        inputs: [
          { name: frequency, type: 'number', unit: 'purchases' },
          { name: monetaryValue, type: 'number', ...unit },
        ],
        outputs: [{ name: as, type: 'number', ...unit }],
        ...parameters,
        populationMean: populationMean(parameters),
        fit,
      };
    },
  };
}

/**
 * The Gamma-Gamma model of spend per purchase (Fader, Hardie & Lee 2005, Journal of Marketing Research 42, 415–430): a
 * purchase is Gamma(p, ν), ν ~ Gamma(q, v) over customers, independently of how often they buy. Fitted by maximum
 * likelihood on customers with a repeat purchase and a positive mean, Newton on exact derivatives.
 *
 * `fit.correlation` tells how far spend and frequency are from independent, and a warning when the interval leaves out 0.
 *
 * @throws ClienteleError `invalid-option`; when fitting `invalid-value` (a frequency that is no count), `empty-input`
 * @example
 * const model = gammaGamma().fit(customers);
 * model.populationMean; // 35.17 on the CDNOW sample
 */
export const gammaGamma: GammaGamma = Object.assign(estimate, {
  expectedSpend: (model: GammaGammaModel, customers: Columns) =>
    eachCustomer(model, customers, (x, z) => expectedSpend(model, x, z)),
  logLikelihood: (model: GammaGammaModel, customers: Columns) =>
    eachCustomer(model, customers, (x, z) => (x > 0 && z > 0 ? spendLogLikelihood(model, x, z) : Number.NaN)),
});

function eachCustomer(model: GammaGammaModel, batch: Columns, value: (x: number, z: number) => number): Float64Array {
  const z = readNumbers(batch, model.inputs[1]!.name);
  return readNumbers(batch, model.inputs[0]!.name).map((x, i) => value(x, z[i]!));
}
