import { requireColumn } from '../columns/batch.ts';
import { comparesNumbers } from '../columns/matches.ts';
import { readCategories } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { Columns } from '../model/batch.ts';
import type { Field } from '../model/field.ts';
import type { When } from '../model/when.ts';
import { conditionNumber, conditionValues } from './condition.ts';

/**
 * The model inputs that conditions need, one per column: a number field for a number column, else a category whose levels
 * are those of an earlier step's output, or those found in the data and named in the conditions, sorted.
 */
export function conditionFields(data: Columns, conditions: readonly When[], upstream: readonly Field[] = []): Field[] {
  return [...new Set(conditions.map((when) => when.column))].map((name): Field => {
    const own = conditions.filter((when) => when.column === name);
    const made = upstream.find((field) => field.name === name);
    if (!made) requireColumn(data, name);
    if (made ? made.type === 'number' : comparesNumbers(data, name, own.flatMap(conditionValues))) {
      for (const when of own) for (const value of conditionValues(when)) conditionNumber(when, value);
      return { name, type: 'number' };
    }
    const known = made?.levels ?? readCategories(data, name).levels;
    const named = own.flatMap((when) => conditionValues(when).map(String));
    if (made) {
      const strange = named.find((level) => !known.includes(level));
      if (strange !== undefined)
        fail('invalid-option', `"${name}" is never ${JSON.stringify(strange)}: its levels are ${known.join(', ')}`);
      return { name, type: 'category', levels: known };
    }
    return { name, type: 'category', levels: [...new Set([...known, ...named])].sort() };
  });
}
