import { fail } from '../../errors.ts';
import { knownOptions, list, names, object } from '../../model/options.ts';
import { type Feature, normaliseFeatures } from '../../regression/feature.ts';
import { type ChurnLabel, checkLabel, refuseLabel } from '../logistic/options.ts';

export interface NeuralNetworkOptions<F extends string, O extends string> {
  readonly label: ChurnLabel;
  /** Number and category columns; a bare name takes the defaults of `Feature`. */
  readonly features: readonly (F | Feature<F>)[];
  /** Column of observation weights (≥ 0) for the fit. A row of weight k counts as k rows. */
  readonly weight?: string;
  /** Column whose equal values (a customer's) are held out together. */
  readonly group?: string;
  /** Units of each hidden layer, one to three layers. Default `[8]`. */
  readonly hidden?: readonly number[];
  /** Most passes over all rows that lower the loss. Default 200. */
  readonly epochs?: number;
  /**
   * Weight decay λ of `Σ logloss + (λ/2)·Σ weight²`, biases free, on columns divided by their standard deviation (0/1
   * columns are not). Default `'held-out'`: 100, 10, 1 or 0.1, whichever has the
   * least loss on the rows held out (1 when there are none); `fit.l2` tells it. No fixed number serves all data: of the churn
   * data in hand one wants 1, others 10 or more.
   */
  readonly l2?: number | 'held-out';
  /**
   * How the number of epochs is found: on a share of the rows held out, where no epoch lowers the loss for `patience` epochs.
   * The network then learns anew, from all rows, for as many epochs as were best. `false`: until the gradient vanishes.
   */
  readonly earlyStopping?: false | NetworkStopping;
  /** Of the first weights and of the rows held out: a whole number. Default 1. */
  readonly seed?: number;
  /** Name of the output. Default `churnProbability`. */
  readonly as?: O;
}

export interface NetworkStopping {
  /** Default 0.2. */
  readonly share?: number;
  /** Default 15. */
  readonly patience?: number;
}

type Given = NeuralNetworkOptions<string, string>;

/** Options after their checks, with defaults. */
export interface ChosenNetwork extends Required<Pick<Given, 'hidden' | 'epochs' | 'l2' | 'seed'>> {
  readonly features: readonly Feature[];
  readonly earlyStopping: false | Required<NetworkStopping>;
}

/** Stops at the first option that cannot be used. */
export function chooseNetwork(options: Given): ChosenNetwork {
  const { label, weight, group, as = 'churnProbability', earlyStopping = {} } = object(options, 'options');
  const { hidden = [8], epochs = 200, l2 = 'held-out', seed = 1 } = options;
  checkLabel(label);
  names({ as });
  const features = normaliseFeatures(list(options.features, 'features'));
  if (features.length === 0) fail('invalid-option', 'invalid features: a network needs at least one');
  refuseLabel(features, label.column);
  const taken = (column: string): boolean => column === label.column || features.some((f) => f.column === column);
  if (weight !== undefined && taken(weight))
    fail('invalid-option', `weight "${weight}" is the label or a feature as well`);
  if (group !== undefined && taken(group)) fail('invalid-option', `group "${group}" is the label or a feature as well`);
  if (list(hidden, 'hidden').length < 1 || hidden.length > 3)
    fail('invalid-option', `invalid hidden: ${hidden.length} layers; use one to three (none is logisticRegression)`);
  for (const units of hidden) wholeWithin('hidden', units, 1, 256);
  wholeWithin('epochs', epochs, 1, 100_000);
  if (l2 !== 'held-out' && !(typeof l2 === 'number' && l2 >= 0 && l2 < Number.POSITIVE_INFINITY))
    fail('invalid-option', `invalid l2: ${l2}; use 0, a positive number or "held-out"`);
  if (!Number.isSafeInteger(seed)) fail('invalid-option', `invalid seed: ${seed}; use a whole number`);
  return { features, hidden, epochs, l2, seed, earlyStopping: earlyStopping && chooseStopping(earlyStopping) };
}

function chooseStopping(given: NetworkStopping): Required<NetworkStopping> {
  const { share = 0.2, patience = 15 } = knownOptions(
    object(given, 'earlyStopping'),
    'earlyStopping',
    'share patience',
  );
  if (!(share > 0 && share < 1))
    fail('invalid-option', `invalid earlyStopping.share: ${share}; use a number between 0 and 1`);
  wholeWithin('earlyStopping.patience', patience, 1, 100_000);
  return { share, patience };
}

function wholeWithin(option: string, value: number, low: number, high: number): void {
  if (!(Number.isInteger(value) && value >= low && value <= high))
    fail('invalid-option', `invalid ${option}: ${value}; use a whole number from ${low} to ${high}`);
}
