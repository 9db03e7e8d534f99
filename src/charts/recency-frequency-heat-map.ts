import type { RecencyFrequencyRow } from '../clv/evaluation/recency-frequency-grid.ts';
import type { Quantity } from '../clv/family/quantities.ts';
import { type Chart, chart, quantity, withUnit } from './chart.ts';
import { heatTiles } from './heat.ts';

export interface RecencyFrequencyHeatMapOptions {
  /** What the grid was made of: the same as there. */
  readonly quantity: Quantity;
  /** Of time, such as `weeks`. */
  readonly unit?: string;
  readonly title?: string;
}

/**
 * A quantity of a buy-till-you-die model, such as P(alive) or the expected purchases, by frequency and recency; grey where
 * no such history can be.
 * @example
 * const quantity = { quantity: 'expectedPurchases', periods: 39 } as const;
 * recencyFrequencyHeatMap(recencyFrequencyGrid(bgNbd, model, quantity, { T: 39, frequencies: 20, steps: 39 }), { quantity })
 */
export function recencyFrequencyHeatMap(
  rows: readonly RecencyFrequencyRow[],
  options: RecencyFrequencyHeatMapOptions,
): Chart<RecencyFrequencyRow> {
  const { unit } = options;
  const { name, isProbability } = told(options.quantity, unit ?? 'periods');
  const { title = `${name} by frequency and recency` } = options;
  const value = { field: 'value', title: name, format: isProbability ? '.0%' : ',.3~r' } as const;
  const recency = withUnit('Recency: time of the last purchase', unit);
  return chart({ title, description: `${name} of customers by repeat purchases and time of the last one.` }, rows, {
    width: 400,
    height: 400,
    encoding: {
      x: {
        field: 'frequency',
        type: 'ordinal',
        title: 'Frequency: repeat purchases',
        axis: { labelAngle: 0, labelOverlap: true },
      },
      y: {
        field: 'recency',
        type: 'ordinal',
        title: recency,
        scale: { reverse: true },
        axis: { format: '.3~r', labelOverlap: true },
      },
      tooltip: [
        quantity('frequency', 'Frequency'),
        quantity('recency', withUnit('Recency', unit), '.3~r'),
        quantity('value', name, isProbability ? '.1%' : ',.4~r'),
      ],
    },
    layer: heatTiles(value, isProbability ? [0, 1] : rows.map((row) => row.value)),
  });
}

function told(q: Quantity, unit: string): { readonly name: string; readonly isProbability: boolean } {
  switch (q.quantity) {
    case 'probabilityAlive':
      return { name: q.ahead ? `P(alive) ${q.ahead} ${unit} ahead` : 'P(alive)', isProbability: true };
    case 'probabilityOfPurchase':
      return { name: `P(purchase in the next ${q.periods} ${unit})`, isProbability: true };
    case 'expectedPurchases':
      return { name: `Expected purchases in the next ${q.periods} ${unit}`, isProbability: false };
    case 'discountedResidualTransactions':
      return {
        name: `Discounted purchases ${q.periods === 'infinite' ? 'to come' : `in the next ${q.periods} ${unit}`}`,
        isProbability: false,
      };
  }
}
