import { formatDay, readCategories, readDays, readNumbers, rowCount } from '../../columns/index.ts';
import { columnKind } from '../../columns/whole.ts';
import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { Cells, type EventRows } from './cells.ts';
import { addContracts, ContractLog, readContracts } from './contract-log.ts';
import { matchRows } from './event-match.ts';
import type { ObserveRules } from './observe-rules.ts';

/** Rows read so far, by what became of them. */
export interface EventCounts {
  rows: number;
  missingCustomer: number;
  missingDate: number;
  /** After `end`. */
  after: number;
  /** Null amounts, by column. */
  readonly missingAmount: number[];
  /** By as-of date: rows after it. */
  readonly later: number[];
  /** By as-of date: rows up to it of which a time lies after it. */
  readonly late: number[];
}

/** Gathers events batch by batch into cells per customer and date; holds no row but starts and endings of contracts. */
export class EventLog {
  readonly rules: ObserveRules;
  readonly texts: string[] = [];
  readonly cells: Cells;
  readonly contracts: ContractLog = new ContractLog();
  readonly counts: EventCounts;
  private readonly places = new Map<string, number>();

  constructor(rules: ObserveRules) {
    this.rules = rules;
    this.cells = new Cells(rules.kinds);
    this.counts = {
      ...{ rows: 0, missingCustomer: 0, missingDate: 0, after: 0 },
      missingAmount: rules.columns.map(() => 0),
      later: rules.asOf.map(() => 0),
      late: rules.asOf.map(() => 0),
    };
  }

  /** The customers in UTF-16 order of their ids. */
  inOrder(): readonly number[] {
    return this.texts.toSorted().map((id) => this.places.get(id)!);
  }

  /** The customer of an id, a new one if need be. */
  place(id: string): number {
    const place = this.places.get(id) ?? this.texts.push(id) - 1;
    this.places.set(id, place);
    return place;
  }

  add(batch: Columns): void {
    const { rules } = this;
    const rows = rowCount(batch);
    // Everything is read before anything is counted: a batch that is refused leaves no trace.
    const ids = readCategories(batch, rules.options.customer);
    const days = readDays(batch, rules.options.date);
    const known = knownDays(batch, days, rules);
    const hits = rules.matches.map((match) => matchRows(batch, match));
    const amounts = rules.columns.map((column) => amountsOf(batch, column));
    const contracts = rules.contract === null ? null : readContracts(batch, rows, rules.contract);
    const customers = this.sift(ids, days, known);

    this.cells.makeRoom(this.texts.length);
    const seen: EventRows = { customers, days, known };
    this.cells.gather(
      rules.slots,
      rules.asOf,
      seen,
      rules.slots.map(({ match }) => hits[match] ?? null),
      rules.slots.map(({ column }) => amounts[column] ?? null),
    );
    if (rules.fraud >= 0) this.markFraud(seen, hits[rules.fraud]!);
    amounts.forEach((column, c) => {
      for (let row = 0; row < rows; row++)
        if (customers[row]! >= 0 && column[row] !== column[row]) this.counts.missingAmount[c]!++;
    });
    if (contracts !== null) addContracts(this.contracts, contracts, customers, days);
  }

  /** Counts rows, and gives the customers of those that count; −1 for the others. */
  private sift(ids: ReturnType<typeof readCategories>, days: Float64Array, known: Float64Array): Int32Array {
    const { counts, rules } = this;
    const customers = new Int32Array(days.length).fill(-1);
    const places = new Int32Array(ids.levels.length).fill(-1);
    counts.rows += days.length;
    for (let row = 0; row < days.length; row++) {
      const code = ids.codes[row]!;
      const day = days[row]!;
      if (code < 0) counts.missingCustomer++;
      else if (day !== day) counts.missingDate++;
      else if (day > rules.end) counts.after++;
      else {
        if (places[code]! < 0) places[code] = this.place(ids.levels[code]!);
        customers[row] = places[code]!;
        for (let date = 0; date < rules.asOf.length; date++)
          if (day > rules.asOf[date]!) counts.later[date]!++;
          else if (known[row]! > rules.asOf[date]!) counts.late[date]!++;
      }
    }
    return customers;
  }

  private markFraud({ customers, days }: EventRows, hits: Uint8Array): void {
    for (let row = 0; row < customers.length; row++) {
      if (customers[row]! < 0 || hits[row] === 0) continue;
      const own = this.cells.of(customers[row]!);
      own[0] = Math.min(own[0]!, days[row]!);
    }
  }

  /** Takes in what another log of the same rules gathered. */
  merge(other: EventLog): void {
    const places = other.texts.map((id) => this.place(id));
    this.cells.makeRoom(this.texts.length);
    places.forEach((customer, theirs) => {
      this.cells.merge(customer, other.cells.of(theirs).slice());
      for (const event of (other.contracts.byCustomer[theirs] ?? []).slice()) {
        const product = this.contracts.place(other.contracts.products[event.product]!);
        this.contracts.add({ ...event, customer, product });
      }
    });
    this.contracts.missingProduct += other.contracts.missingProduct;
    const { missingAmount, later, late, ...single } = other.counts;
    for (const key of Object.keys(single) as (keyof typeof single)[]) this.counts[key] += single[key];
    for (const [own, theirs] of [
      [this.counts.missingAmount, missingAmount],
      [this.counts.later, later],
      [this.counts.late, late],
    ] as const)
      theirs.forEach((count, i) => {
        own[i]! += count;
      });
  }
}

/** From which day on an event is known: the latest of its days. */
function knownDays(batch: Columns, days: Float64Array, { options, asOf, end }: ObserveRules): Float64Array {
  const known = days.slice();
  for (const column of options.times ?? []) {
    const times = readDays(batch, column);
    for (let row = 0; row < known.length; row++) if (times[row]! > known[row]!) known[row] = times[row]!;
  }
  if (options.late === 'refuse')
    for (let row = 0; row < known.length; row++) {
      const date = days[row]! > end ? undefined : asOf.find((day) => days[row]! <= day && known[row]! > day);
      if (date !== undefined)
        fail(
          'invalid-value',
          `row ${row}: an event of ${formatDay(days[row]!)} has a time of ${formatDay(known[row]!)}, after the as-of date ${formatDay(date)}; correct it, or choose late: "leave-out"`,
        );
    }
  return known;
}

function amountsOf(batch: Columns, column: string): Float64Array {
  if (columnKind(batch, column) === 'day')
    fail('wrong-type', `column "${column}" holds days, no amounts: use the families daysSince and tenure`);
  return readNumbers(batch, column);
}
