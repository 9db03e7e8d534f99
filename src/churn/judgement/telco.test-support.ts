import { fixture, sharedColumns } from '../../../fixtures/load.ts';

interface Golden {
  readonly logistic: {
    readonly unpenalised_standardised: { readonly columns: readonly string[]; readonly coef: readonly number[] };
    readonly holdout_row_mod5: { readonly coef: readonly number[] };
  };
}

/** Outcomes of the telco customers, and their probabilities by the golden coefficients. */
export function telcoProbabilities(): { y: Float64Array; inSample: Float64Array; ridge: Float64Array } {
  const { unpenalised_standardised, holdout_row_mod5 } = fixture<Golden>('churn-golden.json').logistic;
  const data = sharedColumns('telco-churn.csv', ['customerID']);
  // Numbers standardised over all rows, `X=level` a flag.
  const features = unpenalised_standardised.columns.slice(1).map((name) => {
    const [column, level] = name.split('=');
    const cells = Array.from(data[column!] as ArrayLike<string | number>, (cell) => (cell === cell ? cell : 0));
    if (level !== undefined) return cells.map((cell) => (cell === level ? 1 : 0));
    const numbers = cells.map(Number);
    if (name === 'SeniorCitizen') return numbers;
    const mean = numbers.reduce((a, b) => a + b, 0) / numbers.length;
    const sd = Math.sqrt(numbers.reduce((total, x) => total + (x - mean) ** 2, 0) / numbers.length);
    return numbers.map((x) => (x - mean) / sd);
  });
  const y = Float64Array.from(data.Churn as string[], (cell) => (cell === 'Yes' ? 1 : 0));
  const by = (coef: readonly number[]): Float64Array =>
    y.map((_, row) => 1 / (1 + Math.exp(-features.reduce((eta, x, j) => eta + x[row]! * coef[j + 1]!, coef[0]!))));
  return { y, inSample: by(unpenalised_standardised.coef), ridge: by(holdout_row_mod5.coef) };
}
