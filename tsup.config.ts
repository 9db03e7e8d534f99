import { defineConfig } from 'tsup';

const folders = [
  'columns',
  'ingest',
  'transactions',
  'clv',
  'value',
  'loyalty',
  'weighting',
  'rfm',
  'segments',
  'economics',
  'churn',
  'ml',
  'scoring',
  'charts',
  'job',
];

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    ...Object.fromEntries(folders.map((folder) => [`${folder}/index`, `src/${folder}/index.ts`])),
    'scoring/kinds': 'src/scoring/kinds.ts',
    'cli/main': 'src/cli/main.ts',
  },
  format: 'esm',
  target: 'es2022',
  platform: 'neutral',
  external: ['apache-arrow', /^csv-parse/, /^ml-/, /^node:/],
  splitting: true,
  sourcemap: true,
  clean: true,
  dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
});
