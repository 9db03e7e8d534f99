import type { JobModel } from '../job/index.ts';
import { takenOut } from '../job/sensitive.ts';
import { DAYS, type Field } from '../model/field.ts';
import { takenOutLines } from './render-coverage.ts';
import { decimal, heldOutBy, textTable } from './text-table.ts';

/** What a fitted job needs, gives, and how good it was. */
export function renderModel({ job, model }: JobModel): string {
  const steps = model.steps.map((step) => [
    step.kind,
    step.inputs.length,
    step.outputs.map(({ name }) => name).join(', '),
    step.fit.rows,
    step.fit.status,
  ]);
  const heldOut = model.fit.heldOut.map(({ output, metrics }) => [
    output,
    metrics.rows,
    decimal(metrics.rocAuc, 4),
    decimal(metrics.logLoss, 4),
    decimal(metrics.brier, 4),
  ]);
  return [
    `${job.title ?? 'A clientele job'}: reads ${Object.keys(job.sources).join(', ')}; fitted on ${model.fit.rows} rows, ${model.fit.activeRows} of them active.`,
    `Steps\n${textTable(['kind', 'inputs', 'outputs', 'rows', 'status'], steps)}`,
    `Needs\n${textTable(['column', 'type', ''], model.inputs.map(fieldRow))}`,
    `Gives\n${textTable(['column', 'type', ''], model.outputs.map(fieldRow))}`,
    heldOut.length === 0
      ? ''
      : `Held out, ${heldOutBy(model.fit.folds, model.fit.validation)}\n${textTable(['output', 'rows', 'AUC', 'log loss', 'Brier'], heldOut)}`,
    ...takenOutLines(takenOut(job)),
    ...model.steps.flatMap(coefficients),
    model.fit.warnings.length === 0 ? '' : `Notes\n${model.fit.warnings.map((w) => `  ${w}`).join('\n')}`,
  ]
    .filter((part) => part !== '')
    .join('\n\n');
}

function fieldRow(field: Field): readonly string[] {
  const { unit } = field;
  const notes = [
    unit === undefined ? '' : unit in DAYS ? `${unit}s` : unit,
    field.levels ? field.levels.slice(0, 8).join(' | ') + (field.levels.length > 8 ? ' …' : '') : '',
    field.horizon === null ? 'horizon unknown: may rank and cut, not discount' : '',
    field.horizon ? `within ${field.horizon.every} ${field.horizon.unit}` : '',
    field.annuity ? `${field.annuity.periods} × ${field.annuity.unit} at ${field.annuity.discount}` : '',
  ];
  return [field.name, field.type, notes.filter((note) => note !== '').join('; ')];
}

interface Coefficient {
  readonly name: string;
  readonly estimate: number;
  readonly standardError: number | null;
  readonly oddsRatio: number;
}

/** The coefficient tables that regressions leave in their fit reports. */
function coefficients(step: { readonly kind: string; readonly fit: object }): readonly string[] {
  const fit = step.fit as { readonly coefficients?: readonly Coefficient[] };
  if (!Array.isArray(fit.coefficients)) return [];
  const rows = fit.coefficients.map((c) => [
    c.name,
    decimal(c.estimate, 4),
    decimal(c.standardError, 4),
    decimal(c.oddsRatio, 3),
  ]);
  return [`Coefficients of ${step.kind}\n${textTable(['term', 'estimate', 'std. error', 'odds ratio'], rows)}`];
}
