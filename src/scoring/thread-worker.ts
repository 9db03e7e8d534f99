// What a thread of scoreParallel runs: compiles the model once, scores the batches it is sent.
import { bindRun, type RunColumn, type ScoreReport } from '../kernels/run.ts';
import { scratchIn } from '../kernels/wasm/scratch.ts';
import type { Columns } from '../model/batch.ts';
import type { Kind } from '../model/contract.ts';
import { allKinds } from './all-kinds.ts';
import { kindsOf } from './engine.ts';
import { hear } from './thread-hear.ts';
import type { SentGroup, SentResult, ToThread } from './thread-messages.ts';
import { BatchReader } from './thread-read.ts';

const kinds = kindsOf(Object.values(allKinds) as unknown as readonly Kind[]);
let run: ReturnType<typeof bindRun>;
let reader: BatchReader;
let reasons = false;

const answer = hear((message: ToThread) => {
  switch (message.type) {
    case 'start':
      start(message);
      break;
    case 'buffer':
      reader.buffers.set(message.number, message.buffer);
      break;
    case 'memory':
      reader.buffers.set(message.number, message.memory.buffer);
      if (message.place !== undefined) scratchIn(message.memory, message.place);
      break;
    case 'batches':
      score(message);
  }
});

function start(message: ToThread & { readonly type: 'start' }): void {
  const { model } = message;
  reasons = message.reasons;
  reader = new BatchReader(model.inputs);
  try {
    run = bindRun(kinds.of(model.kind).bind(model, kinds), model.inputs, model.outputs);
    // V8 throws away what it compiled before the first buffer was handed over: one that nobody needs goes ahead.
    answer({ type: 'ready' }, [new ArrayBuffer(0)]);
  } catch (error) {
    answer({ type: 'unfit', reason: error instanceof Error ? error.message : String(error) }, []);
  }
}

function score(group: SentGroup): void {
  const begun = performance.now();
  const results: (SentResult | null)[] = [];
  const transfer: ArrayBuffer[] = group.slots.map(({ buffer }) => buffer);
  reader.begin(group);
  for (let b = 0; b < group.count; b++) results.push(scoreOne(reader.read(), transfer));
  reader.end();
  const milliseconds = performance.now() - begun;
  answer({ type: 'scored', id: group.id, results, slots: group.slots, milliseconds }, transfer);
}

function scoreOne(batch: Columns, transfer: ArrayBuffer[]): SentResult | null {
  try {
    const { columns, report } = run(batch);
    const cells = columns.map(({ field, values, codes }) => (field.type === 'number' ? values : codes));
    const why = reasons && columns.some((column) => column.why !== null) ? columns.map((column) => column.why) : null;
    for (const own of cells) transfer.push(own.buffer as ArrayBuffer);
    for (const own of why ?? []) if (own !== null) transfer.push(own.buffer as ArrayBuffer);
    return { cells, why, full: columns.map(({ full }: RunColumn) => full), report: isPlain(report) ? null : report };
  } catch {
    return null;
  }
}

/** Whether there is nothing to report. */
function isPlain({ nulls, unseenLevels }: ScoreReport): boolean {
  return Object.keys(nulls).length === 0 && Object.keys(unseenLevels).length === 0;
}
