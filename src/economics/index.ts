export type { CrossTable } from './cross-table.ts';
export { crossTable } from './cross-table.ts';
export type { GroupRow, MeasureSummary } from './group-summary.ts';
export { groupSummary } from './group-summary.ts';
export type { RiskColumns, RiskGroup, RiskPart, ValueAtRisk } from './value-at-risk.ts';
export { valueAtRisk } from './value-at-risk.ts';
