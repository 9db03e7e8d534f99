// What a program gains by importing from a module, minified and compressed by brotli, packages aside.
// A budget stands about a tenth above the measured size, so that new weight has to be wanted. The WASM module is about 8 kB
// of it wherever something is scored or fitted.
const budgets = {
  index: '133 kB',
  'columns/index': '9 kB',
  'ingest/index': '30 kB',
  'transactions/index': '38 kB',
  'clv/index': '59 kB',
  'value/index': '38 kB',
  'loyalty/index': '24 kB',
  'weighting/index': '19 kB',
  'rfm/index': '11 kB',
  'segments/index': '24 kB',
  'economics/index': '14 kB',
  'churn/index': '113 kB',
  'ml/index': '37 kB',
  'charts/index': '20 kB',
  'scoring/index': '76 kB',
  'scoring/kinds': '66 kB',
  'job/index': '190 kB',
};

const check = (name, file, limit, names = '*') => ({
  name,
  path: `dist/${file}.js`,
  import: names,
  limit,
  ignore: ['apache-arrow', 'csv-parse', 'ml-cart', 'ml-logistic-regression', 'ml-matrix'],
  // esbuild warns of every import that `sideEffects: false` lets it leave out, which is what is wanted.
  modifyEsbuildConfig: (config) => ({ ...config, logLevel: 'error' }),
});

export default [
  ...Object.entries(budgets).map(([file, limit]) => check(`clientele/${file}`.replace(/\/index$/, ''), file, limit)),
  check('scoring with one kind', 'scoring/kinds', '27.5 kB', '{ engine, logisticKind }'),
];
