import type { BinaryMetrics } from '../churn/metrics.ts';
import { makeLane } from '../columns/lane.ts';
import { levelMap } from '../columns/open.ts';
import { fail } from '../errors.ts';
import { BLOCK } from '../kernels/block.ts';
import { remap } from '../kernels/remap.ts';
import { type Lane, WHY } from '../model/batch.ts';
import { fields, fitReport, listOf, modelHead, record } from '../model/checks.ts';
import type { Explanation, FitReport, Kernel, Kind, Kinds, ModelBase } from '../model/contract.ts';
import type { Field } from '../model/field.ts';

/** How one label-learning step did on rows it had not seen. */
export interface HeldOut {
  readonly step: string;
  readonly output: string;
  readonly metrics: BinaryMetrics;
  /** Rows with an outcome that no fit judged: those of the first as-of dates, where rows are parted by time. */
  readonly unjudged: number;
}

export interface PipelineFit extends FitReport {
  /** Folds behind the held-out figures; null when no step learns from a label. */
  readonly folds: number | null;
  /** How rows were parted for them, and what was judged; absent when no step learns from a label. */
  readonly validation?: { readonly rule: string; readonly splits: readonly string[] };
  /** Rows that unsupervised steps (cuts, tiers) were fitted on. */
  readonly activeRows: number;
  readonly heldOut: readonly HeldOut[];
}

export interface PipelineModel<
  In extends string = string,
  Out extends Field = Field,
  Steps extends readonly ModelBase[] = readonly ModelBase[],
> extends ModelBase<'pipeline', In, Out> {
  /** The fitted steps, in order; those of a nested pipeline stand in its place. */
  readonly steps: Steps;
  readonly fit: PipelineFit;
}

/** The inputs a chain of models needs from outside, and the outputs it makes. */
export function wireFields(steps: readonly ModelBase[]): {
  readonly inputs: readonly Field[];
  readonly outputs: readonly Field[];
} {
  const inputs = new Map<string, Field>();
  const outputs = new Map<string, Field>();
  for (const step of steps) {
    for (const input of step.inputs) {
      const made = outputs.get(input.name);
      if (made) sameType(made, input, step);
      else inputs.set(input.name, joined(inputs.get(input.name), input, step));
    }
    for (const output of step.outputs) {
      if (outputs.has(output.name)) fail('output-taken', `two steps give "${output.name}": rename one with "as"`);
      outputs.set(output.name, output);
    }
  }
  for (const name of outputs.keys())
    if (inputs.has(name))
      fail(
        'output-taken',
        `"${name}" is read from the batch before a step gives it: reorder the steps or rename with "as"`,
      );
  return { inputs: [...inputs.values()], outputs: [...outputs.values()] };
}

function sameType(made: Field, wanted: Field, step: ModelBase): void {
  if (made.type !== wanted.type)
    fail(
      'wrong-type',
      `step ${step.kind} reads "${wanted.name}" as a ${wanted.type}, but the pipeline holds it as a ${made.type}`,
    );
}

/** One external column for several steps: a category's levels are the union, each step maps them to its own. */
function joined(have: Field | undefined, wanted: Field, step: ModelBase): Field {
  if (!have) return wanted;
  sameType(have, wanted, step);
  if (!have.levels || !wanted.levels) return have;
  return { ...have, levels: [...new Set([...have.levels, ...wanted.levels])] };
}

/** Where a step's input lane comes from. */
interface Source {
  readonly external: boolean;
  readonly index: number;
  /** Code of the source → code of the step, when their levels differ. */
  readonly map: Int32Array | null;
}

interface Wiring {
  readonly sources: readonly Source[];
  readonly outputs: readonly number[];
}

function wire(model: ModelBase & { readonly steps: readonly ModelBase[] }): readonly Wiring[] {
  const external = new Map(model.inputs.map((field, index) => [field.name as string, { field, index }]));
  const made = new Map(model.outputs.map((field, index) => [field.name as string, { field, index }]));
  return model.steps.map((step) => ({
    sources: step.inputs.map((input): Source => {
      const outside = external.get(input.name);
      const { field, index } = outside ?? made.get(input.name)!;
      const same = field.levels === input.levels || JSON.stringify(field.levels) === JSON.stringify(input.levels);
      return { external: outside !== undefined, index, map: same ? null : levelMap(field.levels!, input.levels!) };
    }),
    outputs: step.outputs.map((output) => made.get(output.name)!.index),
  }));
}

/** Collects a step's input lanes from the batch's lanes and those made so far, in the step's own levels. */
function gatherer(
  sources: readonly Source[],
): (rows: number, outside: readonly Lane[], made: readonly Lane[]) => readonly Lane[] {
  const room = sources.map(({ map }) => (map ? makeLane({ type: 'category' }, BLOCK) : null));
  const lanes: Lane[] = [];
  return (rows, outside, made) => {
    for (let i = 0; i < sources.length; i++) {
      const { external, index, map } = sources[i]!;
      const lane = (external ? outside : made)[index]!;
      lanes[i] = map ? remap(rows, lane, map, room[i]!) : lane;
    }
    return lanes;
  };
}

/** A kernel that runs steps in order, block by block, so that what one makes is still in cache for the next. */
function chain(kernels: readonly Kernel[], wiring: readonly Wiring[]): Kernel {
  const gather = wiring.map(({ sources }) => gatherer(sources));
  const made: Lane[][] = wiring.map(() => []);
  return (rows, inputs, outputs) => {
    for (let s = 0; s < kernels.length; s++) {
      const own = wiring[s]!.outputs;
      for (let k = 0; k < own.length; k++) made[s]![k] = outputs[own[k]!]!;
      kernels[s]!(rows, gather[s]!(rows, inputs, outputs), made[s]!);
    }
  };
}

const head = record({
  ...modelHead('pipeline', 1),
  inputs: fields,
  outputs: fields,
  fit: fitReport<PipelineFit>,
  steps: listOf((json) => json),
});

function parse(json: unknown, path: string, kinds: Kinds): PipelineModel {
  const model = head(json, path);
  const steps = model.steps.map((step, i) => {
    const at = `${path}.steps[${i}]`;
    const kind = (step as { readonly kind?: unknown } | null)?.kind;
    return typeof kind === 'string'
      ? kinds.of(kind).parse(step, at, kinds)
      : fail('invalid-model', `${at}: expected a model`);
  });
  if (steps.length === 0) fail('invalid-model', `${path}.steps: a pipeline has at least one`);
  const { inputs, outputs } = wireFields(steps);
  for (const [name, stored, derived] of [
    ['inputs', model.inputs, inputs],
    ['outputs', model.outputs, outputs],
  ] as const)
    if (JSON.stringify(stored) !== JSON.stringify(derived))
      fail('invalid-model', `${path}.${name}: differ from what the steps need and give`);
  return { kind: 'pipeline', version: model.version, inputs, outputs, steps, fit: model.fit };
}

function bind(model: PipelineModel, kinds: Kinds): Kernel {
  return chain(
    model.steps.map((step) => kinds.of(step.kind).bind(step, kinds)),
    wire(model),
  );
}

/** Runs the steps up to the one that gives `output`, then that step's own explanation. */
function explain(model: PipelineModel, output: string, kinds: Kinds): Explanation {
  const at = model.steps.findIndex((step) => step.outputs.some((field) => field.name === output));
  const step = model.steps[at] ?? fail('unknown-column', `unknown output "${output}"`);
  const kind = kinds.of(step.kind);
  const own = kind.explain?.(step, output, kinds) ?? fail('invalid-option', `output "${output}" cannot be explained`);
  const wiring = wire(model);
  const before = chain(
    model.steps.slice(0, at).map((earlier) => kinds.of(earlier.kind).bind(earlier, kinds)),
    wiring.slice(0, at),
  );
  const { sources } = wiring[at]!;
  const gather = gatherer(sources);
  const { affine, ...rest } = own;
  const outside = affine?.every((term) => sources[term.at]!.external)
    ? affine.map((term) => ({ ...term, at: sources[term.at]!.index }))
    : null;
  const made = model.outputs.map((field) => makeLane(field, BLOCK));
  return {
    ...rest,
    ...(outside ? { affine: outside } : {}),
    kernel: (rows, inputs, outputs) => {
      for (const lane of made)
        if (!lane.clean) {
          lane.why.fill(WHY.valid);
          lane.clean = true;
        }
      before(rows, inputs, made);
      own.kernel(rows, gather(rows, inputs, made), outputs);
    },
  };
}

export const pipelineKind: Kind<PipelineModel> = { kind: 'pipeline', version: 1, parse, bind, explain };
