import { join } from 'node:path';
import { build } from 'esbuild';
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

/** One file without imports: a thread starts four times as fast as on the shared chunks, which pull apache-arrow in. */
async function buildThread(outDir: string): Promise<void> {
  await build({
    entryPoints: ['src/scoring/thread-worker.ts'],
    outfile: join(outDir, 'scoring', 'thread-worker.js'),
    bundle: true,
    format: 'esm',
    target: 'es2022',
    platform: 'neutral',
    packages: 'external',
    minifyWhitespace: true,
    minifyIdentifiers: true,
    logLevel: 'warning',
  });
}

export default defineConfig((options) => ({
  entry: {
    index: 'src/index.ts',
    ...Object.fromEntries(folders.map((folder) => [`${folder}/index`, `src/${folder}/index.ts`])),
    'scoring/kinds': 'src/scoring/kinds.ts',
    // Starts threads on thread-worker.js, which it finds beside it.
    'scoring/thread-score': 'src/scoring/thread-score.ts',
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
  onSuccess: () => buildThread(options.outDir ?? 'dist'),
}));
