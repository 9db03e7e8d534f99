// What a thread of scoreParallel runs: compiles the model once, scores the batches it is sent.
import { bindRun } from '../kernels/run.ts';
import { scratchIn } from '../kernels/wasm/scratch.ts';
import type { Kind } from '../model/contract.ts';
import { allKinds } from './all-kinds.ts';
import { kindsOf } from './engine.ts';
import { type SentBatch, unpackBatch } from './thread-batch.ts';
import { hear } from './thread-hear.ts';
import type { FromThread, SentColumn, ToThread } from './thread-messages.ts';

const kinds = kindsOf(Object.values(allKinds) as unknown as readonly Kind[]);
const memories = new Map<number, WebAssembly.Memory>();
let run: ReturnType<typeof bindRun>;
let reasons = false;

const answer = hear((message: ToThread) => {
  switch (message.type) {
    case 'start':
      start(message);
      break;
    case 'memory':
      memories.set(message.number, message.memory);
      if (message.place !== undefined) scratchIn(message.memory, message.place);
      break;
    case 'forget':
      memories.delete(message.number);
      break;
    case 'batch':
      score(message.id, message.batch, message.spare);
  }
});

function start(message: ToThread & { readonly type: 'start' }): void {
  const { model } = message;
  reasons = message.reasons;
  try {
    run = bindRun(kinds.of(model.kind).bind(model, kinds), model.inputs, model.outputs);
    answer({ type: 'ready' }, []);
  } catch (error) {
    answer({ type: 'unfit', reason: error instanceof Error ? error.message : String(error) }, []);
  }
}

function score(id: number, sent: SentBatch, spare: readonly ArrayBuffer[]): void {
  let scored: FromThread;
  const transfer: ArrayBuffer[] = [];
  try {
    const batch = unpackBatch(sent, (number) => memories.get(number)!.buffer);
    const { columns, report } = run(batch);
    const out = columns.map(({ field, values, codes, why, full }): SentColumn => {
      const cells = field.type === 'number' ? values : codes;
      transfer.push(cells.buffer as ArrayBuffer);
      if (reasons && why !== null) transfer.push(why.buffer as ArrayBuffer);
      return { cells, why: reasons ? why : null, full };
    });
    transfer.push(...spare);
    scored = { type: 'scored', id, columns: out, report, spare };
  } catch {
    answer({ type: 'failed', id }, []);
    return;
  }
  answer(scored, transfer);
}
