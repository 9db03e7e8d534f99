export { summarize } from './summarize.ts';
export type { HoldoutColumns, Summary, SummaryColumns, SummaryOptions, SummaryReport } from './summary.ts';
export { type SummaryAccumulator, summaryAccumulator } from './summary-accumulator.ts';
