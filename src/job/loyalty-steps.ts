import { loyalty, loyaltyLadder, nextProduct, type Product, pointsRules, shareOfWallet } from '../loyalty/index.ts';
import { ladderCondition } from '../loyalty/ladder-condition.ts';
import { pointsRule } from '../loyalty/points-rules-kind.ts';
import { dictionaryOf, finite, listOf, nullable, oneOf, optional, record, span, text } from '../model/checks.ts';
import { names } from '../segments/segment-checks.ts';
import { strategyChanges } from '../segments/segment-options.ts';
import { condition } from './condition.ts';
import { rule, type StepRule, shaped } from './step-rule.ts';
import { name } from './step-shapes.ts';

const conditions = optional(listOf(ladderCondition));

/** Who stays, how far they have come, what they buy here and next. */
export const loyaltySteps: {
  readonly [S in 'loyalty' | 'loyaltyLadder' | 'shareOfWallet' | 'pointsRules' | 'nextProduct']: StepRule;
} = {
  loyalty: rule(loyalty, { probability: name, horizon: optional(nullable(span)), as: name }),
  loyaltyLadder: rule(loyaltyLadder, {
    orders: name,
    qualified: conditions,
    disqualified: conditions,
    client: conditions,
    advocate: conditions,
    unknown: optional(oneOf('null', 'no')),
    strategies: optional(strategyChanges),
    names: optional(dictionaryOf(names)),
    as: name,
  }),
  shareOfWallet: rule(shareOfWallet, {
    own: name,
    category: name,
    estimated: optional(condition),
    as: optional(record({ share: name, headroom: name, flag: name })),
  }),
  pointsRules: rule(pointsRules, { rules: listOf(pointsRule), as: name }),
  nextProduct: rule(nextProduct, {
    products: listOf(shaped<Product>({ name: text, owned: condition, eligible: optional(condition) })),
    shrinkage: optional(finite),
    as: name,
    next: name,
  }),
};
