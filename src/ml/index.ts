export { type ImportMlCartOptions, importMlCart, type MlCartFeature } from './import-ml-cart.ts';
export {
  type ImportedLogisticModel,
  type ImportedLogisticReport,
  type ImportMlLogisticOptions,
  importMlLogisticRegression,
} from './import-ml-logistic-regression.ts';
export { type MlCartOptions, type MlCartTrainingFeature, mlCart } from './ml-cart.ts';
export type { MlLevels, MlScaled } from './ml-feature.ts';
export { type MlLogisticOptions, mlLogisticRegression } from './ml-logistic-regression.ts';
export type { TrainingRowOptions } from './training-rows.ts';
