import type { RecordBatch } from 'apache-arrow';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { toArrow } from '../columns/index.ts';
import type { ArrowLike, CategoryColumn, Columns, PlainColumn } from '../model/batch.ts';
import { engine } from './engine.ts';
import type { Explained, Plan, Scored } from './plan.ts';
import { centred, centredKind } from './toy-kinds.test-support.ts';

const { compile } = engine({ centred: centredKind });
const model = centred({ column: 'x', as: 'margin' }).fit({ x: [1, 2, 6] });
const plan = compile(model);
const plain = { x: [3, Number.NaN, 5] };

interface Margin {
  readonly margin: Float64Array;
}
type Reasons = Margin & { readonly [name: `reason${number}`]: CategoryColumn };

describe('what a plan takes and gives, at compile time', () => {
  it('is of the batch’s kind where that is known', () => {
    expectTypeOf(plan.score(plain)).toEqualTypeOf<Scored<Margin>>();
    expectTypeOf(plan.score({ x: [1], more: ['a'] })).toEqualTypeOf<Scored<Margin>>();
    expectTypeOf(plan.score(toArrow(plain))).toEqualTypeOf<Scored<RecordBatch>>();
    const dynamic: { readonly [name: string]: PlainColumn } = plain;
    expectTypeOf(plan.score(dynamic)).toEqualTypeOf<Scored<Margin>>();
    expectTypeOf(plan.scoreWithReasons(dynamic, { output: 'margin' })).toEqualTypeOf<Scored<Reasons>>();
    expectTypeOf(plan.scoreBatches([dynamic])).toEqualTypeOf<AsyncGenerator<Scored<Margin>>>();
    expectTypeOf(plan.scoreBatches([plain])).toEqualTypeOf<AsyncGenerator<Scored<Margin>>>();
    expectTypeOf(plan.scoreBatches([toArrow(plain)])).toEqualTypeOf<AsyncGenerator<Scored<RecordBatch>>>();
  });

  it('may be either where the batch may be, so that a function over any columns can score', async () => {
    const score = (batch: Columns) => plan.score(batch);
    const scoreNamed = (batch: Columns<'x'>) => plan.score(batch, { reasons: true });
    const explain = (batch: Columns): Explained => plan.explain(batch, 'margin');
    const reasons = (batch: Columns) => plan.scoreWithReasons(batch, { output: 'margin', k: 1 });
    const each = (batches: readonly Columns[]) => plan.scoreBatches(batches);
    const later = (batches: AsyncIterable<Columns>) => plan.scoreBatches(batches);
    const threads = (batches: readonly Columns[]) => plan.scoreParallel(batches, { threads: 1 });
    const cost = (batch: Columns) => plan.explainCost(batch);
    expectTypeOf(score).returns.toEqualTypeOf<Scored<RecordBatch | Margin>>();
    expectTypeOf(scoreNamed).returns.toEqualTypeOf<Scored<RecordBatch | Margin>>();
    expectTypeOf(reasons).returns.toEqualTypeOf<Scored<RecordBatch | Reasons>>();
    expectTypeOf(each).returns.toEqualTypeOf<AsyncGenerator<Scored<RecordBatch | Margin>>>();
    expectTypeOf(later).returns.toEqualTypeOf<AsyncGenerator<Scored<RecordBatch | Margin>>>();
    expectTypeOf(threads).returns.toEqualTypeOf<AsyncGenerator<Scored<RecordBatch | Margin>>>();
    expectTypeOf(cost).returns.toExtend<object>();
    const columns: Columns = score(plain).columns;
    expect(columns).toEqual({ margin: Float64Array.of(0, Number.NaN, 2) });
    for (const batch of [plain, toArrow(plain)] as Columns[]) {
      expect(explain(batch).contributions).toHaveLength(1);
      for await (const { report } of each([batch])) expect(report.rows).toBe(3);
    }
  });

  it('may be either also where the model is a parameter', () => {
    const rows = <M extends typeof model>(of: Plan<M>, batch: Columns): number => of.score(batch).report.rows;
    expect(rows(plan, plain)).toBe(3);
    const any = (of: Plan, batch: Columns): number => of.score(batch).report.rows;
    expect(any(plan, plain)).toBe(3);
  });

  it('does not pass a batch that lacks an input', () => {
    const lacking = { y: [1] };
    const either = lacking as ArrowLike | typeof lacking;
    // @ts-expect-error the input column is missing
    expect(() => plan.score(lacking)).toThrow('unknown column "x"');
    // @ts-expect-error the input column is missing, unless the batch is Arrow
    expect(() => plan.score(either)).toThrow('unknown column "x"');
    // @ts-expect-error the input column is missing
    expect(() => plan.explain(lacking, 'margin')).toThrow('unknown column "x"');
    // @ts-expect-error the input column is missing
    expect(() => plan.scoreWithReasons(lacking, { output: 'margin' })).toThrow('unknown column "x"');
    // @ts-expect-error the input column is missing
    expect(() => plan.explainCost(lacking)).toThrow('unknown column "x"');
    // @ts-expect-error the input column is missing
    expect(plan.scoreBatches([lacking])).toBeDefined();
    // @ts-expect-error an output that cannot be explained
    expect(() => plan.explain(plain, 'x')).toThrow('unknown output "x"');
  });
});
