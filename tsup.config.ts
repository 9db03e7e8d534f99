// The declarations of what package.json exports; scripts/bundle.mjs makes the code.
import { readFileSync } from 'node:fs';
import { defineConfig } from 'tsup';

const { exports } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  readonly exports: { readonly [subpath: string]: string | { readonly types: string } };
};
const names = Object.values(exports).flatMap((own) =>
  typeof own === 'string' ? [] : [own.types.slice('./dist/'.length, -'.d.ts'.length)],
);

export default defineConfig({
  entry: Object.fromEntries(names.map((name) => [name, `src/${name}.ts`])),
  format: 'esm',
  external: ['apache-arrow', /^csv-parse/, /^ml-/, /^node:/],
  dts: { only: true, compilerOptions: { ignoreDeprecations: '6.0' } },
  silent: true,
});
