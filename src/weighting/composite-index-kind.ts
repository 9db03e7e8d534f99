import { fail } from '../errors.ts';
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
import type { Kind } from '../model/contract.ts';
import { checkImplied } from '../value/implied-fields.ts';
import {
  type Aggregation,
  type CompositeIndexModel,
  compositeFields,
  groupsOf,
  isReciprocal,
  type StoredIndicator,
} from './composite-index-model.ts';
import { bindIndex, bindTerms } from './composite-kernel.ts';
import { partsOf } from './composite-terms.ts';
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
  bind: bindIndex,
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
