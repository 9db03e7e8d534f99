// Peers that cannot take 100,000 rows: ours beside ml-logistic-regression and ml-cart on few.
import { assertClose, assertSame } from './contest.mjs';
import { churnData } from './fits-data.mjs';
import { found } from './peers.mjs';

const STEPS = 300;
const label = { column: 'left', churned: 1, horizon: null };

export async function slowPeers(library, churn, rows) {
  const Logistic = (await found('ml-logistic-regression'))?.default;
  const Cart = (await found('ml-cart'))?.DecisionTreeClassifier;
  const Matrix = (await found('ml-matrix'))?.Matrix;
  const data = churnData(rows, rows);
  const contests = [];
  if (Logistic && Matrix) contests.push(logistic(library, data, Logistic, Matrix));
  if (Cart) contests.push(cart(library, churn, data, Cart));
  return contests;
}

/** Gradient descent with a constant column, on columns of variance 1 already. */
function logistic(library, { columns, features, left, rows }, Logistic, Matrix) {
  const own = matrix(columns, features, rows, [1]);
  const x = new Matrix(own);
  const y = Matrix.columnVector(Array.from(left));
  let expected;
  return {
    title: `Logistic regression, ${rows} rows × ${features.length}: fit`,
    contestants: [
      {
        name: 'clientele',
        rows,
        run: () => library.logisticRegression({ label, features }).fit({ ...columns, left }),
        check: ({ terms, intercept }) => {
          expected = [...terms.map((term) => term.weight), intercept];
        },
      },
      {
        name: `ml-logistic-regression, ${STEPS} steps`,
        rows,
        peer: true,
        run: () => {
          const peer = new Logistic({ numSteps: STEPS, learningRate: 2 / rows });
          peer.train(x, y);
          return peer;
        },
        check: (peer) =>
          assertClose(
            peer.classifiers[0].weights.to1DArray(),
            expected,
            1e-6,
            'coefficients of ml-logistic-regression',
          ),
      },
    ],
  };
}

/** To the depth of 8 that fits, both without limits on leaves: the same classes for the rows of the fit. */
function cart(library, churn, { columns, features, left, rows }, Cart) {
  const x = matrix(columns, features, rows, []);
  const y = Array.from(left);
  let expected;
  return {
    title: `Decision tree of depth 8, ${rows} rows × ${features.length}: fit`,
    contestants: [
      {
        name: 'clientele',
        rows,
        run: () =>
          churn.decisionTree({ label, features, maxDepth: 8, minLeaf: 1, smoothing: 0 }).fit({ ...columns, left }),
        check: (model) => {
          const { churnProbability } = library.compile(model).score(columns).columns;
          expected = Array.from(churnProbability, (p) => (p > 0.5 ? 1 : 0));
        },
      },
      {
        name: 'ml-cart',
        rows,
        peer: true,
        run: () => {
          const peer = new Cart({ maxDepth: 8, minNumSamples: 1, gainThreshold: -1 });
          peer.train(x, y);
          return peer;
        },
        check: (peer) => assertSame(peer.predict(x), expected, 'classes of ml-cart'),
      },
    ],
  };
}

function matrix(columns, features, rows, more) {
  return Array.from({ length: rows }, (_, i) => [...features.map((name) => columns[name][i]), ...more]);
}
