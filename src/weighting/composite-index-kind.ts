import { fail } from '../errors.ts';
import { blankNulls, setNull } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import {
  type Check,
  fields,
  finite,
  fitReport,
  flag,
  listOf,
  modelHead,
  nullable,
  oneOf,
  record,
  text,
  within,
} from '../model/checks.ts';
import type { Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { checkImplied } from '../value/implied-fields.ts';
import { bindScoreMap, type ScoreMap, scoreMapCheck, type Transform } from './score-map.ts';
import { REVERSIBLE, STANDARD_KINDS, type Standard } from './standardise.ts';

/** One weighted indicator with all that turns its column into X. */
export interface StoredIndicator {
  readonly column: string;
  /** Global weight; the weights of a model sum to 1. */
  readonly weight: number;
  /** Comes first; a `cost` is mirrored, 100 − score. */
  readonly map: ScoreMap | null;
  /** Comes second. Without a map a `cost` shows in the sign of the spread. */
  readonly standard: Standard | null;
  /** Less is better. */
  readonly cost: boolean;
  /** Output that holds the score of this indicator's branch. */
  readonly group: string | null;
}

/** What becomes of a row with null indicators: null, or the weighted mean over the indicators that are there. */
export type MissingIndicator = 'null' | 'renormalise';

/** A composite index, Y = Σ X_i R_i, with its mappings, standardisations and weights. */
export interface CompositeIndexModel<In extends string = string, O extends string = string>
  extends ModelBase<'compositeIndex', In, ScoreField<O>> {
  readonly indicators: readonly StoredIndicator[];
  readonly missing: MissingIndicator;
}

export interface ScoreField<O extends string = string> extends Field<O, 'number'> {
  readonly unit: 'score';
  readonly explained: 'score';
}

/** The index first, then one output per group. */
export function compositeFields<O extends string>(names: readonly O[]): readonly ScoreField<O>[] {
  return names.map((name) => ({ name, type: 'number', unit: 'score', explained: 'score' }));
}

/** The distinct groups, in order of appearance. */
export function groupsOf(indicators: readonly { readonly group: string | null }[]): readonly string[] {
  return [...new Set(indicators.flatMap(({ group }) => (group === null ? [] : [group])))];
}

const standard: Check<Standard> = record({
  kind: oneOf(...STANDARD_KINDS),
  centre: finite,
  spread: finite,
});
const stored = record({
  ...modelHead('compositeIndex', 1),
  inputs: fields,
  outputs: fields,
  indicators: listOf(
    record({
      column: text,
      weight: within(0, 1 + 1e-9),
      map: nullable(scoreMapCheck),
      standard: nullable(standard),
      cost: flag,
      group: nullable(text),
    }),
  ),
  missing: oneOf('null', 'renormalise'),
  fit: fitReport,
});

/** How composite indices are read and scored; every output is explained by one term per indicator. */
export const compositeIndexKind: Kind<CompositeIndexModel> = {
  kind: 'compositeIndex',
  version: 1,
  parse(json, path) {
    const model = stored(json, path) as CompositeIndexModel;
    const { inputs, outputs, indicators } = model;
    checkImplied(
      inputs,
      indicators.map(({ column }) => ({ name: column, type: 'number' })),
      `${path}.inputs`,
    );
    checkImplied(outputs, compositeFields([outputs[0]?.name ?? '', ...groupsOf(indicators)]), `${path}.outputs`);
    const total = indicators.reduce((sum, { weight }) => sum + weight, 0);
    if (!(Math.abs(total - 1) <= 2e-9)) fail('invalid-model', `${path}.indicators: the weights sum to ${total}, not 1`);
    indicators.forEach(({ map, standard, cost }, i) => {
      const at = `${path}.indicators[${i}]`;
      const turned = cost && map === null;
      if (turned && !(standard && REVERSIBLE.includes(standard.kind)))
        fail('invalid-model', `${at}: a cost needs a map or one of ${REVERSIBLE.join(', ')}`);
      if (standard && (turned ? standard.spread > 0 : standard.spread < 0))
        fail('invalid-model', `${at}.standard.spread: ${standard.spread} has the wrong sign`);
    });
    return model;
  },
  bind(model) {
    const prepare = bindIndicators(model);
    const parts = model.outputs.map((_, o) => partsOf(model, o));
    return (rows, inputs, outputs) => {
      const scores = prepare(rows, inputs);
      outputs.forEach((out, o) => {
        const share = carry(rows, inputs, parts[o]!, model.missing, out);
        out.values.fill(0, 0, rows);
        for (const part of parts[o]!) add(rows, scores[part.at]!, inputs[part.at]!, part.weight, share, out.values);
        finish(rows, out);
      });
    };
  },
  explain(model, output) {
    const prepare = bindIndicators(model);
    const parts = partsOf(
      model,
      model.outputs.findIndex(({ name }) => name === output),
    );
    let total = new Float64Array(0);
    return {
      scale: 'score',
      base: 0,
      terms: parts.map(({ at }) => ({ name: model.indicators[at]!.column, columns: [model.indicators[at]!.column] })),
      kernel(rows, inputs, outputs) {
        const scores = prepare(rows, inputs);
        const [whole] = outputs;
        const share = carry(rows, inputs, parts, model.missing, whole!);
        if (total.length < rows) total = new Float64Array(rows);
        total.fill(0, 0, rows);
        parts.forEach((part, t) => {
          const { values } = outputs[t]!;
          values.fill(0, 0, rows);
          add(rows, scores[part.at]!, inputs[part.at]!, part.weight, share, values);
          for (let i = 0; i < rows; i++) total[i]! += values[i]!;
        });
        refuseInfinite(rows, total, whole!);
        for (const out of outputs) {
          out.why.set(whole!.why.subarray(0, rows));
          out.clean = whole!.clean;
          blankNulls(rows, out);
        }
      },
    };
  },
};

/** An indicator's place and its weight within one output. */
interface Part {
  readonly at: number;
  readonly weight: number;
}

/** Output 0 is the index with the global weights; a group's output is the mean of its indicators by their weights. */
function partsOf({ indicators, outputs }: CompositeIndexModel, output: number): readonly Part[] {
  const group = output === 0 ? null : outputs[output]!.name;
  const parts = indicators
    .map(({ weight }, at) => ({ at, weight }))
    .filter(({ at }) => group === null || indicators[at]!.group === group);
  if (group === null) return parts;
  const total = parts.reduce((sum, { weight }) => sum + weight, 0);
  return parts.map(({ at, weight }) => ({ at, weight: total > 0 ? weight / total : 1 / parts.length }));
}

/** Computes X of every indicator into buffers that are used again for the next block. */
function bindIndicators({
  indicators,
}: CompositeIndexModel): (rows: number, inputs: readonly Lane[]) => Float64Array[] {
  const steps = indicators.map(bindIndicator);
  let scores = indicators.map(() => new Float64Array(0));
  return (rows, inputs) => {
    if (scores.some((one) => one.length < rows)) scores = indicators.map(() => new Float64Array(rows));
    steps.forEach((transform, at) => {
      transform(rows, inputs[at]!.values, scores[at]!);
    });
    return scores;
  };
}

function bindIndicator({ map, standard, cost }: StoredIndicator): Transform {
  const mapped = map ? bindScoreMap(map) : null;
  const centre = standard?.centre ?? 0;
  const spread = standard?.spread ?? 1;
  return (rows, from, to) => {
    if (mapped) {
      mapped(rows, from, to);
      if (cost) for (let i = 0; i < rows; i++) to[i] = 100 - to[i]!;
    }
    const source = mapped ? to : from;
    if (standard === null) {
      if (!mapped) to.set(from.subarray(0, rows));
    } else if (spread === 0) to.fill(0, 0, rows);
    else for (let i = 0; i < rows; i++) to[i] = (source[i]! - centre) / spread;
  };
}

/**
 * Gives `out` its causes of null. With renormalisation a row is null only when no indicator with weight is there; the factors
 * that make up for the absent ones are returned, or `null` when none is absent.
 */
function carry(
  rows: number,
  inputs: readonly Lane[],
  parts: readonly Part[],
  missing: MissingIndicator,
  out: Lane,
): Float64Array | null {
  out.why.fill(WHY.valid);
  out.clean = true;
  const dirty = parts.filter(({ at }) => !inputs[at]!.clean);
  if (dirty.length === 0) return null;
  for (const { at } of dirty) {
    const { why } = inputs[at]!;
    for (let i = 0; i < rows; i++) if (why[i] !== WHY.valid && out.why[i] === WHY.valid) setNull(out, i, why[i]!);
  }
  if (missing === 'null') return null;
  const share = new Float64Array(rows).fill(1);
  for (let i = 0; i < rows; i++) {
    if (out.why[i] === WHY.valid) continue;
    let present = 0;
    for (const { at, weight } of parts) if (inputs[at]!.why[i] === WHY.valid) present += weight;
    if (present > 0) {
      share[i] = 1 / present;
      out.why[i] = WHY.valid;
    }
  }
  return share;
}

function add(
  rows: number,
  scores: Float64Array,
  input: Lane,
  weight: number,
  share: Float64Array | null,
  to: Float64Array,
): void {
  if (share === null) for (let i = 0; i < rows; i++) to[i]! += weight * scores[i]!;
  else for (let i = 0; i < rows; i++) if (input.why[i] === WHY.valid) to[i]! += weight * share[i]! * scores[i]!;
}

function finish(rows: number, out: Lane): void {
  refuseInfinite(rows, out.values, out);
  blankNulls(rows, out);
}

/** A score beyond the largest number is null. */
function refuseInfinite(rows: number, values: Float64Array, out: Lane): void {
  for (let i = 0; i < rows; i++)
    if (!Number.isFinite(values[i]!) && out.why[i] === WHY.valid) setNull(out, i, WHY.outOfRange);
}
