import { isLeaf } from '../../kernels/tree.ts';
import type { DecisionTreeModel } from './tree-kind.ts';

/** What a column must be on the way to a leaf; all bounds that are given hold at once. */
export interface RuleCondition {
  readonly column: string;
  /** x > above; the largest float64 where only nulls pass. */
  readonly above?: number;
  /** x <= atMost. */
  readonly atMost?: number;
  /** One of these levels. */
  readonly levels?: readonly string[];
  /** Whether a null passes every one of these splits as well. Where the tree has surrogates, they decide before. */
  readonly orMissing: boolean;
}

/** A leaf as a rule: what leads to it, and what it says. */
export interface TreeRule {
  readonly conditions: readonly RuleCondition[];
  /** Weight of the rows of the fit in the leaf: their number, unless the fit had weights. */
  readonly weight: number;
  readonly probability: number;
  /** `tenure <= 5.5 and Contract in {Month-to-month}: 0.43 (606)`. */
  readonly text: string;
}

/**
 * The leaves of a decision tree as rules, the most probable churn first. Splits on one column along a path are told as one
 * condition, in the order in which columns first occur. That a null passes is told in the text where the fit had nulls.
 *
 * @example
 * treeRules(decisionTree({ label, features: ['tenure'], minLeaf: 1, smoothing: 0 }).fit(
 *   { left: ['yes', 'yes', 'no', 'no'], tenure: [1, 2, 10, 20] },
 * ))[0].text // 'tenure <= 6: 1 (2)'
 */
export function treeRules(model: DecisionTreeModel): readonly TreeRule[] {
  const { tree, inputs, rules } = model;
  const out: TreeRule[] = [];
  const visit = (child: number, path: readonly Step[]): void => {
    if (!isLeaf(child)) {
      visit(tree.left[child]!, [...path, { split: child, left: true }]);
      visit(tree.right[child]!, [...path, { split: child, left: false }]);
      return;
    }
    const conditions = merge(model, path);
    const probability = tree.value[~child]!;
    const weight = tree.weight[~child]!;
    const told = conditions.map((condition) => {
      const had = rules[inputs.findIndex(({ name }) => name === condition.column)]!.nulls > 0;
      return conditionText(condition, had);
    });
    const text = `${told.join(' and ') || 'all'}: ${short(probability)} (${short(weight)})`;
    out.push({ conditions, weight, probability, text });
  };
  visit(tree.feature.length > 0 ? 0 : ~0, []);
  return out.sort((a, b) => b.probability - a.probability);
}

interface Step {
  readonly split: number;
  readonly left: boolean;
}

function merge({ tree, inputs, rules }: DecisionTreeModel, path: readonly Step[]): readonly RuleCondition[] {
  const byColumn = new Map<string, RuleCondition>();
  for (const { split, left } of path) {
    const { name, levels } = inputs[tree.feature[split]!]!;
    const nulls = rules[tree.feature[split]!]!.missing !== 'null';
    const threshold = tree.threshold[split]!;
    const before = byColumn.get(name);
    const orMissing = (before?.orMissing ?? nulls) && (tree.nullLeft[split] === 1) === left;
    const bounds = { ...before, column: name, orMissing };
    if (levels === undefined) {
      // Later splits of a path are the tighter ones.
      const bounded = left ? (threshold < Number.MAX_VALUE ? { atMost: threshold } : {}) : { above: threshold };
      byColumn.set(name, { ...bounds, ...bounded });
    } else {
      const own = new Set(tree.subsets[threshold]!);
      const allowed = before?.levels ?? levels;
      byColumn.set(name, { ...bounds, levels: allowed.filter((level) => own.has(levels.indexOf(level)) === left) });
    }
  }
  return [...byColumn.values()];
}

function conditionText({ column, above, atMost, levels, orMissing }: RuleCondition, tellMissing: boolean): string {
  const parts: string[] = [];
  if (levels !== undefined) parts.push(`${column} in {${levels.join(', ')}}`);
  if (above === Number.MAX_VALUE || levels?.length === 0) return `${column} missing`;
  if (above !== undefined && atMost !== undefined) parts.push(`${short(above)} < ${column} <= ${short(atMost)}`);
  else if (above !== undefined) parts.push(`${column} > ${short(above)}`);
  else if (atMost !== undefined) parts.push(`${column} <= ${short(atMost)}`);
  else if (levels === undefined) parts.push(`${column} ${orMissing ? 'any' : 'known'}`);
  if (orMissing && tellMissing) parts.push(`${column} missing`);
  return parts.length > 1 ? `(${parts.join(' or ')})` : parts[0]!;
}

/** At most six digits. */
function short(x: number): string {
  return String(Number(x.toPrecision(6)));
}
