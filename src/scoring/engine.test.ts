import { describe, expect, it } from 'vitest';
import type { ClienteleError } from '../errors.ts';
import { engine } from './engine.ts';
import { pipeline } from './pipeline.ts';
import { pipelineKind } from './pipeline-kind.ts';
import type { Plan } from './plan.ts';
import { centred, centredKind } from './toy-kinds.test-support.ts';

const { compile, parseModel } = engine({ centred: centredKind, pipeline: pipelineKind });
const data = { x: [1, 2, 6] };
const estimator = centred({ column: 'x', as: 'margin' });
const model = estimator.fit(data);

function refused(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return `${(error as ClienteleError).code}: ${(error as Error).message}`;
  }
  return 'accepted';
}
const compiled = (given: unknown): string => refused(() => compile(given as typeof model));

describe('compile', () => {
  it('tells that an estimator, or a pipeline of some, is to be fitted first', () => {
    const told = 'wrong-type: compile: expected a model, got an estimator: fit it first, compile(estimator.fit(data))';
    expect(compiled(estimator)).toBe(told);
    expect(compiled(pipeline([estimator]))).toBe(told);
  });

  it('tells how JSON text is read', () => {
    const text = JSON.stringify(model);
    const told = 'wrong-type: compile: expected a model, got text: use compile(parseModel(JSON.parse(text)))';
    expect(compiled(text)).toBe(told);
    expect(refused(() => parseModel(text))).toBe(
      'invalid-model: model: expected an object with a "kind", got text: use parseModel(JSON.parse(text))',
    );
    expect(compile(parseModel(JSON.parse(text))).model).toEqual(model);
  });

  it('refuses what has no kind, and names one that it does not know', () => {
    for (const given of [null, undefined, 7, {}, [model], Promise.resolve(model), { kind: centredKind }])
      expect(compiled(given)).toBe('wrong-type: compile: expected a model, which has a text "kind"');
    expect(compiled({ ...model, kind: 'other' })).toContain('unknown-kind: unknown model kind "other"');
  });
});

describe('an array of row objects', () => {
  const rows = [{ x: 1 }, { x: 2 }];
  const told =
    'wrong-type: expected a batch, got an array: fromRows of clientele/columns makes columns of an array of row objects';
  it('is told of fromRows by fit and by all that a plan does', async () => {
    const plan = compile(model) as unknown as { readonly [verb in keyof Plan]: (...given: unknown[]) => unknown };
    const works = [
      () => estimator.fit(rows as never),
      () => pipeline([estimator]).fit(rows as never),
      () => plan.score(rows),
      () => plan.explain(rows, 'margin'),
      () => plan.scoreWithReasons(rows, { output: 'margin' }),
      () => plan.explainCost(rows),
    ];
    for (const work of works) expect(refused(work)).toBe(told);
    const batches = compile(model).scoreBatches([data, rows] as never);
    await batches.next();
    await expect(batches.next()).rejects.toThrow('batch 1: expected a batch, got an array: fromRows');
  });
});
