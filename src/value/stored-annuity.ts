import { fail } from '../errors.ts';
import { type Check, finite, oneOf, record, whole } from '../model/checks.ts';
import type { AnnuityTerms } from '../model/field.ts';

const shape = record({
  periods: whole(),
  unit: oneOf('day', 'week', 'month', 'quarter', 'year'),
  discount: finite,
  timing: oneOf('end', 'begin'),
});

/** Annuity terms as they stand in a model. */
export const storedAnnuity: Check<AnnuityTerms> = (json, path) => {
  const terms = shape(json, path);
  return terms.discount > -1
    ? terms
    : fail('invalid-model', `${path}.discount: expected a rate above −1, got ${terms.discount}`);
};
