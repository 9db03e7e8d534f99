import { columnNames, rowCount } from '../../columns/batch.ts';
import { readNumbers, takeRows } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { CategoryColumn, Columns } from '../../model/batch.ts';
import type { Estimator, ModelBase } from '../../model/contract.ts';
import { names, object } from '../../model/options.ts';
import { outcome, requireLabel } from '../../regression/outcome.ts';
import { type ChurnLabel, checkLabel } from '../logistic/options.ts';
import { newcombeInterval } from './newcombe.ts';
import type { UpliftReport } from './uplift-kinds.ts';

/** Which cell says that a customer was treated; any other known value says that it was left alone. */
export interface Treatment {
  readonly column: string;
  readonly treated: string | number;
}

/**
 * What a learner gives its base: spread it into a classifier's options. `weight` and `group` are there where the learner
 * weighs rows, or shows each of them twice.
 */
export interface BasePart {
  readonly label: ChurnLabel;
  readonly weight?: string;
  readonly group?: string;
}

export interface UpliftOptions<M extends ModelBase, O extends string> {
  readonly label: ChurnLabel;
  readonly treatment: Treatment;
  /** Makes the classifier: `(part) => logisticRegression({ ...part, features: ['tenure'] })`. Any kind with one output. */
  readonly base: (part: BasePart) => Estimator<M>;
  /** Name of the output. Default `uplift`. */
  readonly as?: O;
}

/** A known chance of being treated: one number for all, or a column. Default: the share of treated rows. */
export interface PropensityOption {
  readonly propensity?: number | string;
}

export interface Arms {
  /** The rows that take part, as plain columns. */
  readonly data: { readonly [name: string]: Float64Array | CategoryColumn };
  /** 1 churned, 0 stayed. */
  readonly y: Float64Array;
  /** 1 treated, 0 left alone. */
  readonly treated: Float64Array;
  readonly propensity: Float64Array;
  readonly report: Omit<UpliftReport, 'status' | 'warnings'>;
  readonly warnings: readonly string[];
}

/** Stops at the first option that cannot be used. */
export function checkUpliftOptions(options: UpliftOptions<ModelBase, string> & PropensityOption): void {
  const { label, treatment, base, propensity, as = 'uplift' } = object(options, 'options');
  object(label, 'label');
  object(treatment, 'treatment');
  names({ 'label.column': label.column, 'treatment.column': treatment.column, as });
  checkLabel(label);
  if (label.column === treatment.column)
    fail('invalid-option', `treatment.column "${treatment.column}" is the label as well`);
  if (typeof base !== 'function')
    fail('invalid-option', 'invalid base: use a function, (part) => logisticRegression({ ...part, features: […] })');
  if (typeof propensity === 'string') names({ propensity });
  else if (propensity !== undefined && !(propensity > 0 && propensity < 1))
    fail('invalid-option', `invalid propensity: ${String(propensity)}; use a number between 0 and 1, or a column`);
}

/** Reads the rows whose outcome and treatment, and propensity if it is a column, are known. */
export function readArms(
  table: Columns,
  { label, treatment, propensity }: Pick<UpliftOptions<ModelBase, string>, 'label' | 'treatment'> & PropensityOption,
): Arms {
  requireLabel(table, label.column, `label "${label.column}"`);
  requireLabel(table, treatment.column, `treatment "${treatment.column}"`);
  const outcomes = outcome(table, label.column, label.churned);
  const arms = outcome(table, treatment.column, treatment.treated);
  const chances = typeof propensity === 'string' ? readNumbers(table, propensity) : undefined;
  const rows: number[] = [];
  for (let row = 0; row < rowCount(table); row++) {
    if (outcomes[row] !== outcomes[row] || arms[row] !== arms[row]) continue;
    if (chances && chances[row] !== chances[row]) continue;
    if (chances && !(chances[row]! > 0 && chances[row]! < 1))
      fail('invalid-value', `propensity "${propensity}", row ${row}: ${chances[row]} is not between 0 and 1`);
    rows.push(row);
  }
  const y = Float64Array.from(rows, (row) => outcomes[row]!);
  const treated = Float64Array.from(rows, (row) => arms[row]!);
  const count = (arm: number, event: number): number =>
    y.reduce((n, own, i) => n + (treated[i] === arm && own >= event ? 1 : 0), 0);
  const [n1, n0, lost1, lost0] = [count(1, 0), count(0, 0), count(1, 1), count(0, 1)];
  for (const [arm, n, lost] of [
    ['treated', n1, lost1],
    ['control', n0, lost0],
  ] as const) {
    if (n === 0)
      fail('one-class', `treatment "${treatment.column}": no ${arm} row has an outcome; uplift needs both arms`);
    if (lost === 0 || lost === n)
      fail('one-class', `label "${label.column}": of ${n} ${arm} rows ${lost} churned; both outcomes are needed`);
  }
  const share = typeof propensity === 'number' ? propensity : n1 / (n1 + n0);
  const own = chances ? Float64Array.from(rows, (row) => chances[row]!) : new Float64Array(rows.length).fill(share);
  const left = rowCount(table) - rows.length;
  return {
    data: takeRows(table, rows, [...new Set(columnNames(table))]),
    y,
    treated,
    propensity: own,
    report: {
      rows: rows.length,
      treatedRows: n1,
      controlRows: n0,
      propensity: chances ? own.reduce((a, b) => a + b, 0) / own.length : share,
      averageEffect: { difference: lost0 / n0 - lost1 / n1 + 0, interval: newcombeInterval(lost0, n0, lost1, n1)! },
    },
    warnings: left > 0 ? [`${left} rows without an outcome, a treatment or a propensity are left out of the fit`] : [],
  };
}

/** Columns at rows of an arm. */
export function takeArm({ data, treated }: Arms, arm: 0 | 1): Arms['data'] {
  const rows = Int32Array.from(treated, (_, i) => i).filter((i) => treated[i] === arm);
  return takeRows(data, rows, Object.keys(data));
}
