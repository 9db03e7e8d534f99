import { known, type View, word } from './chart.ts';
import { NO_DATA } from './palette.ts';

/** A column that colours cells. */
export interface Heat<Column extends string> {
  readonly field: Column;
  readonly title: string;
  readonly format: string;
}

/**
 * Cells coloured by a column, with its value written in them: grey where it is null, white letters where it is dark.
 * @param values those of the column, which give the colours their range; 0 is in it
 * @param label a column that is written above the value
 */
export function heatLayers<Column extends string>(
  { field, title, format }: Heat<Column>,
  values: readonly (number | null)[],
  label?: Column,
): readonly View<Column>[] {
  const found = values.filter((value) => value !== null);
  const low = found.reduce((a, b) => Math.min(a, b), 0);
  const high = found.reduce((a, b) => Math.max(a, b), 0);
  const domain = high > low ? [low, high] : [0, 1];
  const ink = { condition: { test: { field, gt: low + 0.6 * (high - low) }, value: 'white' }, value: 'black' };
  return [
    { mark: { type: 'rect', color: NO_DATA } },
    {
      mark: { type: 'rect' },
      transform: known(field),
      encoding: { color: { field, type: 'quantitative', title, scale: { domain }, legend: { format } } },
    },
    {
      mark: { type: 'text', dy: label === undefined ? 0 : 10 },
      transform: known(field),
      encoding: { text: { field, type: 'quantitative', format }, color: ink },
    },
    ...(label === undefined
      ? []
      : [
          { mark: { type: 'text', dy: -10, fontWeight: 'bold' }, encoding: { text: word(label), color: ink } } as const,
        ]),
  ];
}
