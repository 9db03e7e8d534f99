export type { BasePart, PropensityOption, Treatment, UpliftOptions } from './arms.ts';
export {
  type CampaignLedger,
  campaignLedger,
  type Estimate,
  type LedgerArm,
  type LedgerEntry,
  type LedgerOptions,
} from './campaign-ledger.ts';
export { classTransformation, tLearner, xLearner } from './learners.ts';
export { newcombeInterval } from './newcombe.ts';
export {
  auuc,
  type QiniCurve,
  type QiniPoint,
  qiniCurve,
  type UpliftArea,
  type UpliftAt,
  type UpliftIntervals,
  upliftAt,
} from './qini.ts';
export type { UpliftRows } from './ranked-arms.ts';
export {
  type ClassTransformationModel,
  classTransformationKind,
  type TLearnerModel,
  tLearnerKind,
  type UpliftField,
  type UpliftReport,
  type XLearnerModel,
  xLearnerKind,
} from './uplift-kinds.ts';
