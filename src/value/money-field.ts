import type { AnnuityTerms, Field } from '../model/field.ts';

/** A value in money whose parts can be told. */
export interface MoneyField<O extends string = string> extends Field<O, 'number'> {
  readonly unit: 'money';
  readonly explained: 'money';
}

export function moneyField<O extends string>(name: O, annuity: AnnuityTerms | null): MoneyField<O> {
  return { name, type: 'number', unit: 'money', ...(annuity ? { annuity } : {}), explained: 'money' };
}
