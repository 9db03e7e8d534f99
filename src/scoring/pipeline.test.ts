import { describe, expect, expectTypeOf, it } from 'vitest';
import type { CategoryColumn } from '../model/batch.ts';
import type { Estimator, InputsOf, ModelBase, ModelOf } from '../model/contract.ts';
import { engine } from './engine.ts';
import { pipeline } from './pipeline.ts';
import { pipelineKind } from './pipeline-kind.ts';
import { centred, centredKind, levelMean, levelMeanKind, picked, pickedKind } from './toy-kinds.test-support.ts';

const { compile, parseModel } = engine({
  levelMean: levelMeanKind,
  centred: centredKind,
  picked: pickedKind,
  pipeline: pipelineKind,
});

const group = ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'c'];
const left = [1, 0, 0, 1, 1, 0, Number.NaN, 1];
const data = { group, left };
const steps = [
  levelMean({ category: 'group', label: 'left' }),
  centred({ column: 'levelMean', as: 'margin' }),
] as const;
const mixed = { group: ['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b'], left: [1, 0, 1, 1, 0, 0, 1, 0] };
const folds = { count: 2, rule: 'row-modulo' } as const;

/** By hand: the mean label per group over the rows of the other fold. */
function outOfFoldByHand(): number[] {
  return group.map((g, row) => {
    const seen = group.flatMap((other, i) =>
      i % 2 !== row % 2 && other === g && !Number.isNaN(left[i]!) ? [left[i]!] : [],
    );
    return seen.length ? seen.reduce((a, b) => a + b, 0) / seen.length : Number.NaN;
  });
}

describe('pipeline', () => {
  it('feeds later steps the out-of-fold outputs of a label-learning step, computed here by brute force', () => {
    const { model, heldOut } = pipeline(steps, { folds }).crossFit(mixed);
    const meanOf = (g: string, parity: number) => {
      const seen = mixed.left.filter((_, i) => mixed.group[i] === g && i % 2 !== parity);
      return seen.reduce((a, b) => a + b, 0) / seen.length;
    };
    const expected = mixed.group.map((g, row) => meanOf(g, row % 2));
    expect([...heldOut.levelMean]).toEqual(expected);
    const cut = expected.reduce((a, b) => a + b, 0) / expected.length;
    expect(model.steps[1]).toMatchObject({ kind: 'centred', mean: cut });
    // The stored step is fitted on all rows: a 3/4, b 1/4.
    expect(model.steps[0]).toMatchObject({ means: [0.75, 0.25] });
    expect(model.fit).toMatchObject({ rows: 8, folds: 2, activeRows: 8 });
    expect(model.fit.heldOut.map(({ output, metrics }) => [output, metrics.rows, metrics.events])).toEqual([
      ['levelMean', 8, 4],
    ]);
  });

  it('gives null, not a guess, where a fold has not seen a level', () => {
    const { heldOut } = pipeline(steps, { folds }).crossFit(data);
    expect([...heldOut.levelMean]).toEqual(outOfFoldByHand());
  });

  it('fits steps without a label on active rows only, and label-learning ones on all', () => {
    const { model } = pipeline(steps, { folds, active: { column: 'left', equals: 0 } }).crossFit({
      group: ['a', 'a', 'a', 'a'],
      left: [1, 1, 0, 0],
    });
    expect(model.steps[0]).toMatchObject({ means: [0.5] });
    expect(model.steps[1]).toMatchObject({ mean: 0.5 });
    expect(model.fit.activeRows).toBe(2);
  });

  it('knows at compile time what it needs from outside and what it gives', () => {
    const model = pipeline(steps, { folds }).fit(data);
    expectTypeOf<InputsOf<typeof model>>().toEqualTypeOf<'group'>();
    const { columns } = compile(model).score({ group: ['a', 'b'] });
    expectTypeOf(columns.margin).toEqualTypeOf<Float64Array>();
    // @ts-expect-error an output that no step gives
    expect(columns.nothing).toBeUndefined();
    // @ts-expect-error the input column is missing
    expect(() => compile(model).score({ other: ['a'] })).toThrow('unknown column "group": the batch has other');
  });

  it('has the models of its steps, those of a nested pipeline in its place', () => {
    const model = pipeline([pipeline(steps), picked('group', ['b'])], { folds }).fit(mixed);
    const [means, margin, chosen] = model.steps;
    expectTypeOf(means.means).toEqualTypeOf<readonly number[]>();
    expectTypeOf(margin).toEqualTypeOf<ModelOf<(typeof steps)[1]>>();
    expect([means.means, margin.mean, chosen.inputs[0]?.name]).toEqual([[0.75, 0.25], 0.5, 'group']);
    expect(model.steps).toHaveLength(3);
    expectTypeOf(model.steps.length).toEqualTypeOf<3>();
    const some: readonly Estimator[] = steps as readonly unknown[] as readonly Estimator[];
    const any = pipeline(some, { folds }).fit(mixed);
    expectTypeOf(any.steps).toEqualTypeOf<readonly ModelBase[]>();
    expect(any.steps).toHaveLength(2);
  });

  it('scores the same bits after a round trip through JSON', () => {
    const model = pipeline([...steps, picked('group', ['b'])], { folds }).fit(mixed);
    const back = parseModel(JSON.parse(JSON.stringify(model)));
    expect(back).toEqual(model);
    const batch = { group: ['a', null, 'b', 'zzz'] };
    expect(compile(back).score(batch)).toEqual(compile(model).score(batch));
  });

  it('maps the levels of one column to each step, whatever levels the other steps know', () => {
    const model = pipeline([levelMean({ category: 'group', label: 'left' }), picked('group', ['c', 'zzz'])], {
      folds,
    }).fit(data);
    expect(model.inputs).toEqual([{ name: 'group', type: 'category', levels: ['a', 'b', 'c', 'zzz'] }]);
    const { columns } = compile(model).score({ group: ['a', 'c', 'zzz', null] });
    const { codes } = columns.picked as CategoryColumn;
    expect([...codes]).toEqual([0, 1, 1, -1]);
  });

  it('explains an output that depends on earlier steps', () => {
    const model = pipeline(steps, { folds }).fit(data);
    const plan = compile(model);
    const batch = { group: ['a', 'b', null] };
    const { base, contributions, terms } = plan.explain(batch, 'margin');
    const { columns } = plan.score(batch);
    expect(terms).toEqual([{ name: 'levelMean', columns: ['levelMean'] }]);
    expect([...contributions[0]!].map((c) => base + c)).toEqual([...columns.margin]);
    // @ts-expect-error an output without an explanation does not compile
    expect(() => plan.explain(batch, 'levelMean')).toThrow('cannot be explained; outputs that can be: margin');
  });

  it('takes the steps of a nested pipeline as its own: one rule of folds and active rows for all', () => {
    const nested = pipeline([pipeline(steps), centred({ column: 'margin', as: 'again' })], {
      folds,
      active: { column: 'left', equals: 0 },
    });
    const flat = pipeline([...steps, centred({ column: 'margin', as: 'again' })], {
      folds,
      active: { column: 'left', equals: 0 },
    });
    expect(nested.fit(mixed)).toEqual(flat.fit(mixed));
    expect(nested.labels).toEqual(['left']);
    expect(() => pipeline([pipeline(steps, { folds })])).toThrow('takes folds from the outer one');
    expect(() => pipeline([pipeline(steps), centred({ column: 'left', as: 'x' })], { folds }).fit(mixed)).toThrow(
      'which is a label or an outcome',
    );
  });

  it('refuses a label among the inputs, a name taken twice, one the data hold, and an empty list', () => {
    const code = (run: () => unknown) => {
      try {
        run();
      } catch (error) {
        return (error as { code?: string }).code;
      }
      return undefined;
    };
    expect(code(() => pipeline([...steps, centred({ column: 'left', as: 'x' })], { folds }).fit(data))).toBe(
      'label-as-feature',
    );
    expect(code(() => pipeline([...steps, centred({ column: 'margin', as: 'margin' })], { folds }).fit(data))).toBe(
      'output-taken',
    );
    expect(code(() => pipeline(steps, { folds }).fit({ ...data, margin: left }))).toBe('output-taken');
    expect(code(() => pipeline([]))).toBe('invalid-option');
    expect(code(() => pipeline(steps, { folds }).fit({ group: [], left: [] }))).toBe('empty-input');
    expect(code(() => pipeline(steps, { folds, active: { column: 'left', equals: 7 } }).fit(data))).toBe('empty-input');
    expect(code(() => pipeline(steps, { folds: { count: 1, seed: 1 } }).fit(data))).toBe('invalid-option');
    expect(code(() => pipeline(steps, { folds: { count: 9, seed: 1 } }).fit(data))).toBe('empty-input');
  });

  it('deals customers, not rows, to folds when told by which column', () => {
    const customers = ['x', 'y', 'x', 'z', 'y', 'z', 'x', 'w'];
    const label = [1, 0, 1, 0, 0, 1, 1, 0];
    const est = levelMean({ category: 'customer', label: 'label' });
    const { heldOut } = pipeline([est], { folds: { count: 2, seed: 3, by: 'customer' } }).crossFit({
      customer: customers,
      label,
    });
    // A customer's rows lie in one fold, so no model that scores them knows the customer: all null.
    expect([...heldOut.levelMean]).toEqual(customers.map(() => Number.NaN));
  });

  it('tells its progress piece by piece', () => {
    const seen: number[] = [];
    pipeline(steps, { folds }).crossFit(data, { onProgress: (done, total) => seen.push(done / total) });
    expect(seen).toEqual([0, 0.25, 0.5, 0.75]);
  });
});
