// What the suites find: printed, kept in results.json, and made into docs/benchmarks.md.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const RULES = [
  'Made by `npm run bench -- --peers` from [results.json](../benchmarks/results.json); not written by hand. The rules:',
  '',
  '- Contestants run in turn, A B C A B C, each on one thread but for the suite threads: in one process, Python peers in one',
  '  of their own with data that are ready for them. What they compute is compared before their time counts.',
  '- Who runs in this process runs for 1.5 seconds, and twice at least, before the clock is started. Nobody’s garbage is',
  '  collected by force: the collector comes when it comes, as in a service.',
  '- CPU time is that of a whole process, with compiler and garbage collector; a Python tells its own.',
  '- `÷ first` is the median of the ratios within rounds, the figure to go by: machines differ, and a neighbour on the same',
  '  machine slows all. Aims are judged by such ratios of CPU time, those of threads and of the first score by wall time.',
  '- “The reading alone” sums every cell of the same columns: the least that anyone can take who looks at them. Where they lie',
  '  in a WASM memory it is done in SIMD.',
];

const RESULTS = join(import.meta.dirname, 'results.json');
const PAGE = resolve(import.meta.dirname, '..', 'docs', 'benchmarks.md');

/** Takes what a suite finds: tables, aims and remarks, each told through `print` at once. */
export function newReport(print = console.log) {
  const tables = [];
  const aims = [];
  const versions = {};
  const table = (made) => {
    tables.push(made);
    print(`\n${made.title}${told(made)}`);
    for (const line of aligned(cellsOf(made))) print(line);
  };
  return {
    tables,
    aims,
    versions,
    version: (name, version) => {
      versions[name] = version;
    },
    /** Medians of contestants, ours first. */
    contest: table,
    /** Anything else: `heads`, the first of which is that of the names, and `rows` of cells. */
    table: (title, heads, rows) => table({ title, heads, rows }),
    /** Whether a figure is at least, or at most, what it should be. */
    aim: (what, value, bound) => {
      const aim = { what, value, ...bound };
      aims.push(aim);
      print(`  ${what}: ${number(value, 4)}; ${wanted(aim)}: ${reached(aim) ? 'yes' : 'no'}`);
    },
    say: (text) => print(`  ${text}`),
  };
}

const reached = ({ value, atLeast, atMost }) => (atLeast === undefined ? value <= atMost : value >= atLeast);
const wanted = ({ atLeast, atMost }) => (atLeast === undefined ? `≤ ${atMost}` : `≥ ${atLeast}`);
function number(x, digits = 3) {
  if (x >= 1000) return x.toFixed(0);
  return x !== 0 && Math.abs(x) < 1e-3 ? x.toExponential(1) : x.toPrecision(digits);
}
const told = ({ rounds, load }) =>
  rounds === undefined ? '' : ` (medians of ${rounds} rounds in turn; load ${load.toFixed(1)})`;

/** Heads and cells of a table as text. */
function cellsOf({ heads, rows, rounds }) {
  if (rounds === undefined) return [heads, ...rows.map((row) => row.map(String))];
  return [
    ['', 'rows', 'wall ms', 'CPU ms', 'CPU ns/row', 'CPU ÷ first', 'wall ÷ first'],
    ...rows.map(({ name, rows: count, wallNs, cpuNs, overFirst, wallOverFirst }) => [
      name,
      String(count),
      ...[(wallNs * count) / 1e6, (cpuNs * count) / 1e6, cpuNs, overFirst, wallOverFirst].map((x) => number(x)),
    ]),
  ];
}

/** The first column to the left, the others to the right. */
function markdown([heads, ...rows]) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), line(heads.map((_, c) => (c === 0 ? '---' : '---:'))), ...rows.map(line)];
}

function aligned(lines) {
  const widths = lines[0].map((_, c) => Math.max(...lines.map((line) => line[c].length)));
  return lines.map(
    ([name, ...cells]) =>
      `  ${name.padEnd(Math.max(50, widths[0]))}${cells.map((cell, c) => cell.padStart(widths[c + 1] + 2)).join('')}`,
  );
}

/** Of results.json; results of another one count for nothing. */
const FORM = 2;

export function readResults() {
  const known = existsSync(RESULTS) ? JSON.parse(readFileSync(RESULTS, 'utf8')) : {};
  return known.form === FORM ? known : { form: FORM, suites: {} };
}

/** Puts suites in the place of what an earlier run found of them; `order` is that of the page. */
export function keep(suites, order) {
  const known = { ...readResults().suites, ...suites };
  const results = {
    form: FORM,
    suites: Object.fromEntries(order.flatMap((name) => (name in known ? [[name, known[name]]] : []))),
  };
  writeFileSync(RESULTS, `${JSON.stringify(results, null, 1)}\n`);
  writeFileSync(PAGE, page(results));
}

export function page({ suites }) {
  const entries = Object.entries(suites);
  const aims = entries.flatMap(([suite, { aims }]) => aims.map((aim) => ({ suite, ...aim })));
  const missed = aims.filter((aim) => !reached(aim));
  const faster = entries.flatMap(([suite, { tables }]) =>
    tables.flatMap(({ title, rounds, rows }) =>
      rounds === undefined
        ? []
        : rows.filter(({ peer, overFirst }) => peer && overFirst < 1).map((row) => ({ suite, title, ...row })),
    ),
  );
  return `${[
    '# Benchmarks',
    '',
    ...RULES,
    '',
    '## What is unfavourable to us',
    '',
    ...(missed.length + faster.length > 0
      ? [
          ...missed.map((aim) => `- ${aim.suite}: ${aim.what} is ${number(aim.value, 4)}, not ${wanted(aim)}`),
          ...faster.map(
            (row) => `- ${row.suite}: ${row.name} takes ${number(row.overFirst)} times our CPU time (${row.title})`,
          ),
        ]
      : ['Nothing that was measured here.']),
    '',
    '## Aims',
    '',
    ...markdown([
      ['', 'measured', 'wanted', 'reached'],
      ...aims.map((aim) => [
        `${aim.suite}: ${aim.what}`,
        number(aim.value, 4),
        wanted(aim),
        reached(aim) ? 'yes' : '**no**',
      ]),
    ]),
    ...entries.flatMap(([name, { date, machine, load, versions, tables }]) => [
      ...[
        '',
        `## ${name}`,
        '',
        `${date}, ${machine}, load ${load.toFixed(1)} at the start. ${Object.entries(versions)
          .map(([who, version]) => `${who} ${version}`)
          .join(', ')}.`,
      ],
      ...tables.flatMap((table) => [...['', `**${table.title}**${told(table)}`, ''], ...markdown(cellsOf(table))]),
    ]),
  ].join('\n')}\n`;
}
