// What the suites found, kept in results.json, and docs/benchmarks.md made of it.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const RESULTS = join(import.meta.dirname, 'results.json');
const PAGE = resolve(import.meta.dirname, '..', 'docs', 'benchmarks.md');

export const readResults = () => (existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : { suites: {} });

/** Puts suites in the place of what an earlier run found of them. */
export function keep(suites) {
  const results = { suites: { ...readResults().suites, ...suites } };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(PAGE, page(results));
}

/** A line that says of an aim whether it was reached. */
const verdict = /^ *(.*): (yes|no)$/;

export function page({ suites }) {
  const all = Object.values(suites);
  const verdicts = Object.entries(suites).flatMap(([name, { lines }]) =>
    lines.flatMap((line) => {
      const [, what, answer] = line.match(verdict) ?? [];
      return what === undefined ? [] : [{ name, what, answer }];
    }),
  );
  const list = (answer) =>
    verdicts.filter((own) => own.answer === answer).map(({ name, what }) => `- ${name}: ${what}`);
  return `${[
    '# Benchmarks',
    '',
    'Made by `npm run bench -- --peers` from [results.json](../benchmarks/results.json); not written by hand. Contestants run in',
    'turn, A B C A B C, and their results are compared before their time counts. CPU time is that of a whole process: compiler',
    'and garbage collector included, a Python its own. `÷ first` is the median of the ratios within rounds, the figure to go by:',
    'machines differ, and a neighbour on the same machine slows all.',
    '',
    '## What was not reached',
    '',
    ...(list('no').length > 0 ? list('no') : ['Nothing.']),
    '',
    '## What was',
    '',
    ...list('yes'),
    ...all.flatMap((suite, i) => [
      '',
      `## ${Object.keys(suites)[i]}`,
      '',
      `${suite.date}, ${suite.machine}, ${suite.versions}.`,
      '',
      '```text',
      ...suite.lines.join('\n').trim().split('\n'),
      '```',
    ]),
  ].join('\n')}\n`;
}
