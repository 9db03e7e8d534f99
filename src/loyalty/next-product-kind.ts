import { fail } from '../errors.ts';
import { bindCondition, storedCondition, UNKNOWN, YES } from '../kernels/condition.ts';
import { blankNulls } from '../kernels/nulls.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { fields, fitReport, listOf, modelHead, optional, record, text, within } from '../model/checks.ts';
import type { Kernel, Kind, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import type { When } from '../model/when.ts';
import { type Product, productConditions } from './holdings.ts';

/** Conditional ownership of products: who holds i, holds j with which probability. */
export interface NextProductModel<In extends string = string, Out extends Field = Field>
  extends ModelBase<'nextProduct', In, Out> {
  readonly products: readonly Product[];
  /** P(j) per product, for customers who hold none of the others. */
  readonly prevalence: readonly number[];
  /** `conditional[i][j]` = P(j | i), shrunk; the diagonal is not used. */
  readonly conditional: readonly (readonly number[])[];
}

const share = within(0, 1);
const stored = record({
  ...modelHead('nextProduct', 1),
  inputs: fields,
  outputs: fields,
  products: listOf(record({ name: text, owned: storedCondition, eligible: optional(storedCondition) })),
  prevalence: listOf(share),
  conditional: listOf(listOf(share)),
  fit: fitReport,
});

/** How next-product models are read and scored. */
export const nextProductKind: Kind<NextProductModel> = {
  kind: 'nextProduct',
  version: 1,
  parse(json, path) {
    const model = stored(json, path) as NextProductModel;
    const { inputs, outputs, products, prevalence, conditional } = model;
    const n = products.length;
    if (n < 2 || new Set(products.map(({ name }) => name)).size < n)
      fail('invalid-model', `${path}.products: expected at least two, each with a name of its own`);
    if (prevalence.length !== n || conditional.length !== n || conditional.some((row) => row.length !== n))
      fail('invalid-model', `${path}: expected prevalence and conditional for ${n} products`);
    const needed = new Set(productConditions(products).map(({ column }) => column));
    if (needed.size !== inputs.length || !inputs.every(({ name }) => needed.has(name)))
      fail('invalid-model', `${path}.inputs: expected ${[...needed].join(', ')}`);
    const names = products.map(({ name }) => name);
    outputs.forEach((out, j) => {
      const right = j < n ? out.type === 'number' && out.horizon === null : String(out.levels) === String(names);
      if (!right) fail('invalid-model', `${path}.outputs[${j}]: not that of ${names[j] ?? 'the next product'}`);
    });
    if (outputs.length !== n + 1) fail('invalid-model', `${path}.outputs: expected ${n + 1}`);
    bindNext(model);
    return model;
  },
  bind: bindNext,
};

function bindNext({ inputs, products, prevalence, conditional }: NextProductModel): Kernel {
  const n = products.length;
  const owned = products.map((product) => bindOn(product.owned, inputs));
  const eligible = products.map((product) => (product.eligible ? bindOn(product.eligible, inputs) : null));
  const share = Float64Array.from(conditional.flat());
  let holds = products.map(() => new Uint8Array(0));
  let open = products.map(() => new Uint8Array(0));
  return (rows, lanes, outputs) => {
    if (holds[0]!.length < rows) {
      holds = products.map(() => new Uint8Array(rows));
      open = products.map(() => new Uint8Array(rows).fill(YES));
    }
    for (let j = 0; j < n; j++) {
      owned[j]!.answer(rows, lanes, holds[j]!);
      eligible[j]?.answer(rows, lanes, open[j]!);
    }
    for (const out of outputs) out.clean = false;
    const next = outputs[n]!;
    for (let i = 0; i < rows; i++) {
      const why = causeOf(i, lanes);
      let best = -1;
      for (let j = 0; j < n; j++) {
        const out = outputs[j]!;
        if (why !== WHY.valid) out.why[i] = why;
        else if (open[j]![i] !== YES || holds[j]![i] === YES) out.why[i] = WHY.notEligible;
        else {
          let total = 0;
          let count = 0;
          for (let g = 0; g < n; g++)
            if (holds[g]![i] === YES && open[g]![i] === YES) {
              total += share[g * n + j]!;
              count++;
            }
          out.values[i] = count === 0 ? prevalence[j]! : total / count;
          out.why[i] = WHY.valid;
          if (best < 0 || out.values[i]! > outputs[best]!.values[i]!) best = j;
        }
      }
      next.codes[i] = best;
      next.why[i] = why !== WHY.valid ? why : best < 0 ? WHY.notEligible : WHY.valid;
    }
    for (const out of outputs) blankNulls(rows, out);
  };

  /** The first cause for which it is unknown what a customer holds; who cannot have a product does not hold it. */
  function causeOf(row: number, lanes: readonly Lane[]): number {
    for (let j = 0; j < n; j++) {
      if (open[j]![row] === UNKNOWN) return lanes[eligible[j]!.at]!.why[row]!;
      if (open[j]![row] === YES && holds[j]![row] === UNKNOWN) return lanes[owned[j]!.at]!.why[row]!;
    }
    return WHY.valid;
  }
}

function bindOn(
  when: When,
  inputs: readonly Field[],
): { readonly at: number; readonly answer: (rows: number, lanes: readonly Lane[], out: Uint8Array) => void } {
  const at = inputs.findIndex(({ name }) => name === when.column);
  const condition = bindCondition(when, inputs[at]!);
  return { at, answer: (rows, lanes, out) => condition(rows, lanes[at]!, out) };
}
