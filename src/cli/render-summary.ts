import type { Summary } from '../job/index.ts';
import { nullLines, tableLines, takenOutLines } from './render-coverage.ts';
import { renderCampaign, renderWarnings } from './render-warnings.ts';
import { decimal, heldOutBy, money, percent, percentLevel, range, textTable } from './text-table.ts';

/** A summary as text for a terminal. */
export function renderSummary(summary: Summary, files: readonly string[]): string {
  const parts = [
    summary.title ?? '',
    customers(summary),
    quality(summary),
    collinear(summary),
    totals(summary),
    segments(summary),
    riskByTier(summary),
    sensitive(summary),
    comparisons(summary),
    means(summary),
    renderCampaign(summary),
    renderWarnings(summary),
    list('Notes from the fits', [...summary.sizeWarnings.map(({ text }) => text), ...summary.notes]),
    list('Written', files),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function customers({
  customers: { trained, scored, inactive },
  newCustomers,
  tables,
  nulls,
  unseenLevels,
}: Summary): string {
  const lines = [
    `Customers: ${trained} in the table, ${scored} active and scored${inactive > 0 ? `, ${inactive} no longer customers: they train and appear nowhere else` : ''}.`,
  ];
  if (newCustomers !== null) lines.push(`New customers: ${newCustomers} (flagged; too little is known of them).`);
  lines.push(...tableLines(tables), ...nullLines(nulls));
  for (const [input, n] of Object.entries(unseenLevels)) lines.push(`Unknown levels in ${input}: ${n}.`);
  return lines.join('\n');
}

function quality({ heldOut, folds, validation }: Summary): string {
  if (heldOut.length === 0) return '';
  const rows = heldOut.map(({ output, metrics: m }) => [
    output,
    m.rows,
    percent(m.baseRate),
    percent(m.meanProbability),
    `${decimal(m.rocAuc, 4)}${m.rocAucStandardError === null ? '' : ` ± ${decimal(1.96 * m.rocAucStandardError, 4)}`}`,
    decimal(m.logLoss, 4),
    decimal(m.brier, 4),
    decimal(m.topDecileLift, 2),
    decimal(m.calibrationSlope, 2),
  ]);
  const head = ['output', 'rows', 'base rate', 'mean p', 'AUC (95 %)', 'log loss', 'Brier', 'lift 10 %', 'slope'];
  return `Models on rows they had not seen (${heldOutBy(folds, validation)})\n${textTable(head, rows)}`;
}

function collinear({ vif }: Summary): string {
  const known = vif.flatMap(({ column, vif: v }) => (v === null ? [] : [{ column, v }])).sort((a, b) => b.v - a.v);
  if (known.length === 0) return '';
  const top = known.slice(0, 6).map(({ column, v }) => `${column} ${decimal(v, 1)}`);
  return `Collinearity of the churn features (variance inflation, highest first): ${top.join(', ')}.`;
}

function totals({ valueAtRisk, totals: list, folds, intervals }: Summary): string {
  const rows = list.map(({ column, total }, i) => ({
    cells: [column, money(total.stored), money(total.heldOut)],
    interval: intervals?.totals[i]?.total,
  }));
  if (valueAtRisk)
    rows.push({
      cells: ['value at risk (p × value if kept)', money(valueAtRisk.stored.atRisk), money(valueAtRisk.heldOut.atRisk)],
      interval: intervals?.valueAtRisk ?? undefined,
    });
  if (rows.length === 0) return '';
  // Without a label nothing is held out: both figures are one.
  const single = folds === null;
  const head = [
    '',
    single ? 'total' : 'stored model',
    ...(intervals ? [percentLevel(intervals.level)] : []),
    ...(single ? [] : ['held out']),
  ];
  const table = rows.map(({ cells: [name, stored, heldOut], interval }) => [
    name!,
    stored!,
    ...(intervals ? [range(interval, money)] : []),
    ...(single ? [] : [heldOut!]),
  ]);
  const notes = [
    ...(single
      ? []
      : [
          '  “stored model” is what the scored files hold; “held out” comes from models that had not seen the customer.',
        ]),
    ...(intervals
      ? [
          `  Intervals: ${intervals.resamples} bootstrap samples of the customers; what the models do not know of their parameters is not in them.`,
        ]
      : []),
  ];
  return ['Totals over the scored customers', textTable(head, table), ...notes].join('\n');
}

function segments({ segments: rows, intervals, borderline }: Summary): string {
  if (rows.length === 0) return '';
  const of = (key: string) => intervals?.segments.find((own) => own.key === key);
  const level = intervals ? [percentLevel(intervals.level)] : [];
  const table = rows.map((row) => [
    row.names ? `${row.names.en} ${row.names.zh}` : row.key,
    row.customers.stored,
    row.customers.heldOut,
    percent(row.share),
    ...(intervals ? [range(of(row.key)?.share, percent)] : []),
    ...(borderline ? [borderline.groups.find(({ group }) => group === row.key)?.count ?? 0] : []),
    decimal(row.meanChurn),
    money(row.value),
    row.atRisk ? money(row.atRisk.stored) : null,
    ...(intervals ? [range(of(row.key)?.atRisk ?? undefined, money)] : []),
    row.atRisk ? money(row.atRisk.heldOut) : null,
    row.strategy?.text.en ?? '',
  ]);
  const head = [
    'segment',
    'customers',
    'held out',
    'share',
    ...level,
    ...(borderline ? ['borderline'] : []),
    'mean p',
    'value',
    'at risk',
    ...level,
    'held out',
    'strategy',
  ];
  const note = borderline
    ? `\n  Borderline: ${borderline.count} customers (${percent(borderline.share)}), whose ${percentLevel(borderline.level)} interval of p holds the cut ${borderline.cuts.map((cut) => decimal(cut)).join(', ')}.`
    : '';
  return `Segments\n${textTable(head, table)}${note}`;
}

function riskByTier({ riskByTier: table }: Summary): string {
  if (table === null) return '';
  const head = ['tier', ...table.columnLevels, 'all'];
  const rows = table.rowLevels.map((level, r) => [
    level,
    ...table.cells[r]!.map(({ atRisk }) => money(atRisk)),
    money(table.rowTotals[r]!.atRisk),
  ]);
  rows.push(['all', ...table.columnTotals.map(({ atRisk }) => money(atRisk)), money(table.total.atRisk)]);
  return `Value at risk by tier and segment\n${textTable(head, rows)}`;
}

function sensitive({ takenOut, sensitive: columns, segments: rows }: Summary): string {
  const tables = columns.map(({ column, levels }) => {
    const head = [column, 'customers', ...rows.map(({ key }) => key)];
    const table = levels.map(({ level, customers: n, shares }) => [level, n, ...shares.map(percent)]);
    return `Segment shares by ${column} (no model reads it)\n${textTable(head, table)}`;
  });
  const out = takenOutLines(takenOut).join('\n');
  return (out === '' ? tables : [out, ...tables]).join('\n\n');
}

function comparisons({ compare }: Summary): string {
  if (compare.length === 0) return '';
  const rows = compare.map(({ expected, actual, rows: n, expectedTotal, actualTotal }) => [
    expected,
    actual,
    n,
    decimal(expectedTotal, 2),
    decimal(actualTotal, 2),
    actualTotal === 0 ? null : percent(expectedTotal / actualTotal - 1),
  ]);
  return `Expectation against outcome\n${textTable(['expected', 'actual', 'customers', 'expected total', 'actual total', 'difference'], rows)}`;
}

function means({ means: list }: Summary): string {
  return list
    .map(
      ({ of, by, groups }) =>
        `Mean ${of} by ${by}\n${textTable(
          [by, 'customers', 'mean'],
          groups.map((g) => [g.group ?? 'none', g.customers, decimal(g.mean, 2)]),
        )}`,
    )
    .join('\n\n');
}

function list(title: string, items: readonly string[]): string {
  return items.length === 0 ? '' : `${title}\n${items.map((item) => `  ${item}`).join('\n')}`;
}
