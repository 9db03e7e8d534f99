import { allFinite } from '../columns/all-finite.ts';
import { heldCells, whyAt } from '../columns/input-lane.ts';
import { fail } from '../errors.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { type Check, finite, listOf, nullable, record, text } from '../model/checks.ts';
import type { Affine, Explanation, Term } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { sigmoidInPlace } from '../numerics/sigmoid.ts';
import { addressNear } from './cells-near.ts';
import { bindContribution } from './linear-contribution.ts';
import { setNull } from './nulls.ts';
import { type Scratch, scratchAt } from './wasm/registry.ts';

/** `weight · x`. A null gives null, unless `missing` says which value and which extra weight stand for it. */
export interface NumberTerm {
  readonly column: string;
  readonly weight: number;
  readonly missing: { readonly value: number; readonly weight: number } | null;
  /** Mean contribution over the rows of the fit; explanations are relative to it. */
  readonly centre: number;
}
/** `weights[code]`. `missing` and `unseen` are the contributions of a null and of an unlisted level; null gives null. */
export interface CategoryTerm {
  readonly column: string;
  readonly weights: readonly number[];
  readonly missing: number | null;
  readonly unseen: number | null;
  readonly centre: number;
}
export type LinearTerm = NumberTerm | CategoryTerm;

/** A linear predictor on raw columns, as models store it; every encoding and scaling is folded into the weights. */
export interface LinearPart {
  readonly intercept: number;
  readonly terms: readonly LinearTerm[];
  /** Columns that are told as one in explanations, because their weights cannot be told apart. */
  readonly groups: readonly (readonly string[])[];
}

const isCategory = (term: LinearTerm): term is CategoryTerm => 'weights' in term;

const numberTerm: Check<NumberTerm> = record({
  column: text,
  weight: finite,
  missing: nullable(record({ value: finite, weight: finite })),
  centre: finite,
});
const categoryTerm: Check<CategoryTerm> = record({
  column: text,
  weights: listOf(finite),
  missing: nullable(finite),
  unseen: nullable(finite),
  centre: finite,
});
/** The keys of a stored linear part, for use in `record`. */
export const linearPart: {
  readonly intercept: Check<number>;
  readonly terms: Check<readonly LinearTerm[]>;
  readonly groups: Check<readonly (readonly string[])[]>;
} = {
  intercept: finite,
  terms: listOf<LinearTerm>((json, path) =>
    typeof json === 'object' && json !== null && 'weights' in json ? categoryTerm(json, path) : numberTerm(json, path),
  ),
  groups: listOf(listOf(text)),
};

/** Stops unless every term stands for one of the inputs, with as many weights as levels, and groups are disjoint. */
export function checkLinearPart(part: LinearPart, inputs: readonly Field[], path: string): void {
  const byName = new Map(inputs.map((field) => [field.name, field]));
  const own = new Set<string>();
  part.terms.forEach((term, i) => {
    const at = `${path}.terms[${i}]`;
    const field = byName.get(term.column) ?? fail('invalid-model', `${at}.column: no input "${term.column}"`);
    if (own.has(term.column)) fail('invalid-model', `${at}.column: "${term.column}" is repeated`);
    own.add(term.column);
    if (isCategory(term) !== (field.type === 'category'))
      fail('invalid-model', `${at}: input "${field.name}" is a ${field.type}`);
    if (isCategory(term) && term.weights.length !== field.levels!.length)
      fail(
        'invalid-model',
        `${at}.weights: expected ${field.levels!.length}, one per level, got ${term.weights.length}`,
      );
  });
  for (const column of part.groups.flat())
    if (!own.delete(column)) fail('invalid-model', `${path}.groups: "${column}" is no term, or in two groups`);
}

/**
 * Writes the linear predictor of every row to `out.values`, with the link `logit` its probability; sets `out.why`; cells that
 * are null hold no meaning yet. True when all linear predictors are finite, which none is that is null.
 */
export type LinearKernel = (rows: number, inputs: readonly Lane[], out: Lane) => boolean;

/** Columns that a kernel adds up at once; what does not lie in its memory is copied there so many blocks at a time. */
const TOGETHER = 20;

/**
 * Per row: `out = intercept + Σ weight·x + Σ weights[code]`, numbers first, then categories, each in the order of
 * terms. Numbers are added five columns per pass: the block of `out` stays in the first cache, and each pass reads
 * its columns once. Nulls count as NaN, so that only the rows whose sum is not finite need a look for the cause.
 */
export function bindLinear(
  part: LinearPart,
  inputs: readonly Field[],
  link: 'identity' | 'logit' = 'identity',
): LinearKernel {
  const at = new Map(inputs.map((field, i) => [field.name, i]));
  const order = part.terms.map((term) => ({ term, at: at.get(term.column)! }));
  const numbers = order.flatMap(({ term, at }) => (isCategory(term) ? [] : [{ ...term, at }]));
  const categories = order.flatMap(({ term, at }) =>
    isCategory(term) ? [{ ...term, at, table: Float64Array.from(term.weights) }] : [],
  );
  const patched: Float64Array[] = numbers.map(() => new Float64Array(0));
  const columns: Float64Array[] = [];
  const weights = new Uint8Array(Float64Array.from(numbers, ({ weight }) => weight).buffer);

  /** Address of a number's cells in the memory of `buffer`, where they are copied if they lie elsewhere; −1: no room. */
  function place(
    rows: number,
    { missing, at }: (typeof numbers)[number],
    lanes: readonly Lane[],
    scratch: Scratch,
    buffer: ArrayBufferLike,
  ): number {
    const lane = lanes[at]!;
    if (missing === null || lane.clean) return addressNear(scratch, rows, lane, buffer);
    const copy = scratch.numbers();
    if (copy.buffer !== buffer) return -1;
    patch(rows, lane, missing.value, copy);
    return copy.byteOffset;
  }

  /** All numbers by WASM, where `z` lies in its memory: 1 when the sums are finite, 0 when one is not, −1 when it is not done. */
  function addInWasm(rows: number, lanes: readonly Lane[], z: Float64Array, logit: boolean): number {
    const scratch = scratchAt(z.buffer);
    const weightsAt = scratch === undefined || numbers.length === 0 || rows === 0 ? -1 : scratch.program(weights);
    if (scratch === undefined || weightsAt < 0) return -1;
    let finite = 1;
    for (let k = 0; k < numbers.length && finite >= 0; k += TOGETHER) {
      const mark = scratch.mark();
      const count = Math.min(TOGETHER, numbers.length - k);
      const columnsAt = scratch.bytes(4 * count);
      let placed = columnsAt >= 0;
      for (let c = 0; c < count && placed; c++) {
        const address = place(rows, numbers[k + c]!, lanes, scratch, z.buffer);
        scratch.words[(columnsAt >> 2) + c] = address;
        placed = address >= 0;
      }
      const last = logit && k + count === numbers.length;
      finite = placed
        ? scratch.kernels.linear(
            z.byteOffset,
            rows,
            part.intercept,
            columnsAt,
            weightsAt + 8 * k,
            count,
            Number(k === 0),
            Number(last),
          )
        : -1;
      scratch.release(mark);
    }
    return finite;
  }

  function addForeign(rows: number, lanes: readonly Lane[], z: Float64Array): void {
    for (let k = 0; k < numbers.length; k++) {
      const { missing, at } = numbers[k]!;
      const lane = lanes[at]!;
      if (missing === null) columns[k] = heldCells(lane) ?? lane.values;
      else if (lane.clean) columns[k] = lane.values;
      else {
        if (patched[k]!.length < rows) patched[k] = new Float64Array(rows);
        columns[k] = patch(rows, lane, missing.value, patched[k]!);
      }
    }
    z.fill(part.intercept, 0, rows);
    let k = 0;
    for (; k + 5 <= numbers.length; k += 5) addFive(rows, z, columns, numbers, k);
    for (; k < numbers.length; k++) addOne(rows, z, columns[k]!, numbers[k]!.weight);
  }

  /** Whether the numbers alone make the linear predictor. */
  function numbersOnly(lanes: readonly Lane[]): boolean {
    if (categories.length > 0) return false;
    for (let k = 0; k < numbers.length; k++)
      if (numbers[k]!.missing !== null && !lanes[numbers[k]!.at]!.clean) return false;
    return true;
  }

  function score(rows: number, lanes: readonly Lane[], out: Lane): boolean {
    const z = out.values;
    const added = addInWasm(rows, lanes, z, false);
    let finite = added === 1;
    if (added < 0) addForeign(rows, lanes, z);
    for (const { missing, at } of numbers) {
      if (missing === null || lanes[at]!.clean) continue;
      const { why } = lanes[at]!;
      for (let i = 0; i < rows; i++) if (why[i] !== WHY.valid) z[i] = z[i]! + missing.weight;
      finite = false;
    }
    for (const { missing, unseen, at, table } of categories) {
      addLevels(rows, z, lanes[at]!, table, missing ?? Number.NaN, unseen ?? Number.NaN);
      finite = false;
    }
    finite ||= allFinite(z, 0, rows);
    if (!finite) findCauses(rows, order, lanes, out);
    return finite;
  }

  return (rows, lanes, out) => {
    if (!out.clean) out.why.fill(WHY.valid);
    out.clean = true;
    if (link === 'identity') return score(rows, lanes, out);
    if (numbersOnly(lanes) && addInWasm(rows, lanes, out.values, true) === 1) return true;
    const finite = score(rows, lanes, out);
    sigmoidInPlace(rows, out.values);
    return finite;
  };
}

/** The first null that the model has no rule for, in each row whose sum is not finite (it may also have overflown). */
function findCauses(
  rows: number,
  order: readonly { readonly term: LinearTerm; readonly at: number }[],
  lanes: readonly Lane[],
  out: Lane,
): void {
  for (let i = 0; i < rows; i++) {
    if (Number.isFinite(out.values[i]!)) continue;
    for (const { term, at } of order) {
      const why = whyAt(lanes[at]!, i);
      if (why === WHY.valid) continue;
      const rule = why === WHY.unseenLevel && isCategory(term) ? term.unseen : term.missing;
      if (rule !== null) continue;
      setNull(out, i, why);
      break;
    }
  }
}

function patch(rows: number, lane: Lane, value: number, copy: Float64Array): Float64Array {
  for (let i = 0; i < rows; i++) copy[i] = lane.why[i] === WHY.valid ? lane.values[i]! : value;
  return copy;
}

function addFive(
  rows: number,
  z: Float64Array,
  columns: readonly Float64Array[],
  terms: readonly NumberTerm[],
  k: number,
): void {
  const a = columns[k]!;
  const b = columns[k + 1]!;
  const c = columns[k + 2]!;
  const d = columns[k + 3]!;
  const e = columns[k + 4]!;
  const wa = terms[k]!.weight;
  const wb = terms[k + 1]!.weight;
  const wc = terms[k + 2]!.weight;
  const wd = terms[k + 3]!.weight;
  const we = terms[k + 4]!.weight;
  for (let i = 0; i < rows; i++) z[i] = z[i]! + wa * a[i]! + wb * b[i]! + wc * c[i]! + wd * d[i]! + we * e[i]!;
}

function addOne(rows: number, z: Float64Array, a: Float64Array, weight: number): void {
  for (let i = 0; i < rows; i++) z[i] = z[i]! + weight * a[i]!;
}

function addLevels(
  rows: number,
  z: Float64Array,
  lane: Lane,
  table: Float64Array,
  missing: number,
  unseen: number,
): void {
  const { codes, why } = lane;
  if (lane.clean) for (let i = 0; i < rows; i++) z[i] = z[i]! + table[codes[i]!]!;
  else
    for (let i = 0; i < rows; i++)
      z[i] = z[i]! + (why[i] === WHY.valid ? table[codes[i]!]! : why[i] === WHY.unseenLevel ? unseen : missing);
}

/**
 * Contributions `w·x − centre` per term, collinear columns told as one; `base = intercept + Σ centre`, so that base and
 * contributions add up to the linear predictor.
 */
export function explainLinear(part: LinearPart, inputs: readonly Field[], scale: string): Explanation {
  const groupOf = new Map(part.groups.flatMap((group) => group.map((column) => [column, group] as const)));
  const groups = [...new Set(part.terms.map((term) => groupOf.get(term.column) ?? term.column))].map((group) =>
    typeof group === 'string' ? [group] : group,
  );
  const terms: Term[] = groups.map((columns) => ({ name: columns.join(' + '), columns }));
  const kernels = groups.map((columns) => {
    const own = part.terms.filter((term) => columns.includes(term.column));
    const centre = own.reduce((total, term) => total + term.centre, 0);
    const general = bindLinear({ intercept: -centre + 0, terms: own, groups: [] }, inputs);
    const [only] = own;
    if (own.length !== 1 || isCategory(only!) || only!.missing !== null) return general;
    const at = inputs.findIndex(({ name }) => name === only!.column);
    return bindContribution(at, only!.weight, -centre + 0, general);
  });
  const affine = groups.flatMap(([column, ...others]): readonly Affine[] => {
    const own = part.terms.find((term) => term.column === column)!;
    const at = inputs.findIndex(({ name }) => name === column);
    return others.length > 0 || isCategory(own) || own.missing !== null
      ? []
      : [{ at, weight: own.weight, less: -own.centre + 0 }];
  });
  return {
    scale,
    base: part.terms.reduce((total, term) => total + term.centre, part.intercept),
    terms,
    ...(affine.length === terms.length ? { affine } : {}),
    kernel: (rows, lanes, outputs) => {
      for (let k = 0; k < kernels.length; k++) kernels[k]!(rows, lanes, outputs[k]!);
      spreadNulls(rows, outputs);
    },
  };
}

/** A row that cannot be scored has no contributions at all. */
function spreadNulls(rows: number, outputs: readonly Lane[]): void {
  if (outputs.every((lane) => lane.clean)) return;
  for (let i = 0; i < rows; i++) {
    const why = outputs.find((lane) => lane.why[i] !== WHY.valid)?.why[i] ?? WHY.valid;
    if (why === WHY.valid) continue;
    for (const lane of outputs) {
      lane.why[i] = why;
      lane.values[i] = Number.NaN;
      lane.clean = false;
    }
  }
}
