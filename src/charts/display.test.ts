import { describe, expect, it } from 'vitest';
import { concentration } from '../economics/index.ts';
import { display } from './display.ts';
import { lorenzChart } from './lorenz-chart.ts';

type Bundle = Readonly<Record<string, unknown>>;
/** As a notebook asks. */
const ask = (value: object): Bundle => (value as Record<symbol, () => Bundle>)[Symbol.for('Jupyter.display')]!();

describe('display', () => {
  const spec = lorenzChart(concentration([0, 10]), { of: 'revenue' });

  it('gives a notebook the spec, and title and rows as text where it cannot draw', () => {
    expect(ask(display(spec))).toEqual({
      'application/vnd.vegalite.v5+json': spec,
      'text/plain': [
        'Lorenz curve of revenue',
        'Gini coefficient 0.500',
        '50 % of the customers hold at least 80 % of the revenue',
        'population\tshare\tequality',
        '0\t0\t0',
        '0.5\t0\t0.5',
        '1\t1\t1',
      ].join('\n'),
    });
  });

  it('takes a chart with changes laid over, tells null as nothing, and cuts a long table short', () => {
    const values = Array.from({ length: 60 }, (_, row) => ({ row, mean: null }));
    const text = ask(display({ ...spec, width: 600, data: { values } }))['text/plain'] as string;
    const lines = text.split('\n');
    expect(lines.slice(3, 5)).toEqual(['row\tmean', '0\t']);
    expect(lines.at(-1)).toBe('… 10 more rows');
  });

  it('shows an empty chart by its title', () => {
    expect(ask(display(lorenzChart(concentration([0]))))['text/plain']).toBe('Lorenz curve of value\n');
  });
});
