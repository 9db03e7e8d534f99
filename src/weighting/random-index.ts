import { fail } from '../errors.ts';

/** Random index by number of items, from 3 on. */
export interface RandomIndexTable {
  readonly [items: number]: number;
}
export type RandomIndexName = 'saaty1980' | 'saaty2005' | 'doneganDodd1991' | 'simulation500k';

/**
 * Mean consistency index of random reciprocal matrices, by published table:
 * `saaty1980` – Saaty, The Analytic Hierarchy Process (1980), as most software has it (RI(12) < RI(11) is in the table);
 * `saaty2005` – Saaty, Theory and Applications of the Analytic Network Process (2005), p. 31;
 * `doneganDodd1991` – Donegan & Dodd, Mathematical and Computer Modelling 15 (1991) 135–137;
 * `simulation500k` – means over 500,000 simulated matrices, published with the R package ahpsurvey.
 */
export const RANDOM_INDICES: { readonly [N in RandomIndexName]: RandomIndexTable } = {
  saaty1980: {
    3: 0.58,
    4: 0.9,
    5: 1.12,
    6: 1.24,
    7: 1.32,
    8: 1.41,
    9: 1.45,
    10: 1.49,
    11: 1.51,
    12: 1.48,
    13: 1.56,
    14: 1.57,
    15: 1.59,
  },
  saaty2005: {
    3: 0.52,
    4: 0.89,
    5: 1.11,
    6: 1.25,
    7: 1.35,
    8: 1.4,
    9: 1.45,
    10: 1.49,
    11: 1.52,
    12: 1.54,
    13: 1.56,
    14: 1.58,
    15: 1.59,
  },
  doneganDodd1991: {
    3: 0.4914,
    4: 0.8286,
    5: 1.0591,
    6: 1.1797,
    7: 1.2519,
    8: 1.3171,
    9: 1.3733,
    10: 1.4055,
    11: 1.4213,
    12: 1.4497,
    13: 1.4643,
    14: 1.4822,
    15: 1.4969,
    16: 1.5078,
    17: 1.5153,
    18: 1.5262,
    19: 1.5313,
    20: 1.5371,
  },
  simulation500k: {
    3: 0.5251686,
    4: 0.8836651,
    5: 1.1081014,
    6: 1.2492774,
    7: 1.3415514,
    8: 1.4048466,
    9: 1.4507197,
    10: 1.4857266,
    11: 1.5141022,
    12: 1.5356638,
    13: 1.5545925,
    14: 1.5703498,
    15: 1.5839958,
  },
};

/** A published table, or one's own or a simulated one with its name. */
export type RandomIndexSource = RandomIndexName | { readonly name: string; readonly values: RandomIndexTable };

/** What a consistency ratio was divided by. 0 for one or two items, whose judgements are always consistent. */
export interface RandomIndex {
  readonly name: string;
  readonly value: number;
}

/** RI(n). Beyond a table it stops: a consistency ratio of 0 there would let anything pass. */
export function randomIndex(n: number, source: RandomIndexSource): RandomIndex {
  const name = typeof source === 'string' ? source : source.name;
  const table =
    typeof source === 'object'
      ? source.values
      : Object.hasOwn(RANDOM_INDICES, source)
        ? RANDOM_INDICES[source]
        : fail('invalid-option', `unknown randomIndex "${name}": use one of ${Object.keys(RANDOM_INDICES).join(', ')}`);
  if (n <= 2) return { name, value: 0 };
  const value = table[n];
  if (value === undefined) {
    const other = Object.entries(RANDOM_INDICES).find(([, values]) => n in values)?.[0];
    return fail(
      'invalid-option',
      `randomIndex ${name} has no value for ${n} items: use ${other ? `${other}, ` : ''}simulateRandomIndex(${n}), your own { name, values: { ${n}: … } }, or split the items into groups`,
    );
  }
  if (!(value > 0 && value < Number.POSITIVE_INFINITY))
    fail('invalid-option', `invalid randomIndex ${name}: ${value} for ${n} items; use a number above 0`);
  return { name, value };
}
