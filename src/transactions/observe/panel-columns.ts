import { formatDay } from '../../columns/index.ts';
import type { CategoryColumn } from '../../model/batch.ts';
import type { EventLog } from './event-log.ts';
import { featureReader, ratios } from './feature-values.ts';
import { labelOf } from './label-values.ts';
import { CHURN_TYPES } from './options.ts';
import type { Panel, PanelDate, PanelReport } from './panel.ts';
import { BEYOND } from './slots.ts';
import { inForce, productSpells, type Spell } from './spells.ts';

const OUTCOMES: readonly string[] = ['none', ...CHURN_TYPES];

/** A customer of the log, with contracts where they tell who is there. */
interface Customer {
  readonly id: string;
  readonly cells: Float64Array;
  readonly spells: readonly Spell[] | null;
}

/** The panel of everything gathered. */
export function panelOf(log: EventLog): Panel {
  const { rules, contracts } = log;
  const { asOf, options, horizon } = rules;
  const customers = log.inOrder().map(
    (place): Customer => ({
      id: log.texts[place]!,
      cells: log.cells.of(place),
      spells: rules.contract === null ? null : productSpells(contracts.of(place)),
    }),
  );
  const who = asOf.map((_, date) => present(log, customers, date));
  const starts = [0];
  for (const { there } of who) starts.push(starts.at(-1)! + there.length);
  const total = starts.at(-1)!;
  const column = (): Float64Array => new Float64Array(total);
  const [days, churned, types] = [column(), column(), new Int32Array(total)];
  const features = Object.fromEntries(options.features.map(({ name }) => [name, column()]));
  const read = rules.features.filter(([{ family }]) => family !== 'ratio');
  const made = read.map(([{ name }]) => features[name]!);
  const unlabelled = asOf.map(() => ({ beyondEnd: 0, fraud: 0, gap: 0 }));
  who.forEach(({ there }, date) => {
    const day = asOf[date]!;
    const base = baseOf(log, date);
    const readers = read.map(([feature, slots]) => featureReader(feature, slots, rules.entry, day));
    for (let i = 0; i < there.length; i++) {
      const row = starts[date]! + i;
      const { cells, spells } = customers[there[i]!]!;
      for (let f = 0; f < readers.length; f++) made[f]![row] = readers[f]!(cells, base) + 0;
      const returned = rules.returned === null ? 0 : cells[base + rules.returned.at]!;
      const happened = labelOf(rules, day, spells, returned, cells[0]!);
      days[row] = day;
      churned[row] = happened.churned;
      types[row] = happened.type === null ? -1 : OUTCOMES.indexOf(happened.type);
      if (happened.unlabelled !== null) unlabelled[date]![happened.unlabelled]++;
    }
  });
  for (const [feature] of rules.features)
    if (feature.family === 'ratio')
      features[feature.name] = ratios(features[feature.feature]!, features[feature.over]!);
  const labels: { [name: string]: Float64Array | CategoryColumn } = {};
  if (options.label !== undefined) labels.churned = churned;
  if (rules.contract !== null) labels.churnType = { codes: types, levels: OUTCOMES };
  const columns = {
    customer: idColumn(
      who.flatMap(({ there }) => there),
      customers,
    ),
    asOf: days,
    ...features,
    ...labels,
  };
  const dates = who.map(({ there, notYet }, date): PanelDate => {
    const own = churned.subarray(starts[date]!, starts[date + 1]!);
    return {
      asOf: formatDay(asOf[date]!),
      rows: there.length,
      notYet,
      gone: customers.length - there.length - notYet,
      later: log.counts.later[date]!,
      late: log.counts.late[date]!,
      churned: own.reduce((n, y) => (y === 1 ? n + 1 : n), 0),
      kept: own.reduce((n, y) => (y === 0 ? n + 1 : n), 0),
      unlabelled: unlabelled[date]!,
    };
  });
  return {
    columns: columns as unknown as Panel['columns'],
    features: options.features.map(({ name }) => name),
    labels: Object.keys(labels),
    asOf: asOf.map(formatDay),
    window: options.window,
    gap: rules.gap,
    horizon: options.label === undefined ? null : { every: horizon, unit: 'day' },
    lookAhead: rules.lookAhead,
    report: reportOf(log, customers, dates),
  };
}

/** Where a customer's cells of a date begin. */
function baseOf({ rules }: EventLog, date: number): number {
  return 1 + date * rules.perDate;
}

/** Who is there on a date, and how many are not known yet. */
function present(
  log: EventLog,
  customers: readonly Customer[],
  date: number,
): { readonly there: readonly number[]; readonly notYet: number } {
  const { asOf, entry, present: active } = log.rules;
  const base = baseOf(log, date);
  const there: number[] = [];
  let notYet = 0;
  customers.forEach(({ cells, spells }, place) => {
    if (cells[base + entry.at] === BEYOND) notYet++;
    else if (spells === null ? cells[base + active!.at]! > 0 : spells.some((spell) => inForce(spell, asOf[date]!)))
      there.push(place);
  });
  return { there, notYet };
}

/** The customers who are rows, in the order of their ids. */
function idColumn(rows: readonly number[], customers: readonly Customer[]): CategoryColumn {
  const codes = new Int32Array(customers.length).fill(-1);
  for (const place of rows) codes[place] = 0;
  const levels: string[] = [];
  customers.forEach(({ id }, place) => {
    if (codes[place] === 0) codes[place] = levels.push(id) - 1;
  });
  return { codes: Int32Array.from(rows, (place) => codes[place]!), levels };
}

function reportOf(log: EventLog, customers: readonly Customer[], dates: readonly PanelDate[]): PanelReport {
  const { counts, contracts, rules } = log;
  const { rows, after, missingCustomer, missingDate, missingAmount } = counts;
  return {
    rows,
    used: rows - after - missingCustomer - missingDate,
    after,
    missing: {
      customer: missingCustomer,
      date: missingDate,
      product: contracts.missingProduct,
      amount: Object.fromEntries(rules.columns.map((column, c) => [column, missingAmount[c]!])),
    },
    customers: customers.length,
    dates,
    warnings: dates.flatMap((date, d) => warningsOf(log, customers, date, d)),
  };
}

function warningsOf(log: EventLog, customers: readonly Customer[], found: PanelDate, date: number): readonly string[] {
  const { asOf, end, entry, lookAhead, options } = log.rules;
  if (found.rows === 0) return [`as of ${found.asOf} there is no customer`];
  const warnings: string[] = [];
  const from = asOf[date]! - options.window + 1;
  const at = baseOf(log, date) + entry.at;
  const first = customers.reduce((least, { cells }) => Math.min(least, cells[at]!), BEYOND);
  if (from < first)
    warnings.push(
      `the window as of ${found.asOf} begins on ${formatDay(from)}, before the first event of all on ${formatDay(first)}`,
    );
  if (found.late > 0)
    warnings.push(
      `as of ${found.asOf} the features do not see ${found.late} events up to it: ${(options.times ?? []).map((name) => `"${name}"`).join(', ')} runs past that date; choose late: "refuse" to find them`,
    );
  if (options.label !== undefined && asOf[date]! + lookAhead > end)
    warnings.push(
      `as of ${found.asOf} no row has a label: it is known ${lookAhead} days later, after end ${formatDay(end)}`,
    );
  return warnings;
}
