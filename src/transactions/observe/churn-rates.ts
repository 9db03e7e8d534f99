import { formatDay, readCategories, readDays, rowCount } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { knownOptions, list, names } from '../../model/options.ts';
import { sum } from '../../numerics/sum.ts';
import { batchesOf } from './batches.ts';
import { checkContract, dayOption } from './check-options.ts';
import { addContracts, ContractLog, readContracts, SAYS } from './contract-log.ts';
import { CHURN_TYPES, type ChurnType, type ContractRules } from './options.ts';
import { firmSpells, inForce, productSpells, productType, revenueAt, type Spell } from './spells.ts';

export interface ChurnRatesOptions {
  /** Column of the customer id. */
  readonly customer: string;
  /** Column of the event's UTC day. */
  readonly date: string;
  readonly contract: ContractRules;
  /** Column of the revenue per period that a start brings, from that day on. Default: no revenue churn. */
  readonly revenue?: string;
  /** Dates that bound the windows: from the end of one to the end of the next, (from, to]. At least two, ascending. */
  readonly cuts: readonly string[];
  /** Last day the events are complete to. Later ones are ignored. */
  readonly end: string;
}

/** Lost units of one type, over the base at the start; null when that is 0. */
export interface TypeRate {
  readonly lost: number;
  readonly rate: number | null;
  readonly revenueRate: number | null;
}

/** Rates of one window. Units are customers, or contracts: products of customers. `atEnd = atStart − lost + wonBack + joined − joinedAndLeft`. */
export interface WindowRates {
  readonly atStart: number;
  readonly atEnd: number;
  /** There at the start, and ended in the window. */
  readonly lost: number;
  /** There at the end again, after an ending in this window or before it. */
  readonly wonBack: number;
  /** Began in the window for the first time. */
  readonly joined: number;
  /** Of those, not there at its end: neither lost nor in the base. */
  readonly joinedAndLeft: number;
  /** lost ÷ atStart. */
  readonly churnRate: number | null;
  /** lost ÷ the mean of atStart and atEnd. */
  readonly churnRateOfMean: number | null;
  /** (lost − wonBack) ÷ atStart. */
  readonly netChurnRate: number | null;
  /** 1 − churnRate. */
  readonly loyalty: number | null;
  readonly types: { readonly [type in ChurnType]: TypeRate };
  /** Per period; null without a revenue column. */
  readonly revenue: {
    readonly atStart: number;
    readonly atEnd: number;
    /** Revenue at the start of those lost. */
    readonly lost: number;
    /** Revenue at the end of those won back. */
    readonly wonBack: number;
    /** lost ÷ atStart. */
    readonly churnRate: number | null;
    /** (lost − wonBack) ÷ atStart. */
    readonly netChurnRate: number | null;
    /** What those not lost bring at the end more than at the start. */
    readonly changeOfKept: number;
  } | null;
}

export interface ChurnWindow {
  readonly from: string;
  readonly to: string;
  /** Customers: lost with the last product. No internal transfers. */
  readonly firm: WindowRates;
  /** Contracts of all products. */
  readonly product: WindowRates;
  readonly products: readonly { readonly product: string; readonly rates: WindowRates }[];
}

export interface ChurnRatesResult {
  readonly windows: readonly ChurnWindow[];
  readonly rows: number;
  /** Rows left out: after `end`, or with a null. */
  readonly after: number;
  readonly missing: {
    readonly customer: number;
    readonly date: number;
    readonly product: number;
    /** Starts without a revenue: it counts as 0. */
    readonly revenue: number;
  };
  readonly warnings: readonly string[];
}

/**
 * Churn rates of contracts, window by window (S74, S75): customers and products; gross, net of win-backs and of revenue;
 * by type. In force on a day are contracts that began on it or before and end later. At the firm, a customer is lost
 * with the last product, unless another one follows within `transferWithin` days.
 *
 * @param events starts and endings, as `observe` takes them
 * @throws ClienteleError `invalid-option`, `unknown-column`, `wrong-type`, `invalid-value`
 * @example
 * const { windows } = churnRates(
 *   { id: ['a', 'b', 'c', 'b'], day: [0, 0, 0, 20], what: ['on', 'on', 'on', 'off'] },
 *   {
 *     customer: 'id', date: 'day', end: '1970-01-31', cuts: ['1970-01-01', '1970-01-31'],
 *     contract: { starts: { what: 'on' }, ends: { what: 'off' } },
 *   },
 * );
 * windows[0].firm.churnRate // 0.3333333333333333
 */
export function churnRates(events: Columns | Iterable<Columns>, options: ChurnRatesOptions): ChurnRatesResult {
  const { contract, revenue } = knownOptions(options, 'churnRates', 'customer date contract revenue cuts end');
  names({ customer: options.customer, date: options.date });
  if (revenue !== undefined) names({ revenue });
  checkContract(contract, 'contract');
  const end = dayOption(options.end, 'end');
  const cuts = list(options.cuts, 'cuts').map((cut) => dayOption(cut, 'cuts'));
  if (cuts.length < 2) fail('invalid-option', 'invalid cuts: name at least two dates');
  cuts.forEach((cut, i) => {
    if (i > 0 && cut <= cuts[i - 1]!) fail('invalid-option', `cuts: ${formatDay(cut)} must lie after the one before`);
    if (cut > end) fail('invalid-option', `cuts: ${formatDay(cut)} lies after end ${options.end}`);
  });
  const { transferWithin = 0 } = contract;

  const { log, texts, counts } = gather(events, options, end);
  const order = texts.map((_, customer) => customer).sort((a, b) => (texts[a]! < texts[b]! ? -1 : 1));
  const customers = order.map((customer) => productSpells(log.of(customer)));
  const firm = customers.map(
    (spells): Unit => ({
      spells: firmSpells(spells, transferWithin),
      revenue: (day) => spells.reduce((total, spell) => total + revenueAt(spell, day), 0),
    }),
  );
  const contracts = customers.flatMap((spells) => contractUnits(spells, transferWithin));
  const products = log.products.toSorted().map((product) => ({ product, place: log.products.indexOf(product) }));
  const paid = revenue !== undefined;
  const windows = cuts.slice(1).map((to, i): ChurnWindow => {
    const from = cuts[i]!;
    return {
      from: formatDay(from),
      to: formatDay(to),
      firm: ratesOf(firm, from, to, paid),
      product: ratesOf(contracts, from, to, paid),
      products: products.map(({ product, place }) => ({
        product,
        rates: ratesOf(
          contracts.filter((unit) => unit.product === place),
          from,
          to,
          paid,
        ),
      })),
    };
  });
  const open = cuts.at(-1)! + transferWithin;
  const warnings =
    open > end
      ? [
          `transfers of the last window are known on ${formatDay(open)}, after end ${options.end}: some may count as lost`,
        ]
      : [];
  return { windows, ...counts, warnings };
}

/** What is lost and won: a customer, or one product of a customer. */
interface Unit {
  readonly product?: number;
  readonly spells: readonly { readonly start: number; readonly end: number; readonly type: ChurnType }[];
  readonly revenue: (day: number) => number;
}

function contractUnits(spells: readonly Spell[], within: number): readonly Unit[] {
  return [...new Set(spells.map(({ product }) => product))].map((product) => {
    const own = spells.filter((spell) => spell.product === product);
    return {
      product,
      spells: own.map((spell) => ({ ...spell, type: productType(spell, spells, within) })),
      revenue: (day) => own.reduce((total, spell) => total + revenueAt(spell, day), 0),
    };
  });
}

function ratesOf(units: readonly Unit[], from: number, to: number, paid: boolean): WindowRates {
  const there = units.filter(({ spells }) => spells.some((spell) => inForce(spell, from)));
  const ending = (unit: Unit) => unit.spells.find((spell) => inForce(spell, from) && spell.end <= to);
  const atEnd = (unit: Unit): boolean => unit.spells.some((spell) => inForce(spell, to));
  const lost = there.filter((unit) => ending(unit) !== undefined);
  const joined = units.filter(({ spells }) => spells.length > 0 && spells[0]!.start > from && spells[0]!.start <= to);
  const wonBack = units.filter(
    ({ spells }) =>
      spells.length > 0 && spells[0]!.start <= from && spells.some((spell) => spell.start > from && inForce(spell, to)),
  );
  const paidOn = (some: readonly Unit[], day: number): number => sum(some.map((unit) => unit.revenue(day)));
  const base = paidOn(there, from);
  const ends = units.filter(atEnd);
  const kept = there.filter((unit) => ending(unit) === undefined);
  const [paidLost, paidBack] = [paidOn(lost, from), paidOn(wonBack, to)];
  return {
    atStart: there.length,
    atEnd: ends.length,
    lost: lost.length,
    wonBack: wonBack.length,
    joined: joined.length,
    joinedAndLeft: joined.filter((unit) => !atEnd(unit)).length,
    churnRate: over(lost.length, there.length),
    churnRateOfMean: over(lost.length, (there.length + ends.length) / 2),
    netChurnRate: over(lost.length - wonBack.length, there.length),
    loyalty: over(there.length - lost.length, there.length),
    types: Object.fromEntries(
      CHURN_TYPES.map((type): [ChurnType, TypeRate] => {
        const own = lost.filter((unit) => ending(unit)!.type === type);
        return [
          type,
          {
            lost: own.length,
            rate: over(own.length, there.length),
            revenueRate: paid ? over(paidOn(own, from), base) : null,
          },
        ];
      }),
    ) as WindowRates['types'],
    revenue: paid
      ? {
          atStart: base,
          atEnd: paidOn(ends, to),
          lost: paidLost,
          wonBack: paidBack,
          churnRate: over(paidLost, base),
          netChurnRate: over(paidLost - paidBack, base),
          changeOfKept: paidOn(kept, to) - paidOn(kept, from),
        }
      : null,
  };
}

function over(part: number, base: number): number | null {
  return base === 0 ? null : part / base;
}

interface Gathered {
  readonly log: ContractLog;
  readonly texts: readonly string[];
  readonly counts: Pick<ChurnRatesResult, 'rows' | 'after' | 'missing'>;
}

function gather(events: Columns | Iterable<Columns>, options: ChurnRatesOptions, end: number): Gathered {
  const log = new ContractLog();
  const places = new Map<string, number>();
  let [rows, after] = [0, 0];
  const missing = { customer: 0, date: 0, product: 0, revenue: 0 };
  for (const batch of batchesOf(events)) {
    const count = rowCount(batch);
    const ids = readCategories(batch, options.customer);
    const days = readDays(batch, options.date);
    const told = readContracts(batch, count, options.contract, options.revenue);
    const customers = new Int32Array(count).fill(-1);
    rows += count;
    for (let row = 0; row < count; row++) {
      const code = ids.codes[row]!;
      const day = days[row]!;
      if (code < 0) missing.customer++;
      else if (day !== day) missing.date++;
      else if (day > end) after++;
      else {
        const id = ids.levels[code]!;
        if (!places.has(id)) places.set(id, places.size);
        customers[row] = places.get(id)!;
        if ((told.says[row]! & SAYS.start) !== 0 && told.revenue[row] !== told.revenue[row]) missing.revenue++;
      }
    }
    addContracts(log, told, customers, days);
  }
  missing.product = log.missingProduct;
  return { log, texts: [...places.keys()], counts: { rows, after, missing } };
}
