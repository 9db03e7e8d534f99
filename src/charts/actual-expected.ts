import { type Channel, known, quantity, type View } from './chart.ts';

export interface ActualExpected<Column extends string> {
  readonly actual: Column;
  readonly expected: Column;
  /** Of the axis that both share. */
  readonly title: string;
  readonly format: string;
  /** How the actual figures are drawn; the expected ones are a dashed line. */
  readonly actualAs: 'bar' | 'line';
  /** What the tooltip tells beside the two. */
  readonly about: readonly Channel<Column>[];
}

/** What happened beside what a model expected, over the x of the chart. Actual figures may be null. */
export function actualExpected<Column extends string>(
  x: Channel<Column>,
  { actual, expected, title, format, actualAs, about }: ActualExpected<Column>,
): Pick<View<Column>, 'encoding' | 'layer'> {
  const colour = (datum: 'Actual' | 'Expected'): Channel<Column> => ({
    ...{ datum, type: 'nominal', title: null, scale: { domain: ['Actual', 'Expected'] } },
  });
  return {
    encoding: { x, tooltip: [...about, quantity(actual, 'Actual', format), quantity(expected, 'Expected', format)] },
    layer: [
      {
        mark: actualAs === 'bar' ? { type: 'bar', opacity: 0.7 } : { type: 'line', point: true },
        transform: known(actual),
        encoding: { y: quantity(actual, title), color: colour('Actual') },
      },
      {
        mark: { type: 'line', strokeDash: [6, 3], point: true },
        encoding: { y: quantity(expected, title), color: colour('Expected') },
      },
    ],
  };
}
