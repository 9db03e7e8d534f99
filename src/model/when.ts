/**
 * A condition on one column, as data: `{ column: 'Churn', equals: 'No' }`. Values are compared as text for category
 * columns and as numbers for number columns. A null cell satisfies neither `equals` nor `not`.
 */
export type When =
  | { readonly column: string; readonly equals: string | number | readonly (string | number)[] }
  | { readonly column: string; readonly not: string | number | readonly (string | number)[] };
