/** Imports run one way, top of this list to the bottom: a folder may import those of earlier rows, and its own. */
const rows = [
  ['errors.ts'],
  ['model'],
  ['columns', 'numerics', 'kernels'],
  ['regression', 'validation'],
  ['ingest', 'transactions'],
  ['clv'],
  ['value'],
  ['loyalty'],
  ['weighting'],
  ['rfm'],
  ['segments'],
  ['economics'],
  ['churn'],
  ['ml'],
  ['scoring'],
  ['export'],
  ['charts'],
  ['job'],
  ['cli'],
];
const path = (names) => `^src/(${names.map((name) => name.replace('.', '\\.')).join('|')})(/|$)`;
const tests = '\\.test\\.ts$|\\.test-support\\.ts$';

module.exports = {
  forbidden: [
    { name: 'no-circles', severity: 'error', from: {}, to: { circular: true } },
    ...rows.slice(0, -1).map((row, at) => ({
      name: `${row.join('-')}-imports-downwards-only`,
      severity: 'error',
      from: { path: path(row), pathNot: tests },
      to: { path: path(rows.slice(at + 1).flat()) },
    })),
    {
      name: 'nothing-imports-the-front-door',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: '^src/index\\.ts$' },
    },
    {
      name: 'node-only-in-cli',
      severity: 'error',
      from: { path: '^src/', pathNot: `${tests}|^src/cli/|^src/scoring/thread` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'apache-arrow-only-where-named',
      severity: 'error',
      from: { path: '^src/', pathNot: `${tests}|^src/(ingest|scoring|cli|columns/build)` },
      to: { path: 'node_modules/apache-arrow' },
    },
    {
      name: 'optional-packages-only-in-ml',
      severity: 'error',
      from: { path: '^src/', pathNot: `${tests}|^src/ml/` },
      to: { path: '^src/ml/|node_modules/ml-' },
    },
    {
      name: 'no-test-code-in-the-library',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: { path: `${tests}|^fixtures/|^benchmarks/` },
    },
    {
      name: 'only-declared-packages',
      severity: 'error',
      from: { path: '^src/', pathNot: tests },
      to: {
        dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'],
        pathNot: '^(node_modules/)?(apache-arrow|csv-parse|ml-)',
      },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)dist/' },
  },
};
