import type { Table } from 'apache-arrow';
import { describe, expect, it } from 'vitest';
import { ClienteleError } from '../errors.ts';
import { seededRandom } from '../numerics/random.ts';
import { readIpc, readIpcTable } from './index.ts';
import { SAMPLE_ROWS, sampleStream } from './ipc.test-support.ts';

/** Reads all cells; a refusal counts as `refused`, anything else that is thrown fails the test. */
function outcome(read: () => Table): 'refused' | number {
  try {
    const table = read();
    for (const { name } of table.schema.fields) for (const cell of table.getChild(name)!) String(cell);
    return table.numRows;
  } catch (error) {
    if (error instanceof ClienteleError) return 'refused';
    throw error;
  }
}

describe('readIpc on damaged bytes', () => {
  it('never hangs, crashes or changes the row count when one bit is flipped, at whatever byte', () => {
    const stream = sampleStream();
    let refused = 0;
    for (let at = 0; at < stream.length; at++) {
      const bit = (at * 5) % 8;
      stream[at]! ^= 1 << bit;
      const result = outcome(() => readIpcTable(stream));
      if (result === 'refused') refused++;
      else expect(result, `bit ${bit} of byte ${at}`).toBe(SAMPLE_ROWS);
      stream[at]! ^= 1 << bit;
    }
    expect(refused).toBeGreaterThan(stream.length / 8);
  });

  it('nor when several bytes are replaced, in one piece or in chunks', async () => {
    const random = seededRandom(20_261);
    const draw = (below: number): number => random.below(below);
    const clean = sampleStream();
    for (let round = 0; round < 2000; round++) {
      const stream = clean.slice();
      for (let k = 1 + draw(4); k > 0; k--) stream[draw(stream.length)] = [0, 1, 255, 127, 128, draw(256)][draw(6)]!;
      const result = outcome(() => readIpcTable(stream));
      if (result !== 'refused') expect(result, `round ${round}`).toBe(SAMPLE_ROWS);
      if (round % 10 > 0) continue;
      let rows = 0;
      try {
        for await (const batch of readIpc(new Blob([stream]).stream())) rows += batch.numRows;
        expect(rows, `round ${round}`).toBe(result);
      } catch (error) {
        expect(error, `round ${round}`).toBeInstanceOf(ClienteleError);
      }
    }
  });
});
