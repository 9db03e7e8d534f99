import { known, type View, word } from './chart.ts';
import { NO_DATA } from './palette.ts';

/** A column that colours cells. */
export interface Heat<Column extends string> {
  readonly field: Column;
  readonly title: string;
  readonly format: string;
}

/**
 * Cells coloured by a column, grey where it is null.
 * @param values those of the column, which give the colours their range; 0 is in it
 */
export function heatTiles<Column extends string>(
  { field, title, format }: Heat<Column>,
  values: readonly (number | null)[],
): readonly View<Column>[] {
  const [low, high] = rangeOf(values);
  const domain = high > low ? [low, high] : [0, 1];
  return [
    { mark: { type: 'rect', color: NO_DATA } },
    {
      mark: { type: 'rect' },
      transform: known(field),
      encoding: { color: { field, type: 'quantitative', title, scale: { domain }, legend: { format } } },
    },
  ];
}

/**
 * {@link heatTiles} with the value written in them, in white letters where it is dark.
 * @param label a column that is written above the value
 */
export function heatLayers<Column extends string>(
  heat: Heat<Column>,
  values: readonly (number | null)[],
  label?: Column,
): readonly View<Column>[] {
  const { field, format } = heat;
  const [low, high] = rangeOf(values);
  const ink = { condition: { test: { field, gt: low + 0.6 * (high - low) }, value: 'white' }, value: 'black' };
  return [
    ...heatTiles(heat, values),
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

function rangeOf(values: readonly (number | null)[]): readonly [low: number, high: number] {
  const found = values.filter((value) => value !== null);
  return [found.reduce((a, b) => Math.min(a, b), 0), found.reduce((a, b) => Math.max(a, b), 0)];
}
