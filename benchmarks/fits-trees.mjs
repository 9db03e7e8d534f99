// A tree, a forest and boosting, ours beside scikit-learn and xgboost, one core each.
import { assertAlike, judged } from './fits-data.mjs';

const label = { column: 'left', churned: 1, horizon: null };

/** Contests on the same rows; a fit counts when fresh rows are judged alike by all. `aim`: the peer whose rate is to be reached, and how many times. */
export function treeContests(library, churn, data, py, has, trees) {
  const { features, rows } = data;
  const size = `${rows} rows × ${features.length}`;
  const plain = { label, features };
  // A forest of as many trees as boosting takes minutes.
  const few = Math.min(trees, 20);
  return [
    {
      title: `Decision tree of depth 8, ${size}: fit`,
      aim: { peer: 'sklearn', atLeast: 1 },
      estimator: churn.decisionTree({ ...plain, maxDepth: 8, minLeaf: 50, smoothing: 0 }),
      theirs: [['sklearn', 'DecisionTreeClassifier', 'cart']],
    },
    {
      title: `Boosting, ${trees} trees of 31 leaves, ${size}: fit`,
      aim: { peer: 'xgboost', atLeast: 1.3 },
      estimator: churn.gradientBoosting({
        ...plain,
        rounds: trees,
        leaves: 31,
        learningRate: 0.1,
        earlyStopping: false,
      }),
      theirs: [
        ['xgboost', 'hist, lossguide', 'boosting'],
        ['sklearn', 'HistGradientBoostingClassifier', 'histogramBoosting'],
      ],
    },
    {
      title: `Forest of ${few} trees of depth 10, ${size}: fit`,
      aim: { peer: 'sklearn', atLeast: 1 },
      trees: few,
      estimator: churn.randomForest({ ...plain, trees: few, smoothing: 0, calibrated: false, featuresPerSplit: 5 }),
      theirs: [['sklearn', 'RandomForestClassifier', 'forest']],
    },
  ].map(({ title, aim, estimator, theirs, trees: count = trees }) => ({
    title,
    aim,
    contestants: contestants(library, data, py, {
      estimator,
      trees: count,
      theirs: theirs.filter(([name]) => has(name)),
    }),
  }));
}

function contestants(library, { columns, left, fresh, rows }, py, { estimator, trees, theirs }) {
  let expected;
  const ours = {
    name: 'clientele',
    rows,
    run: () => estimator.fit({ ...columns, left }),
    check: (model) => {
      const { churnProbability } = library.compile(model).score(fresh.columns).columns;
      expected = judged(fresh.left, churnProbability);
    },
  };
  return [
    ours,
    ...theirs.map(([name, what, fit]) => ({
      name: `${name} ${py.packages[name]}, ${what}`,
      rows,
      peer: true,
      run: () => py.ask({ fit, trees }),
      took: (answer) => answer,
      check: async () => {
        const { p } = await py.ask({ result: fit });
        assertAlike(judged(fresh.left, p), expected, rows, `${name}, ${what}`);
      },
    })),
  ];
}
