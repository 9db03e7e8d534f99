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
import type { Kernel, Kind } from '../model/contract.ts';
import { exp } from '../numerics/elementary.ts';
import { checkImplied } from '../value/implied-fields.ts';
import {
  type Aggregation,
  type CompositeIndexModel,
  compositeFields,
  groupsOf,
  isReciprocal,
  type StoredIndicator,
} from './composite-index-model.ts';
import { bindMaps, carry, type Part, partsOf } from './composite-terms.ts';
import { scoreMapCheck } from './score-map.ts';
import { REVERSIBLE, STANDARD_KINDS, type Standard } from './standardise.ts';

export type { CompositeIndexModel } from './composite-index-model.ts';

/** Why this indicator cannot be part of such an aggregation, or `null`. */
export function misfit(
  { map, cost }: Pick<StoredIndicator, 'map' | 'cost'>,
  standard: Standard['kind'] | undefined,
  aggregate: Aggregation,
): string | null {
  if (aggregate === 'product' && standard !== undefined && standard !== 'max' && REVERSIBLE.includes(standard))
    if (standard !== 'min-max')
      return `a product needs X above 0, ${standard} goes below: use max, sum, vector or a map`;
  if (aggregate !== 'topsis' && cost && !map && !(standard && REVERSIBLE.includes(standard)))
    return `a cost needs a map, or standardise by one of ${REVERSIBLE.join(', ')}`;
  return null;
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
  aggregate: oneOf('sum', 'product', 'topsis'),
  reference: nullable(record({ ideal: listOf(finite), antiIdeal: listOf(finite) })),
  missing: oneOf('null', 'renormalise'),
  fit: fitReport,
});

/** How composite indices are read and scored; sums and products are explained by one term per indicator. */
export const compositeIndexKind: Kind<CompositeIndexModel> = {
  kind: 'compositeIndex',
  version: 1,
  parse(json, path) {
    const model = stored(json, path) as CompositeIndexModel;
    const { inputs, outputs, indicators, aggregate, reference } = model;
    checkImplied(
      inputs,
      indicators.map(({ column }) => ({ name: column, type: 'number' })),
      `${path}.inputs`,
    );
    checkImplied(
      outputs,
      compositeFields([outputs[0]?.name ?? '', ...groupsOf(indicators)], aggregate),
      `${path}.outputs`,
    );
    const total = indicators.reduce((sum, { weight }) => sum + weight, 0);
    if (!(Math.abs(total - 1) <= 2e-9)) fail('invalid-model', `${path}.indicators: the weights sum to ${total}, not 1`);
    indicators.forEach((indicator, i) => {
      const { map, standard, cost } = indicator;
      const at = `${path}.indicators[${i}]`;
      const reason = misfit(indicator, standard?.kind, aggregate);
      if (reason !== null) fail('invalid-model', `${at}: ${reason}`);
      const turned = cost && map === null && !isReciprocal(indicator);
      if (standard && (turned ? standard.spread > 0 : standard.spread < 0))
        fail('invalid-model', `${at}.standard.spread: ${standard.spread} has the wrong sign`);
    });
    if ((aggregate === 'topsis') !== (reference !== null))
      fail('invalid-model', `${path}.reference: topsis has an ideal and an anti-ideal, the others have none`);
    for (const [name, list] of Object.entries(reference ?? {}))
      if (list.length !== indicators.length)
        fail('invalid-model', `${path}.reference.${name}: expected ${indicators.length} numbers, got ${list.length}`);
    return model;
  },
  bind(model) {
    const mapped = bindMaps(model);
    const parts = model.outputs.map((_, o) => partsOf(model, o));
    const partAt = parts.map((list) => model.indicators.map((_, at) => list.find((part) => part.at === at) ?? null));
    const finish = FINISH[model.aggregate];
    let room = 0;
    let piece = new Float64Array(0);
    let besidePiece = piece;
    let beside = model.outputs.map(() => piece);
    return (rows, inputs, outputs) => {
      if (room < rows) {
        room = rows;
        piece = new Float64Array(rows);
        besidePiece = new Float64Array(rows);
        beside = beside.map(() => new Float64Array(model.aggregate === 'topsis' ? rows : 0));
      }
      const shares = outputs.map((out, o) => {
        out.values.fill(0, 0, rows);
        beside[o]!.fill(0);
        return carry(rows, inputs, parts[o]!, model.missing, out);
      });
      for (let at = 0; at < inputs.length; at++) {
        const x = mapped(rows, at, inputs[at]!);
        for (let o = 0; o < outputs.length; o++) {
          const part = partAt[o]![at];
          if (!part) continue;
          const share = shares[o]!;
          if (share === null) {
            part.add(rows, x, outputs[o]!.values, beside[o]!);
            continue;
          }
          piece.fill(0, 0, rows);
          besidePiece.fill(0, 0, rows);
          part.add(rows, x, piece, besidePiece);
          addShares(rows, piece, share, inputs[at]!, outputs[o]!.values);
          if (model.aggregate === 'topsis') addShares(rows, besidePiece, share, inputs[at]!, beside[o]!);
        }
      }
      outputs.forEach((out, o) => {
        finish(rows, out.values, beside[o]!);
        refuseInfinite(rows, out.values, out);
        blankNulls(rows, out);
      });
    };
  },
  explain(model, output) {
    const parts = partsOf(
      model,
      model.outputs.findIndex(({ name }) => name === output),
    );
    const scale = model.aggregate === 'product' ? 'log-score' : 'score';
    const terms = parts.map(({ at }) => {
      const { column } = model.indicators[at]!;
      return { name: column, columns: [column] };
    });
    return { scale, base: 0, terms, kernel: bindTerms(model, parts) };
  },
};

function bindTerms(model: CompositeIndexModel, parts: readonly Part[]): Kernel {
  const mapped = bindMaps(model);
  let piece = new Float64Array(0);
  let total = piece;
  return (rows, inputs, outputs) => {
    const [whole] = outputs;
    const share = carry(rows, inputs, parts, model.missing, whole!);
    if (piece.length < rows) {
      piece = new Float64Array(rows);
      total = new Float64Array(rows);
    }
    total.fill(0, 0, rows);
    parts.forEach((part, t) => {
      const { values } = outputs[t]!;
      const input = inputs[part.at]!;
      values.fill(0, 0, rows);
      const to = share === null ? values : piece.fill(0, 0, rows);
      part.add(rows, mapped(rows, part.at, input), to, to);
      if (share !== null) addShares(rows, piece, share, input, values);
      for (let i = 0; i < rows; i++) total[i]! += values[i]!;
    });
    refuseInfinite(rows, total, whole!);
    for (const out of outputs) {
      out.why.set(whole!.why.subarray(0, rows));
      out.clean = whole!.clean;
      blankNulls(rows, out);
    }
  };
}

/** What makes the sums of parts a score. A row at no distance from both ideals is not finite, hence null. */
const FINISH: { readonly [A in Aggregation]: (rows: number, to: Float64Array, from: Float64Array) => void } = {
  sum: () => {},
  product: (rows, to) => {
    for (let i = 0; i < rows; i++) to[i] = exp(to[i]!);
  },
  topsis: (rows, to, from) => {
    for (let i = 0; i < rows; i++) {
      const near = Math.sqrt(to[i]!);
      to[i] = near / (near + Math.sqrt(from[i]!));
    }
  },
};

function addShares(rows: number, piece: Float64Array, share: Float64Array, input: Lane, to: Float64Array): void {
  for (let i = 0; i < rows; i++) if (input.why[i] === WHY.valid) to[i]! += share[i]! * piece[i]!;
}

/** A score beyond the largest number is null, and so is one that a value leaves without meaning. */
function refuseInfinite(rows: number, values: Float64Array, out: Lane): void {
  for (let i = 0; i < rows; i++)
    if (!Number.isFinite(values[i]!) && out.why[i] === WHY.valid) setNull(out, i, WHY.outOfRange);
}
