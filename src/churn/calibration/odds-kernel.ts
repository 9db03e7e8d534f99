import { type CellKernel, eachCell, settle } from '../../kernels/cells-near.ts';
import { blankNulls } from '../../kernels/nulls.ts';
import { WHY } from '../../model/batch.ts';
import type { Kernel } from '../../model/contract.ts';
import { sigmoidInPlace } from '../../numerics/sigmoid.ts';
import { carryProbability } from './calibrated-field.ts';
import { type LogRange, logOf, logOfRest } from './log-odds-range.ts';

/** sigmoid(intercept + slope·(ln p − ln(1 − p))). */
export function logOddsKernel(intercept: number, slope: number, range: LogRange): Kernel {
  return oddsKernel(
    (p) => intercept + slope * (logOf(p, range) - logOfRest(p, range)),
    (kernels, from, to, rows) => kernels.logOdds(from, to, rows, intercept, slope, 0, range.low, range.rest, 1),
  );
}

/** sigmoid(intercept + a·ln p − b·ln(1 − p)). */
export function logsKernel(intercept: number, a: number, b: number, range: LogRange): Kernel {
  return oddsKernel(
    (p) => intercept + a * logOf(p, range) - b * logOfRest(p, range),
    (kernels, from, to, rows) => kernels.logOdds(from, to, rows, intercept, a, b, range.low, range.rest, 0),
  );
}

/** `inBulk` leaves NaN where a probability is none, or at an edge. */
function oddsKernel(oddsOf: (p: number) => number, inBulk: CellKernel): Kernel {
  return (rows, inputs, outputs) => {
    const input = inputs[0]!;
    const out = outputs[0]!;
    const { values } = out;
    const answer = eachCell(rows, input, out, inBulk);
    if (answer === 1) settle(out);
    else {
      carryProbability(rows, input, out);
      const p = input.values;
      for (let i = 0; i < rows; i++)
        if (answer < 0 || (values[i] !== values[i] && out.why[i] === WHY.valid)) values[i] = oddsOf(p[i]!);
    }
    sigmoidInPlace(rows, values);
    blankNulls(rows, out);
  };
}
