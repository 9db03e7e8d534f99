import { PALETTE, RAMP } from './palette.ts';

const SCHEMA = 'https://vega.github.io/schema/vega-lite/v5.json';

/** A test of one column: data, not an expression to evaluate. */
export interface Predicate<Column extends string = string> {
  readonly field: Column;
  readonly valid?: boolean;
  readonly equal?: string | boolean;
  readonly oneOf?: readonly string[];
  readonly lt?: number;
  readonly lte?: number;
  readonly gt?: number;
}

/** How a column of the rows, or a constant, is shown. */
export interface Channel<Column extends string = string> {
  readonly field?: Column;
  readonly type?: 'quantitative' | 'nominal' | 'ordinal';
  readonly title?: string | null;
  readonly format?: string;
  readonly value?: string | number;
  readonly datum?: string | number;
  /** A list, or null: as the rows come. */
  readonly sort?: null | 'descending' | readonly string[];
  readonly scale?: { readonly [key: string]: unknown };
  readonly axis?: null | { readonly [key: string]: unknown };
  readonly legend?: null | { readonly [key: string]: unknown };
  readonly header?: { readonly [key: string]: unknown };
  readonly condition?: { readonly test: Predicate<Column>; readonly value: string };
}

export type MarkName = 'area' | 'bar' | 'rect' | 'circle' | 'line' | 'rule' | 'text';

/** What is drawn: a mark, or layers of them, or one such view per value of a column. Keys are those of Vega-Lite. */
export interface View<Column extends string = string> {
  /** Of a layer that does not show the rows of the chart. */
  readonly data?: { readonly values: readonly object[] };
  readonly mark?: MarkName | { readonly type: MarkName; readonly [key: string]: unknown };
  readonly encoding?: { readonly [channel: string]: Channel<Column> | readonly Channel<Column>[] };
  readonly layer?: readonly View<Column>[];
  readonly transform?: readonly { readonly filter: Predicate<Column> }[];
  readonly facet?: Channel<Column>;
  readonly spec?: View<Column>;
  /** Facets side by side. */
  readonly columns?: number;
  readonly width?: number | { readonly step: number };
  readonly height?: number | { readonly step: number };
}

/** Columns of a row of chart data. */
export type Cells<Row> = { readonly [Column in keyof Row]: string | number | boolean | null };

/**
 * A Vega-Lite 5 spec, plain JSON: for vega-embed, a file, or a notebook by way of `display`. The chart data are the rows
 * of `data.values`. To change anything else, lay it over: `{ ...chart, width: 600 }`.
 */
export interface Chart<Row extends Cells<Row>> extends View<keyof Row & string> {
  readonly $schema: string;
  readonly title: { readonly text: string; readonly subtitle: readonly string[] };
  /** For readers who do not see the chart. */
  readonly description: string;
  readonly data: { readonly values: readonly Row[] };
  readonly config: { readonly [key: string]: unknown };
}

/** What every chart has beside its rows and its view. */
export interface Caption {
  readonly title: string;
  readonly subtitle?: readonly string[];
  readonly description: string;
}

/** The spec of rows and a view that shows their columns. */
export function chart<Row extends Cells<Row>>(
  { title, subtitle = [], description }: Caption,
  values: readonly Row[],
  view: Omit<View<keyof Row & string>, 'data'>,
): Chart<Row> {
  return {
    $schema: SCHEMA,
    title: { text: title, subtitle },
    description,
    data: { values },
    ...view,
    config: {
      range: { category: PALETTE, ramp: { scheme: RAMP }, heatmap: { scheme: RAMP } },
      view: { stroke: null },
      title: { anchor: 'start' },
      axis: { labelLimit: 400 },
      legend: { labelLimit: 400, titleLimit: 400 },
    },
  };
}

/** An amount or share on an axis, as a size or in a tooltip. */
export function quantity<Column extends string>(
  field: Column,
  title: string,
  format?: string,
): Channel<Column> & { readonly title: string } {
  return { field, type: 'quantitative', title, ...(format === undefined ? {} : { format }) };
}

/** Names on an axis, as colours, as text or in a tooltip. */
export function word<Column extends string>(field: Column, title?: string): Channel<Column> {
  return { field, type: 'nominal', ...(title === undefined ? {} : { title }) };
}

/** A name with its unit: `withUnit('total', '¥') // 'total (¥)'`. */
export function withUnit(name: string, unit: string | undefined): string {
  return unit === undefined ? name : `${name} (${unit})`;
}

/** Only rows that have a value: Vega would show null as 0. */
export function known<Column extends string>(field: Column): readonly { readonly filter: Predicate<Column> }[] {
  return [{ filter: { field, valid: true } }];
}

/** A share as text: `percent(0.125) // '12.5 %'`. */
export function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}

/** A number as text: four digits, or all of those before the point. */
export function rounded(value: number): string {
  return `${Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(4))}`;
}

/** JSON holds no NaN, no infinity and no −0. */
export function cell(value: number): number | null {
  return Number.isFinite(value) ? value + 0 : null;
}
