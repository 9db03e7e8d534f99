import { type Channel, known, type View, word } from './chart.ts';
import { type Guide, withGuides } from './guide.ts';
import { MARK } from './palette.ts';

export interface ModelCurves<Column extends string> {
  readonly x: Channel<Column>;
  readonly y: Channel<Column> & { readonly field: Column };
  readonly tooltip: readonly Channel<Column>[];
  /** Of the models, null for the only one. */
  readonly names: readonly (string | null)[];
  readonly guides?: readonly Guide[];
  readonly line?: { readonly [property: string]: unknown };
  /** Over the lines, with the same colours. */
  readonly over?: readonly View<Column>[];
}

/** An axis of shares. */
export const SHARES: Pick<Channel, 'scale' | 'axis'> = { scale: { domain: [0, 1] }, axis: { format: '%' } };

/** A curve per model, told apart by colour. The rows have a column `model`. */
export function modelCurves<Column extends string>(options: ModelCurves<Column | 'model'>): View<Column | 'model'> {
  const { x, y, tooltip, names, guides = [], line = { point: 'transparent' }, over = [] } = options;
  const models = names.filter((name) => name !== null);
  const several = models.length > 0;
  return {
    width: 320,
    height: 320,
    ...withGuides(guides, {
      encoding: {
        x,
        color: several ? { ...word('model' as const, 'Model'), sort: models } : { value: MARK },
        tooltip: [...(several ? [word('model' as const, 'Model')] : []), ...tooltip],
      },
      layer: [{ mark: { type: 'line', ...line }, transform: known(y.field), encoding: { y } }, ...over],
    }),
  };
}
