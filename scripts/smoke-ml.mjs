// clientele/ml as a stranger would use it once its optional packages are installed.
import { compile } from 'clientele';
import { mlCart, mlLogisticRegression } from 'clientele/ml';

const data = { tenure: [1, 2, 3, 10, 20, 30], left: [1, 1, 0, 1, 0, 0] };
const options = { label: { column: 'left', churned: 1, horizon: null }, features: ['tenure'] };
for (const estimator of [mlCart(options), mlLogisticRegression({ ...options, numSteps: 50 })]) {
  const { churnProbability } = compile(estimator.fit(data)).score(data).columns;
  if (!(churnProbability[0] > churnProbability[5])) throw new Error(`smoke test: ${estimator.kind.kind}`);
}
console.log('ok');
