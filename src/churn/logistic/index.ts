export type {
  ClassWeightReport,
  CoefficientCovariance,
  ErrorReport,
  PenaltyCrossValidation,
  PenaltyReport,
} from '../../regression/report.ts';
export {
  type ElasticNetPath,
  type ElasticNetPathOptions,
  type ElasticNetStep,
  elasticNetPath,
} from './elastic-net-path.ts';
export {
  type CoefficientInterval,
  type DevianceTest,
  devianceTest,
  type GoodnessOfFit,
  goodnessOfFit,
  waldIntervals,
} from './inference.ts';
export type { ClassWeight, CrossValidatedPenalty, ElasticNet } from './options.ts';
export { type ProfileOptions, profileIntervals } from './profile-intervals.ts';
