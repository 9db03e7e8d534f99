import { placed } from './build-tables.ts';
import type { Job } from './spec.ts';
import { campaignColumns } from './summary-spec.ts';
import { columnOf, type Table } from './table.ts';

/** What the job says of the table is looked up before the long work, so that a slip of the pen costs no time. */
export function requireTableColumns(
  { pipeline: { id, active, folds, sensitive = [] }, outputs }: Job,
  base: Table,
): void {
  requireColumns(base, 'job.pipeline.id', [id]);
  requireColumns(base, 'job.pipeline.active', active ? [active.column] : []);
  requireColumns(base, 'job.pipeline.folds', foldColumns(folds));
  requireColumns(base, 'job.pipeline.sensitive', sensitive);
  requireColumns(base, 'job.outputs.keep', outputs.keep ?? []);
}

/** Names the summary uses may be columns of the table or outputs of the pipeline. */
export function requireSummaryColumns({ outputs: { summary = {} } }: Job, all: Table): void {
  const { churn, value, segment, tier, owner, totals = [], compare = [], means = [] } = summary;
  const single = { churn, value, segment, tier, owner };
  for (const [key, name] of Object.entries(single))
    requireColumns(all, `job.outputs.summary.${key}`, name ? [name] : []);
  for (const [term, name] of Object.entries(campaignColumns(summary.campaign)))
    requireColumns(all, `job.outputs.summary.campaign.${term}`, [name]);
  requireColumns(all, 'job.outputs.summary.totals', totals);
  for (const [i, { expected, actual }] of compare.entries())
    requireColumns(all, `job.outputs.summary.compare[${i}]`, [expected, actual]);
  for (const [i, { of, by }] of means.entries()) requireColumns(all, `job.outputs.summary.means[${i}]`, [of, ...by]);
}

function foldColumns(folds: Job['pipeline']['folds']): readonly string[] {
  if (folds === undefined) return [];
  if (!('rule' in folds)) return folds.by === undefined ? [] : [folds.by];
  return folds.rule === 'temporal' ? [folds.asOf ?? 'asOf'] : [];
}

function requireColumns(table: Table, place: string, names: readonly string[]): void {
  try {
    for (const name of names) columnOf(table, name);
  } catch (error) {
    throw placed(error, place);
  }
}
