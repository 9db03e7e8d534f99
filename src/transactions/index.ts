export * from './observe/index.ts';
export type { SummaryState } from './read-summary-state.ts';
export { summarize } from './summarize.ts';
export type { HoldoutColumns, Summary, SummaryColumns, SummaryOptions, SummaryReport } from './summary.ts';
export { type SummaryAccumulator, summaryAccumulator, summaryAccumulatorFromJSON } from './summary-accumulator.ts';
