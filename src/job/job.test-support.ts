import { readFileSync } from 'node:fs';
import { ClienteleError } from '../errors.ts';
import { type Job, parseJob, type Readers, type Table } from './index.ts';

/** `code: message` of what a call throws; anything but a ClienteleError is thrown on. */
export function failure(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return told(error);
  }
  return 'nothing was thrown';
}

/** `code: message` of what a promise ends with. */
export async function rejection(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return told(error);
  }
  return 'nothing was thrown';
}

function told(error: unknown): string {
  if (!(error instanceof ClienteleError)) throw error;
  return `${error.code}: ${error.message}`;
}

export const example = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../docs/examples/${name}.json`, import.meta.url), 'utf8'));

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A reader that gives its bytes in pieces of `size`. */
export function pieces(all: Uint8Array, size: number): () => AsyncIterable<Uint8Array> {
  return async function* () {
    for (let at = 0; at < all.length; at += size) yield all.subarray(at, at + size);
  };
}

export const telecomFile = (name: string): Uint8Array =>
  readFileSync(new URL(`../../fixtures/telecom/${name}.csv`, import.meta.url));

export const telecomReaders: Readers = {
  customers: () => telecomFile('customers'),
  log: () => telecomFile('transactions'),
};

/** 120 made-up customers: short tenures and plan "b" leave more often; every eighth plan is missing. */
export function smallCustomers(columns: readonly string[] = ['id', 'tenure', 'plan', 'profit', 'sex', 'left']): string {
  const u = (i: number, k: number): number => (i * Math.sqrt(k)) % 1;
  const rows = Array.from({ length: 120 }, (_, i) => {
    const tenure = Math.floor(60 * u(i, 2));
    const plan = u(i, 3) < 0.4 ? 'a' : 'b';
    const cells: { readonly [column: string]: string | number } = {
      id: `K${String(i).padStart(3, '0')}`,
      tenure,
      plan: i % 8 === 7 ? '' : plan,
      profit: Math.round(100 * (5 + 30 * u(i, 7))) / 100,
      sex: u(i, 13) < 0.5 ? 'f' : 'm',
      left: u(i, 11) < (plan === 'a' ? 0.2 : 0.5) - tenure / 300 ? 'yes' : 'no',
    };
    return columns.map((column) => cells[column]).join(',');
  });
  return `${[columns.join(','), ...rows].join('\n')}\n`;
}

/** A copy of JSON with other values at paths such as `pipeline.steps.0.features`; `undefined` takes a key away. */
export function changed(json: unknown, changes: { readonly [path: string]: unknown }): unknown {
  const copy: unknown = structuredClone(json);
  for (const [path, value] of Object.entries(changes)) {
    const keys = path.split('.');
    const last = keys.pop()!;
    let at = copy as { [key: string]: unknown };
    for (const key of keys) at = at[key] as { [key: string]: unknown };
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return copy;
}

/** A job over {@link smallCustomers} as JSON. */
export const smallJobJson: unknown = {
  version: 1,
  sources: {
    customers: {
      format: 'csv',
      columns: { id: 'text', tenure: 'number', plan: 'category', profit: 'number', sex: 'category', left: 'category' },
      fitOnly: ['left'],
    },
  },
  tables: [{ table: 'base', from: 'customers', derive: { yearly: { linear: { terms: { profit: 12 } } } } }],
  pipeline: {
    table: 'base',
    id: 'id',
    active: { column: 'left', equals: 'no' },
    sensitive: ['sex'],
    steps: [
      {
        step: 'logisticRegression',
        label: { column: 'left', churned: 'yes', horizon: { every: 1, unit: 'year' } },
        features: ['tenure', { column: 'plan', missing: 'level' }, 'sex'],
      },
      { step: 'loyalty' },
      { step: 'currentValue', profit: 'yearly', periods: 3, rate: { discount: 0.1, per: 'year' } },
      { step: 'pyramid' },
    ],
  },
  outputs: {
    keep: ['tenure', 'plan'],
    csv: 'scored.csv',
    arrow: 'scored.arrow',
    summary: { churn: 'churnProbability', value: 'currentValue', segment: 'tier', warnings: 5, reasons: 2 },
  },
};

export const smallJob = (changes: { readonly [path: string]: unknown } = {}): Job =>
  parseJob(changed(smallJobJson, changes));

export const smallReaders: Readers = { customers: () => bytes(smallCustomers()) };

/** Whether two tables have the same columns with the same bits. */
export function sameBits(a: Table, b: Table): boolean {
  const parts = (table: Table): readonly (string | Uint8Array)[] =>
    Object.entries(table).flatMap(([name, column]) => {
      const cells = 'codes' in column ? column.codes : column;
      const levels = 'codes' in column ? column.levels.join() : '';
      return [name, levels, new Uint8Array(cells.buffer, cells.byteOffset, cells.byteLength)];
    });
  const [own, other] = [parts(a), parts(b)];
  return (
    own.length === other.length &&
    own.every((part, i) =>
      typeof part === 'string' ? part === other[i] : Buffer.compare(part, other[i] as Uint8Array) === 0,
    )
  );
}
