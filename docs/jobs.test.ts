// docs/jobs.md lists every key, step and option of a job. What the parser knows is told by its own errors.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { warningTable } from '../src/churn/index.ts';
import { OPTIONS } from '../src/cli/arguments.ts';
import { scoredReport } from '../src/cli/score-report.ts';
import { churnSteps, classifierSteps } from '../src/job/churn-steps.ts';
import { parseJob, runJob } from '../src/job/index.ts';
import { changed, example, failure, smallJob, smallReaders } from '../src/job/job.test-support.ts';
import { loyaltySteps } from '../src/job/loyalty-steps.ts';
import { purchaseSteps } from '../src/job/purchase-steps.ts';
import { segmentSteps } from '../src/job/segment-steps.ts';
import type { StepRule } from '../src/job/step-rule.ts';
import { upliftSteps } from '../src/job/uplift-steps.ts';
import { valueSteps } from '../src/job/value-steps.ts';

const rules: { readonly [step: string]: StepRule } = {
  ...classifierSteps,
  ...churnSteps,
  ...upliftSteps,
  ...valueSteps,
  ...loyaltySteps,
  ...purchaseSteps,
  ...segmentSteps,
};

const page = readFileSync(new URL('jobs.md', import.meta.url), 'utf8');
type Row = readonly string[];
interface PageTable {
  /** The last heading before it. */
  readonly heading: string;
  readonly head: Row;
  readonly rows: readonly Row[];
}

const tables: readonly PageTable[] = [...page.matchAll(/(?:^\|.*\n)+/gm)].map(({ 0: text, index }) => {
  const [head, , ...rows] = text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );
  return { heading: [...page.slice(0, index).matchAll(/^#+ `?([^`\n]*)`?$/gm)].at(-1)![1]!, head: head!, rows };
});
const headed = (...head: string[]): readonly PageTable[] =>
  tables.filter((table) => head.every((name, i) => table.head[i] === name));
const named = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!);
/** The names in the part of a page that begins with these words and ends with a blank line. */
const namedIn = (start: string): readonly string[] => named(page.slice(page.indexOf(start)).split('\n\n')[0]!);

/** A job with an object at every place that has keys of its own. */
const full = changed(example('telecom'), {
  'outputs.summary.campaign': { acceptance: 0.2, offerCost: 9 },
  'outputs.summary.features': [{ column: 'tenure', actionable: false }],
});
const refused = (changes: { readonly [path: string]: unknown }): string =>
  failure(() => parseJob(changed(full, changes)));
const afterKnown = (message: string): readonly string[] => message.split('known are ')[1]?.split(', ') ?? [message];
const keysAt = (place: string): readonly string[] => afterKnown(refused({ [join(place, '?')]: 1 }));
const join = (place: string, key: string): string => (place === '' ? key : `${place}.${key}`);

/** Where the keys of each table stand in that job, by heading; of a heading with several tables in their order. */
const places: { readonly [heading: string]: readonly string[] } = {
  job: [''],
  sources: ['sources.log'],
  tables: ['tables.0'],
  summarize: ['tables.0.summarize'],
  join: ['tables.1.join'],
  pipeline: ['pipeline'],
  folds: ['pipeline.folds', 'pipeline.folds', 'pipeline.folds'],
  outputs: ['outputs'],
  summary: ['outputs.summary'],
  features: ['outputs.summary.features.0'],
  campaign: ['outputs.summary.campaign'],
  intervals: ['outputs.summary.intervals'],
  compare: ['outputs.summary.compare.0'],
  means: ['outputs.summary.means.0'],
};
const foldRules: readonly object[] = [{ count: 5 }, { rule: 'row-modulo', count: 5 }, { rule: 'temporal' }];

describe('docs/jobs.md', () => {
  it.each(Object.entries(places))(
    'lists the keys of %s as the parser does, and which of them are needed',
    (heading, at) => {
      const own = headed('key', 'needed').filter((table) => table.heading === heading);
      expect(own.length).toBe(at.length);
      own.forEach(({ rows }, i) => {
        const place = at[i]!;
        const withKeys = (key: string, value: unknown) =>
          heading === 'folds'
            ? { 'pipeline.folds': changed(foldRules[i], { [key]: value }) }
            : { [join(place, key)]: value };
        const known = afterKnown(refused(withKeys('?', 1)));
        expect(rows.map(([key]) => named(key!)[0])).toEqual(known);
        const needed = known.filter(
          (key) => key !== 'rule' && refused(withKeys(key, undefined)).includes(`missing key "${key}"`),
        );
        expect(rows.filter(([key, yes]) => yes === 'yes' && key !== '`rule`').map(([key]) => named(key!)[0])).toEqual(
          needed,
        );
      });
    },
  );

  it('has no other table of keys', () => {
    expect([...new Set(headed('key').map(({ heading }) => heading))]).toEqual(Object.keys(places));
  });

  it('lists the rules of derived columns as the parser does', () => {
    const known = /expected one of (.*), got \?$/.exec(refused({ 'tables.2.derive.x': { '?': 1 } }))![1]!.split(', ');
    expect(headed('rule')[0]!.rows.map(([rule]) => named(rule!)[0])).toEqual(known);
    expect(keysAt('tables.2.derive.quarterProfit.linear')).toEqual(['terms', 'constant']);
    expect(afterKnown(refused({ 'tables.2.derive.x': { fill: { '?': 1 } } }))).toEqual(['column', 'value']);
    expect(keysAt('pipeline.active')).toEqual(['column', 'equals', 'not']);
    expect(keysAt('outputs.summary.features.0')).toContain('bands');
    expect(afterKnown(refused({ 'outputs.summary.features.0.bands': [{ '?': 1 }] }))).toEqual(['below', 'sentence']);
  });

  it('lists the words of columns, units and rules as the parser does', () => {
    const rows = headed('key').flatMap((table) =>
      table.rows.map((row) => ({ ...table, key: named(row[0]!)[0]!, text: row[2]! })),
    );
    for (const [heading, key, place] of [
      ['sources', 'columns', 'sources.log.columns.date'],
      ['sources', 'format', 'sources.log.format'],
      ['summarize', 'unit', 'tables.0.summarize.unit'],
      ['summarize', 'sameDay', 'tables.0.summarize.sameDay'],
      ['summarize', 'nonPositive', 'tables.0.summarize.nonPositive'],
      ['join', 'unmatched', 'tables.1.join.unmatched'],
      ['summary', 'order', 'outputs.summary.order'],
      ['campaign', 'from', 'outputs.summary.campaign.from'],
    ] as const) {
      const words = named(rows.find((row) => row.heading === heading && row.key === key)!.text);
      const known = [...refused({ [place]: '?' }).matchAll(/"([^"?]+)"/g)].map(([, word]) => word!);
      expect(known.length).toBeGreaterThan(1);
      expect(words.filter((word) => known.includes(word)).sort()).toEqual(expect.arrayContaining([...known].sort()));
    }
  });

  const stepRows = headed('step', 'needs', 'may have').flatMap(({ rows }) =>
    rows.flatMap(([names, needs, more, gives]) =>
      named(names!).map((name) => ({ name, needs: named(needs!), more: named(more!), gives: gives! })),
    ),
  );

  it('lists every step, and no other', () => {
    const known = afterKnown(refused({ 'pipeline.steps.0': { step: '?' } }));
    expect(stepRows.map(({ name }) => name).sort()).toEqual([...known].sort());
    for (const { gives } of stepRows) expect(gives).toMatch(/\w/);
  });

  it.each(stepRows)('lists the options of $name, and which of them are needed', ({ name, needs, more }) => {
    const options = Object.entries(rules[name]!.options);
    const known = afterKnown(refused({ 'pipeline.steps.0': { step: name, '?': 1 } }));
    expect(options.map(([option]) => option)).toEqual(known);
    const isNeeded = ([, check]: (typeof options)[number]): boolean => typeof check === 'function';
    const names = (own: typeof options): readonly string[] => own.map(([option]) => option).sort();
    expect([...needs].sort()).toEqual(names(options.filter(isNeeded)));
    expect([...more].sort()).toEqual(names(options.filter((own) => !isNeeded(own))));
  });

  it('lists the commands and their options', () => {
    expect(headed('option')[0]!.rows.map(([option]) => named(option!)[0])).toEqual(
      Object.keys(OPTIONS).map((option) => `--${option}`),
    );
    expect(headed('command')[0]!.rows.map(([command]) => named(command!)[0]!.split(' ')[1])).toEqual([
      'run',
      'fit',
      'score',
      'describe',
    ]);
  });

  it('lists what is in the files that are written', async () => {
    const { summary, file, scored } = await runJob(smallJob(), smallReaders);
    const [own, ...columns] = namedIn('**`warnings.csv`**');
    expect([own, columns]).toEqual(['warnings.csv', Object.keys(warningTable({ rows: [] }))]);
    expect(namedIn('**`summary.json`**').slice(2)).toEqual(Object.keys(summary));
    expect(namedIn('**`model.json`**').slice(1)).toEqual(Object.keys(file));
    const parts = namedIn('**`report.json`**').slice(2);
    expect(parts.filter((part) => !['asOf', 'later'].includes(part))).toEqual(Object.keys(scoredReport(file, scored)));
  });
});
