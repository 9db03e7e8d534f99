/** A logistic model as its file would hold it, of columns x0, x1, … */
export function logisticModel(weights) {
  const horizon = { every: 1, unit: 'month' };
  return {
    kind: 'logisticRegression',
    version: 1,
    inputs: weights.map((_, k) => ({ name: `x${k}`, type: 'number' })),
    outputs: [{ name: 'churnProbability', type: 'number', horizon, explained: 'log-odds' }],
    intercept: 0,
    terms: weights.map((weight, k) => ({ column: `x${k}`, weight, missing: null, centre: 0 })),
    groups: [],
    fit: {
      ...{ status: 'converged', rows: 1000, warnings: [], logLikelihood: -500, nullLogLikelihood: -690 },
      ...{ deviance: 1000, aic: 1040, iterations: 5, gradientNorm: 1e-12, baseRate: 0.5, coefficients: [], vif: [] },
    },
  };
}
