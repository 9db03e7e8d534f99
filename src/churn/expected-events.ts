import { makeLane } from '../columns/lane.ts';
import { openField } from '../columns/open.ts';
import { readNumbers } from '../columns/whole.ts';
import { bindLinear } from '../kernels/linear.ts';
import { type Columns, WHY } from '../model/batch.ts';
import { knownOptions } from '../model/options.ts';
import { baselineOdds, boundedExp, type HazardModel, isDuration } from './discrete-time-hazard-kind.ts';

/**
 * Σ h(t) per customer over the periods watched: the events to expect in them. t = 1 … duration, or with the column
 * `observed` t = duration + 1 … duration + observed, as in the fit. Its total over held-out customers beside the number
 * of events tells whether the hazard is right on average. NaN where a customer cannot be scored.
 * @throws unknown-column.
 * @example
 * // In the fit its total is the number of events, by the score equation.
 * expectedEvents(model, data).reduce((a, b) => a + b); // model.fit.events
 */
export function expectedEvents(
  model: HazardModel,
  data: Columns,
  options: { readonly observed?: string } = {},
): Float64Array {
  const { observed } = knownOptions(options, 'expectedEvents', 'observed');
  const done = readNumbers(data, model.duration);
  const watched = observed === undefined ? null : readNumbers(data, observed);
  const rows = done.length;
  const lanes = model.inputs.map((field) => {
    const lane = makeLane(field, rows);
    openField(data, field).read(0, rows, lane);
    return lane;
  });
  const out = makeLane({ type: 'number' }, rows);
  bindLinear(model, model.inputs)(rows, lanes, out);
  const odds = baselineOdds(model.baseline);
  return out.values.map((eta, i) => {
    const after = watched === null ? 0 : done[i]!;
    const last = watched === null ? done[i]! : after + watched[i]!;
    if (out.why[i] !== WHY.valid || !isDuration(after) || !isDuration(last)) return Number.NaN;
    const table = odds(last);
    const u = boundedExp(eta);
    let sum = 0;
    for (let t = after + 1; t <= last; t++) sum += 1 - 1 / (1 + u * table[t]!);
    return sum;
  });
}
