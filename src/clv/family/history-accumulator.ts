import { fail } from '../../errors.ts';
import type { Columns } from '../../model/batch.ts';
import { checked, finite, listOf, oneOf, record, text, whole } from '../../model/checks.ts';
import { knownOptions, list, names as namesOf } from '../../model/options.ts';
import { type HistoryColumns, historyCounts } from './history.ts';

/** Which columns an accumulator gathers. */
export interface HistoryAccumulatorOptions extends HistoryColumns {
  readonly covariates?: readonly string[];
  /** Column of the number of customers a row stands for. */
  readonly weight?: string;
}

/** What an accumulator holds, as plain data for a file or another worker. */
export interface HistoryAccumulatorState {
  readonly kind: 'historyAccumulator';
  readonly version: 1;
  /** Columns in the order of `cells`: covariates, then frequency, recency, T. */
  readonly columns: readonly string[];
  readonly weight: string | null;
  /** Distinct tuples in ascending order, one list per column. */
  readonly cells: readonly (readonly number[])[];
  readonly customers: readonly number[];
  readonly nulls: number;
}

/** Customers grouped by their history: columns of the same names, and `customers`, how many share each row. */
export interface GroupedCustomers {
  readonly columns: { readonly [name: string]: Float64Array };
  /** Rows left out because a cell was null. */
  readonly nulls: number;
}

/** Gathers purchase histories batch by batch. */
export interface HistoryAccumulator {
  /** Reads one batch. */
  update(batch: Columns): void;
  /** Takes in what another accumulator of the same columns gathered. */
  merge(other: HistoryAccumulator): void;
  toJSON(): HistoryAccumulatorState;
  /** One row per distinct history, ascending: what an estimator fits with `weight: 'customers'`. */
  finish(): GroupedCustomers;
}

/**
 * The streaming form of a fit over more customers than fit in memory: equal histories become one row with a count, so a
 * base of weekly histories of any size comes to some hundred thousand rows. Whatever the order of updates and merges,
 * `finish` gives the same bits, and so does the fit.
 * @throws ClienteleError `invalid-option`; `update` as a fit does for a history that cannot be; `merge` for other columns
 * @example
 * const histories = historyAccumulator();
 * for await (const batch of batches) histories.update(batch);
 * bgNbd({ unit: 'week', weight: 'customers' }).fit(histories.finish().columns);
 */
export function historyAccumulator(options: HistoryAccumulatorOptions = {}): HistoryAccumulator {
  const {
    frequency = 'frequency',
    recency = 'recency',
    T = 'T',
    covariates = [],
    weight,
  } = knownOptions(options, 'historyAccumulator', 'covariates weight T frequency recency');
  namesOf({ frequency, recency, T, ...(weight === undefined ? {} : { weight }) });
  const extra = list(covariates, 'covariates');
  extra.forEach((name, k) => {
    namesOf({ [`covariates[${k}]`]: name });
  });
  const order = [frequency, recency, T, ...extra];
  if (
    new Set([...order, ...(weight === undefined ? [] : [weight])]).size <
    order.length + (weight === undefined ? 0 : 1)
  )
    fail('invalid-option', `each column once, got ${order.join(', ')}`);
  if (order.includes('customers')) fail('invalid-option', 'the name "customers" is taken: it holds the counts');
  return gather(order, weight ?? null);
}

/**
 * The accumulator that a state was taken from.
 * @throws ClienteleError `invalid-value` for a state that cannot be
 */
export function resumeHistories(json: unknown): HistoryAccumulator {
  const state = checked('invalid-value', stateShape, json, 'state');
  const { columns, cells, customers, weight } = state;
  if (columns.length < 3 || cells.length !== columns.length || cells.some(({ length }) => length !== customers.length))
    fail('invalid-value', `state: ${columns.length} columns, ${cells.length} lists of ${customers.length} histories`);
  const width = columns.length - 3;
  const resumed = gather([...columns.slice(width), ...columns.slice(0, width)], weight);
  const table = Object.fromEntries(columns.map((name, c) => [name, Float64Array.from(cells[c]!)]));
  resumed.restore({ ...table, customers: Float64Array.from(customers) }, state.nulls);
  return resumed;
}

const stateShape = record({
  kind: oneOf('historyAccumulator'),
  version: oneOf(1),
  columns: listOf(text),
  weight: (json: unknown, path: string): string | null => (json === null ? null : text(json, path)),
  cells: listOf(listOf(finite)),
  customers: listOf(whole(1)),
  nulls: whole(),
});

interface Gathering extends HistoryAccumulator {
  restore(table: { readonly [name: string]: Float64Array }, nulls: number): void;
}

/** @param order frequency, recency, T, then covariates */
function gather(order: readonly string[], weight: string | null): Gathering {
  const counts = historyCounts(order);
  const stored = [...order.slice(3), ...order.slice(0, 3)];
  return {
    update(batch) {
      counts.update(batch, { weight });
    },
    restore(table, nulls) {
      counts.update(table, { weight: 'customers' });
      counts.leaveOut(nulls);
    },
    merge(other) {
      const state = other.toJSON();
      if (state.columns.join() !== stored.join())
        fail('invalid-option', `cannot merge histories of ${state.columns.join(', ')} into ${stored.join(', ')}`);
      this.restore(
        {
          ...Object.fromEntries(state.columns.map((name, c) => [name, Float64Array.from(state.cells[c]!)])),
          customers: Float64Array.from(state.customers),
        },
        state.nulls,
      );
    },
    toJSON() {
      const { columns, counts: customers } = counts.tuples.sorted();
      return {
        ...{ kind: 'historyAccumulator', version: 1, columns: stored, weight },
        ...{ cells: columns.map((column) => [...column]), customers: [...customers], nulls: counts.nulls() },
      } as const;
    },
    finish() {
      const { columns, counts: customers } = counts.tuples.sorted();
      return {
        columns: { ...Object.fromEntries(stored.map((name, c) => [name, columns[c]!])), customers },
        nulls: counts.nulls(),
      };
    },
  };
}
