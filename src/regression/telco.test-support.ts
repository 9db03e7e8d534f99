import { sharedColumns } from '../../fixtures/load.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';

/** The features of the golden file's 23 columns: references as there, blank TotalCharges as 0. */
export const telcoFeatures = [
  'SeniorCitizen',
  'tenure',
  'MonthlyCharges',
  'TotalCharges',
  { column: 'gender', reference: 'Female' },
  { column: 'Partner', reference: 'No' },
  { column: 'Dependents', reference: 'No' },
  { column: 'PhoneService', reference: 'No' },
  { column: 'PaperlessBilling', reference: 'No' },
  { column: 'MultipleLines', reference: 'No' },
  { column: 'InternetService', reference: 'DSL' },
  { column: 'OnlineSecurity', reference: 'No' },
  { column: 'OnlineBackup', reference: 'No' },
  { column: 'DeviceProtection', reference: 'No' },
  { column: 'TechSupport', reference: 'No' },
  { column: 'StreamingTV', reference: 'No' },
  { column: 'StreamingMovies', reference: 'No' },
  { column: 'Contract', reference: 'Month-to-month' },
  { column: 'PaymentMethod', reference: 'Bank transfer (automatic)' },
] as const;

export const telcoLabel = { column: 'Churn', churned: 'Yes', horizon: null } as const;

export type Telco = { [name: string]: Float64Array | string[] } & Columns;

export function telco(): Telco {
  const data = sharedColumns('telco-churn.csv');
  data.TotalCharges = (data.TotalCharges as Float64Array).map((x) => (x === x ? x : 0));
  return data;
}

/** (x − mean)/sd, population sd over all rows. */
export function standardised(x: Float64Array): Float64Array {
  const mean = x.reduce((a, b) => a + b, 0) / x.length;
  const sd = Math.sqrt(x.reduce((a, b) => a + (b - mean) ** 2, 0) / x.length);
  return x.map((v) => (v - mean) / sd);
}

export function subset(
  data: { readonly [name: string]: Float64Array | string[] },
  keep: (row: number) => boolean,
): { [name: string]: Float64Array | CategoryColumn | string[] } {
  return Object.fromEntries(
    Object.entries(data).map(([name, column]) => [
      name,
      column instanceof Float64Array ? column.filter((_, i) => keep(i)) : column.filter((_, i) => keep(i)),
    ]),
  );
}

/** Scores of the fold `row % 5 === f` by what was fitted on the other rows. */
export function outOfFold<T>(
  rows: number,
  fit: (keep: (row: number) => boolean) => T,
  score: (fitted: T) => Float64Array,
): Float64Array {
  const out = new Float64Array(rows);
  for (let fold = 0; fold < 5; fold++) {
    const scores = score(fit((i) => i % 5 !== fold));
    for (let i = fold; i < rows; i += 5) out[i] = scores[i]!;
  }
  return out;
}
