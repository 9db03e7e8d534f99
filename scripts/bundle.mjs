// src to dist: one file for each module that package.json names, and a few that these share. tsup adds their types.
import { readFileSync, rmSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { transform } from 'esbuild';
import { rollup } from 'rollup';
import ts from 'typescript';

const root = resolve(import.meta.dirname, '..');
const src = resolve(root, 'src');
const dist = resolve(root, 'dist');
const target = 'es2022';
const external = /^(node:|[a-z])/;

/** `{ 'rfm/index': 'src/rfm/index.ts', … }`; thread-score.js, which starts threads, has to lie beside thread-worker.js. */
const { exports, bin } = JSON.parse(readFileSync(resolve(root, 'package.json'), 'utf8'));
const named = [
  ...Object.values(exports).map((own) => own.default),
  ...Object.values(bin),
  './dist/scoring/thread-score.js',
];
const entries = Object.fromEntries(
  named.filter(Boolean).map((file) => {
    const name = file.slice('./dist/'.length, -'.js'.length);
    return [name, resolve(src, `${name}.ts`)];
  }),
);

/** What a thread runs: the only module with side effects. */
const worker = resolve(src, 'scoring/thread-worker.ts');

/** What every other folder stands on. */
const BASE = ['errors.ts', 'model', 'columns', 'numerics', 'kernels'];
/** Folders that need nothing of churn and clv. */
const VALUE = ['value', 'loyalty', 'weighting', 'rfm', 'segments'];

/**
 * TypeScript to JavaScript. Other modules have no side effects, which bundlers are told of whole files by `sideEffects` in
 * package.json. Here, where many modules share a file, each call that a module makes when it is loaded has to say so.
 */
const typescript = {
  name: 'typescript',
  async transform(code, id) {
    const { code: out, map } = await transform(id === worker ? code : annotated(code), {
      loader: 'ts',
      target,
      sourcemap: true,
      sourcefile: id,
    });
    return { code: out, map: { ...JSON.parse(map), sourcesContent: [code] } };
  },
};

const compact = {
  name: 'compact',
  renderChunk: (code) => transform(code, { target, format: 'esm', minifyWhitespace: true, minifyIdentifiers: true }),
};

/** What bundlers do not leave out where its value is not used, as it might do more than to have one. */
const { SyntaxKind } = ts;
const WORK = new Set([
  SyntaxKind.CallExpression,
  SyntaxKind.NewExpression,
  SyntaxKind.PropertyAccessExpression,
  SyntaxKind.ElementAccessExpression,
  SyntaxKind.BinaryExpression,
  SyntaxKind.TemplateExpression,
  SyntaxKind.SpreadAssignment,
  SyntaxKind.SpreadElement,
]);

// `const a = f(1) + 2;` as `const a = /* @__PURE__ */ (() => f(1) + 2)();`, a call alone without the function, and static
// fields of classes likewise.
function annotated(code) {
  const works = (node) =>
    WORK.has(node.kind) || (!ts.isFunctionLike(node) && !ts.isTypeNode(node) && ts.forEachChild(node, works));
  const isCall = (node) =>
    (ts.isCallExpression(node) || ts.isNewExpression(node)) && !(node.arguments ?? []).some(works);
  const initialized = (node) => {
    if (ts.isVariableStatement(node)) return node.declarationList.declarations;
    return ts.isClassDeclaration(node) ? node.members.filter(isStatic) : [];
  };
  const isStatic = (member) => (ts.getCombinedModifierFlags(member) & ts.ModifierFlags.Static) !== 0;
  const pure = (value, text) => (isCall(value) ? ` /* @__PURE__ */${text}` : ` /* @__PURE__ */ (() => (${text}))()`);
  return ts
    .createSourceFile('module.ts', code, ts.ScriptTarget.ESNext, true)
    .statements.flatMap(initialized)
    .map(({ initializer }) => initializer)
    .filter((value) => value !== undefined && works(value))
    .reduceRight(
      (text, value) => text.slice(0, value.pos) + pure(value, text.slice(value.pos, value.end)) + text.slice(value.end),
      code,
    );
}

/**
 * Loading many small files takes longer than a few that also hold what is not needed: what all stand on is one file, what
 * scoring takes besides is two, and the rest of each folder is one.
 */
function chunks() {
  const own = Object.values(entries);
  const scoring = new Set();
  const reach = (id, { getModuleInfo }) => {
    if (scoring.has(id) || !id.startsWith(src)) return;
    scoring.add(id);
    for (const imported of getModuleInfo(id).importedIds) reach(imported, { getModuleInfo });
  };
  return (id, modules) => {
    if (own.includes(id)) return undefined;
    for (const entry of ['scoring/index', 'scoring/kinds']) reach(entries[entry], modules);
    const [folder] = relative(src, id).split('/');
    if (BASE.includes(folder)) return 'base';
    if (scoring.has(id)) return VALUE.includes(folder) ? 'value-kinds' : 'churn-kinds';
    // Threads are started from beside thread-worker.js.
    return folder === 'scoring' ? undefined : folder;
  };
}

rmSync(dist, { recursive: true, force: true });
const common = {
  external,
  plugins: [typescript],
  treeshake: { moduleSideEffects: (id) => id === worker },
  onwarn: (warning) => {
    throw new Error(warning.message);
  },
};
const bundle = await rollup({ ...common, input: entries });
await bundle.write({
  dir: dist,
  format: 'es',
  sourcemap: true,
  chunkFileNames: 'chunks/[name].js',
  manualChunks: chunks(),
  hoistTransitiveImports: false,
  minifyInternalExports: false,
});

// One file without imports: a thread starts four times as fast as on the shared files, which pull apache-arrow in.
const thread = await rollup({ ...common, input: worker });
await thread.write({
  file: resolve(dist, 'scoring/thread-worker.js'),
  format: 'es',
  inlineDynamicImports: true,
  plugins: [compact],
});
