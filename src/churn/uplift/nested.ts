import { makeLane } from '../../columns/lane.ts';
import { levelMap } from '../../columns/open.ts';
import { fail } from '../../errors.ts';
import { blankNulls, carryWhy } from '../../kernels/nulls.ts';
import { remap } from '../../kernels/remap.ts';
import { WHY } from '../../model/batch.ts';
import type { Kernel, Kinds, ModelBase } from '../../model/contract.ts';
import type { Field } from '../../model/field.ts';

/** The columns that several models read; a category's levels are the union of theirs, in order of appearance. */
export function joinInputs(models: readonly ModelBase[]): readonly Field[] {
  const joined = new Map<string, Field>();
  for (const { inputs } of models)
    for (const input of inputs) {
      const have = joined.get(input.name);
      if (have && have.type !== input.type)
        fail('wrong-type', `"${input.name}" is a ${have.type} to one model and a ${input.type} to another`);
      const levels = [...new Set([...(have?.levels ?? []), ...(input.levels ?? [])])];
      joined.set(input.name, input.levels ? { ...input, levels } : input);
    }
  return [...joined.values()];
}

/** Reads a model within a model, which must give one number. */
export function parseNested(json: unknown, path: string, kinds: Kinds): ModelBase {
  const kind = (json as { readonly kind?: unknown } | null)?.kind;
  if (typeof kind !== 'string') fail('invalid-model', `${path}: expected a model`);
  const model = kinds.of(kind).parse(json, path, kinds);
  if (!givesOneNumber(model)) fail('invalid-model', `${path}.outputs: expected one number`);
  return model;
}

export function givesOneNumber({ outputs }: ModelBase): boolean {
  return outputs.length === 1 && outputs[0]!.type === 'number';
}

/** `constant + Σ factor·output` of models that read columns among `inputs`; null where one of them is. */
export function bindCombination(
  parts: readonly { readonly model: ModelBase; readonly factor: number }[],
  constant: number,
  inputs: readonly Field[],
  kinds: Kinds,
): Kernel {
  const at = new Map(inputs.map((field, index) => [field.name, index]));
  const bound = parts.map(({ model, factor }) => ({
    factor,
    kernel: kinds.of(model.kind).bind(model, kinds),
    sources: model.inputs.map((own) => {
      const index = at.get(own.name)!;
      const { levels } = inputs[index]!;
      const same = levels === undefined || levels.join('\n') === own.levels!.join('\n');
      return { index, map: same ? null : levelMap(levels, own.levels!), lane: makeLane({ type: 'category' }, 0) };
    }),
    out: makeLane({ type: 'number' }, 0),
  }));
  const outs = bound.map(({ out }) => out);
  return (rows, lanes, [out]) => {
    const sum = out!.values;
    sum.fill(constant, 0, rows);
    for (const { factor, kernel, sources, out: own } of bound) {
      if (own.values.length < rows) {
        Object.assign(own, makeLane({ type: 'number' }, rows));
        for (const { lane } of sources) Object.assign(lane, makeLane({ type: 'category' }, rows));
      } else if (!own.clean) {
        own.why.fill(WHY.valid);
        own.clean = true;
      }
      kernel(
        rows,
        sources.map(({ index, map, lane }) => (map ? remap(rows, lanes[index]!, map, lane) : lanes[index]!)),
        [own],
      );
      const { values } = own;
      for (let i = 0; i < rows; i++) sum[i] = sum[i]! + factor * values[i]!;
    }
    carryWhy(rows, outs, out!);
    blankNulls(rows, out!);
  };
}
