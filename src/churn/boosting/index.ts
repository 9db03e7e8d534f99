export type { RoundLoss } from './boosting.ts';
export type { BoostingFeature, EarlyStopping, GradientBoostingOptions } from './boosting-options.ts';
export { gradientBoosting } from './gradient-boosting.ts';
export {
  type GradientBoostingModel,
  type GradientBoostingReport,
  gradientBoostingKind,
} from './gradient-boosting-kind.ts';
