import { fail } from '../../errors.ts';
import { ascendingRows } from '../../numerics/rank.ts';

/** A campaign's customers with what became of them, and the uplift they are ranked by; one cell per row. */
export interface UpliftRows {
  /** 1 kept, 0 lost, NaN not known: what the treatment is to bring about. */
  readonly kept: ArrayLike<number>;
  /** 1 treated, 0 held out, NaN not known. */
  readonly treated: ArrayLike<number>;
  /** Predicted uplift, or any score to rank by, the best first; NaN where null. */
  readonly uplift: ArrayLike<number>;
}

/** Rows that are known in full, by descending uplift; rows of equal uplift share a step. */
export interface RankedArms {
  /** Step of every row that takes part, 0 the highest uplift. */
  readonly step: Float64Array;
  readonly kept: Float64Array;
  readonly treated: Float64Array;
  /** Uplift of each step. */
  readonly levels: Float64Array;
  readonly leftOut: number;
}

/** Counts per step: customers treated and held out, and those kept among them. */
export interface StepCounts {
  readonly treated: Float64Array;
  readonly control: Float64Array;
  readonly keptTreated: Float64Array;
  readonly keptControl: Float64Array;
}

/** Checks and ranks the rows. */
export function rankArms({ kept, treated, uplift }: UpliftRows): RankedArms {
  const rows = kept.length;
  for (const [name, column] of Object.entries({ treated, uplift }))
    if (column.length !== rows) fail('wrong-length', `kept has ${rows} rows, ${name} has ${column.length}`);
  const score = new Float64Array(rows).fill(Number.NaN);
  for (let i = 0; i < rows; i++) {
    for (const [name, cell] of [
      ['kept', kept[i]!],
      ['treated', treated[i]!],
    ] as const)
      if (cell !== 0 && cell !== 1 && cell === cell)
        fail('invalid-value', `${name}, row ${i}: expected 1, 0 or NaN, got ${cell}`);
    if (kept[i] === kept[i] && treated[i] === treated[i] && Number.isFinite(uplift[i]!)) score[i] = uplift[i]!;
  }
  const order = ascendingRows(score).reverse();
  const levels: number[] = [];
  const step = Float64Array.from(order, (row) => {
    if (levels.length === 0 || score[row] !== levels.at(-1)) levels.push(score[row]!);
    return levels.length - 1;
  });
  const ranked = {
    step,
    kept: Float64Array.from(order, (row) => kept[row]!),
    treated: Float64Array.from(order, (row) => treated[row]!),
    levels: Float64Array.from(levels),
    leftOut: rows - order.length,
  };
  for (const [arm, what] of [
    [1, 'treated'],
    [0, 'held-out'],
  ] as const)
    if (!ranked.treated.includes(arm))
      fail('one-class', `no ${what} row has an outcome and an uplift: without both arms there is nothing to compare`);
  return ranked;
}

/** The four counts of every step. */
export function countSteps(steps: number, step: Float64Array, kept: Float64Array, treated: Float64Array): StepCounts {
  const [t, c, keptTreated, keptControl] = Array.from({ length: 4 }, () => new Float64Array(steps)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let i = 0; i < step.length; i++) {
    const s = step[i]!;
    const arm = treated[i]! === 1;
    const [all, won] = arm ? [t, keptTreated] : [c, keptControl];
    all[s] = all[s]! + 1;
    won[s] = won[s]! + kept[i]!;
  }
  return { treated: t, control: c, keptTreated, keptControl };
}
