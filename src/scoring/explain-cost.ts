import { type ArrowColumn, arrowColumn, TYPE, typeName } from '../columns/arrow-shape.ts';
import { isArrowLike } from '../columns/batch.ts';
import { addressIn, heldCells } from '../columns/input-lane.ts';
import { isCategoryColumn } from '../columns/plain.ts';
import { BLOCK } from '../kernels/block.ts';
import { bindRun } from '../kernels/run.ts';
import { overhear } from '../kernels/wasm/registry.ts';
import { refusal } from '../kernels/wasm/scratch.ts';
import type { Columns, Lane, PlainColumn } from '../model/batch.ts';
import type { Kernel, Kind, Kinds, ModelBase, StepCost } from '../model/contract.ts';
import type { Field } from '../model/field.ts';

/** How a step of a model was scored. */
export interface ExplainedStep extends StepCost {
  /** Its place in the pipeline; 0 for a model that is none. */
  readonly step: number;
  readonly kind: string;
}

/** How an input column was read. */
export interface ExplainedColumn {
  readonly column: string;
  /**
   * `held`: where it lies, without a copy; `copied`: block by block; `decoded`: converted to float64 block by block; `mapped`: the
   * codes of a dictionary, to the model's levels; `encoded`: all cells made codes first.
   */
  readonly read: 'held' | 'copied' | 'decoded' | 'mapped' | 'encoded';
  /** Whether it lies in the memory that WASM kernels work on. */
  readonly resident: boolean;
  readonly why: string;
}

/** What `Plan.explainCost` tells. */
export interface ExplainedCost {
  /** Null where WASM kernels run; else what the engine says against it: every step then takes its TypeScript twin. */
  readonly noWasm: string | null;
  readonly steps: readonly ExplainedStep[];
  /** One per input of the model; none without a batch, or with one without rows. */
  readonly columns: readonly ExplainedColumn[];
}

interface Step {
  readonly kind: Kind;
  readonly model: ModelBase;
  /** Blocks by the kernels that were called for them. */
  readonly ways: Map<string, number>;
}
interface Read {
  blocks: number;
  held: number;
  resident: number;
}

/** Scores a batch, listening to which kernels are called for which step and to how its columns come. */
export function explainCost(model: ModelBase, kind: Kind, kinds: Kinds, batch?: Columns): ExplainedCost {
  const steps: Step[] = [];
  const called = new Set<string>();
  let stop = (): void => {};
  let listening: ArrayBufferLike | undefined;

  /** A step's kernel, with what is called in it written down; what models within a step call counts for the step. */
  function bind(own: Kind, part: ModelBase): Kernel {
    if (own.kind === 'pipeline') return own.bind(part, watched);
    const { ways } = steps[steps.push({ kind: own, model: part, ways: new Map() }) - 1]!;
    const kernel = own.bind(part, kinds);
    return (rows, inputs, outputs) => {
      called.clear();
      kernel(rows, inputs, outputs);
      const way = [...called].sort().join(' ');
      ways.set(way, (ways.get(way) ?? 0) + 1);
    };
  }
  const watched: Kinds = {
    of: (name) => {
      const own = kinds.of(name);
      return { ...own, bind: (part) => bind(own, part) };
    },
  };

  const whole = bind(kind, model);
  const reads = model.inputs.map((): Read => ({ blocks: 0, held: 0, resident: 0 }));
  const kernel: Kernel = (rows, inputs, outputs) => {
    const buffer = bufferOf(outputs[0]!);
    if (buffer !== listening) {
      stop();
      stop = overhear(buffer, (name) => called.add(name));
      listening = buffer;
    }
    for (let c = 0; c < inputs.length; c++) look(inputs[c]!, buffer, reads[c]!);
    whole(rows, inputs, outputs);
  };
  try {
    const score = bindRun(kernel, model.inputs, model.outputs);
    if (batch !== undefined) score(batch);
    const seen = listening !== undefined;
    if (!seen) score(sample(model.inputs));
    const noWasm = refusal();
    return {
      noWasm,
      steps: steps.map((step, s) => ({ step: s, kind: step.kind.kind, ...told(step, noWasm) })),
      columns: seen ? model.inputs.map((field, c) => columnOf(batch!, field, reads[c]!)) : [],
    };
  } finally {
    stop();
  }
}

function bufferOf(lane: Lane): ArrayBufferLike {
  return (lane.values.length > 0 ? lane.values : lane.codes).buffer;
}

/** Asks nothing that would make a lane look at its cells. */
function look(lane: Lane, buffer: ArrayBufferLike, read: Read): void {
  read.blocks++;
  if (heldCells(lane) === null) return;
  read.held++;
  if (addressIn(buffer, lane) >= 0) read.resident++;
}

/** A block of zeros and first levels, in buffers of their own. */
function sample(inputs: readonly Field[]): Columns {
  return Object.fromEntries(
    inputs.map(({ name, type, levels }): [string, PlainColumn] => [
      name,
      type === 'number'
        ? new Float64Array(BLOCK)
        : { codes: new Int32Array(BLOCK).fill(levels!.length > 0 ? 0 : -1), levels: levels! },
    ]),
  );
}

/** What most blocks of a step took, and how many did not. */
function told({ kind, model, ways }: Step, noWasm: string | null): StepCost {
  const [[way, blocks] = ['', 0], ...others] = [...ways].sort(([, a], [, b]) => b - a);
  const cost = costOf(kind, model, way, noWasm);
  const same = ({ path, kernel }: StepCost): boolean => path === cost.path && kernel === cost.kernel;
  const strays = others.filter(([other]) => !same(costOf(kind, model, other, noWasm)));
  if (strays.length === 0) return cost;
  const count = strays.reduce((sum, [, own]) => sum + own, 0);
  const all = others.reduce((sum, [, own]) => sum + own, blocks);
  const elsewhere = costOf(kind, model, strays[0]![0], noWasm);
  return { ...cost, why: `${cost.why}; ${count} of ${all} blocks: ${elsewhere.kernel}, since ${elsewhere.why}` };
}

/** Called in passing for every block. */
const ASIDE = ['allFinite', 'copyCodes'];

function costOf(kind: Kind, model: ModelBase, way: string, noWasm: string | null): StepCost {
  const names = way.split(' ').filter((name) => name !== '' && !ASIDE.includes(name));
  if (noWasm !== null) return { path: 'typescript', kernel: 'plain loops', why: `no WASM with SIMD here: ${noWasm}` };
  if (kind.cost) return kind.cost(model, new Set(names));
  return names.length === 0
    ? { path: 'typescript', kernel: 'plain loops', why: `${kind.kind} has no WASM kernels` }
    : { path: 'mixed', kernel: names.join(', '), why: 'what it has WASM kernels for is done by them' };
}

function columnOf(batch: Columns, { name, type }: Field, { blocks, held, resident }: Read): ExplainedColumn {
  const arrow = isArrowLike(batch) ? arrowColumn(batch, name) : null;
  const what = arrow ? arrowName(arrow) : plainName((batch as { readonly [name: string]: PlainColumn })[name]!);
  const tell = (read: ExplainedColumn['read'], why: string): ExplainedColumn => ({
    column: name,
    read,
    resident: resident === blocks,
    why,
  });
  if (type === 'category') {
    return what.startsWith('Dictionary')
      ? tell('mapped', `${what}: its codes become those of the model's levels`)
      : tell('encoded', `${what}: make it a dictionary, which is not encoded anew with every batch`);
  }
  if (held === blocks)
    return resident === blocks
      ? tell('held', `${what} in the memory that the kernels work on`)
      : tell('held', `${what} in a buffer of its own: readArrowInto a residentMemory lays it where kernels work`);
  if (what !== 'Float64') return tell('decoded', `${what} becomes float64: a column of Float64 is used as it lies`);
  const nulls = arrow?.data.some(({ nullCount }) => nullCount !== 0) ?? false;
  return tell(
    'copied',
    `${blocks - held} of ${blocks} blocks, ${nulls ? 'to blank its nulls' : 'as they go over the end of a chunk'}`,
  );
}

function arrowName({ type }: ArrowColumn): string {
  if (type.typeId !== TYPE.float) return typeName(type);
  return `Float${[16, 32, 64][type.precision ?? 2]}`;
}

function plainName(column: PlainColumn): string {
  if (isCategoryColumn(column)) return 'Dictionary';
  return ArrayBuffer.isView(column) ? Object.prototype.toString.call(column).slice(8, -6) : 'a plain array';
}
