export type { ArrowLike, CategoryColumn, Columns, PlainColumn } from '../model/batch.ts';
export { columnNames, isArrowLike, rowCount } from './batch.ts';
export { append, toArrow } from './build.ts';
export { formatDay, parseDay } from './days.ts';
export { type ColumnOf, fromRows } from './from-rows.ts';
export { matches } from './matches.ts';
export { readDays } from './read-days.ts';
export { type Cell, type CellOf, toRows } from './to-rows.ts';
export { isNumeric, readCategories, readNumbers, takeRows } from './whole.ts';
