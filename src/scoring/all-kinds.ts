import type { GradientBoostingModel } from '../churn/boosting/gradient-boosting-kind.ts';
import type { BetaCalibrationModel } from '../churn/calibration/beta-kind.ts';
import type { IsotonicModel } from '../churn/calibration/isotonic-kind.ts';
import type { PlattModel } from '../churn/calibration/platt-kind.ts';
import type { PriorCorrectionModel } from '../churn/calibration/prior-correction-kind.ts';
import type { HazardModel } from '../churn/discrete-time-hazard-kind.ts';
import type { LogisticModel } from '../churn/logistic-kind.ts';
import type { NeuralNetworkModel } from '../churn/neural/neural-network-kind.ts';
import type { CoxModel } from '../churn/survival/cox-kind.ts';
import type { RandomForestModel } from '../churn/trees/forest-kind.ts';
import type { DecisionTreeModel } from '../churn/trees/tree-kind.ts';
import type { ClassTransformationModel, TLearnerModel, XLearnerModel } from '../churn/uplift/uplift-kinds.ts';
import type { BgBbModel } from '../clv/bg-bb/model.ts';
import type { BgNbdModel } from '../clv/bg-nbd/model.ts';
import type { BgCnbdModel, MbgCnbdModel } from '../clv/cnbd/model.ts';
import type { BetaDiscreteWeibullModel, ShiftedBetaGeometricModel } from '../clv/contractual/contractual-model.ts';
import type { GammaGammaModel } from '../clv/gamma-gamma-model.ts';
import type { GgomNbdModel } from '../clv/ggom-nbd/model.ts';
import type { MbgNbdModel } from '../clv/mbg-nbd/model.ts';
import type { NbdModel } from '../clv/nbd/model.ts';
import type { ParetoNbdModel } from '../clv/pareto-nbd/model.ts';
import type { SpendValueModel } from '../clv/spend-value.ts';
import type { LoyaltyLadderModel } from '../loyalty/ladder-kind.ts';
import type { LoyaltyModel } from '../loyalty/loyalty.ts';
import type { NextProductModel } from '../loyalty/next-product-kind.ts';
import type { PointsRulesModel } from '../loyalty/points-rules-kind.ts';
import type { ShareOfWalletModel } from '../loyalty/share-of-wallet-kind.ts';
import type { Kind } from '../model/contract.ts';
import type { RfmModel } from '../rfm/rfm-kind.ts';
import type { GridModel } from '../segments/grid-kind.ts';
import type { KMeansModel } from '../segments/k-means-kind.ts';
import type { CurrentValueModel } from '../value/current-value.ts';
import type { LifetimeValueModel } from '../value/lifetime-value-kind.ts';
import type { OwnershipModel } from '../value/ownership-propensity-kind.ts';
import type { PotentialValueModel } from '../value/potential-value-kind.ts';
import type { CompositeIndexModel } from '../weighting/composite-index-kind.ts';
import { type Engine, engine } from './engine.ts';
import {
  betaCalibrationKind,
  betaDiscreteWeibullKind,
  bgBbKind,
  bgCnbdKind,
  bgNbdKind,
  classTransformationKind,
  compositeIndexKind,
  coxKind,
  currentValueKind,
  decisionTreeKind,
  discreteTimeHazardKind,
  gammaGammaKind,
  ggomNbdKind,
  gradientBoostingKind,
  gridKind,
  isotonicKind,
  kMeansKind,
  lifetimeValueKind,
  logisticKind,
  loyaltyKind,
  loyaltyLadderKind,
  mbgCnbdKind,
  mbgNbdKind,
  nbdKind,
  neuralNetworkKind,
  nextProductKind,
  ownershipPropensityKind,
  paretoNbdKind,
  pipelineKind,
  plattKind,
  pointsRulesKind,
  potentialValueKind,
  priorCorrectionKind,
  randomForestKind,
  rfmKind,
  shareOfWalletKind,
  shiftedBetaGeometricKind,
  spendValueKind,
  tLearnerKind,
  xLearnerKind,
} from './kinds.ts';
import type { PipelineModel } from './pipeline-kind.ts';

/** Every model the library knows, told apart by `kind`. */
export type Model =
  | BetaCalibrationModel
  | BetaDiscreteWeibullModel
  | BgBbModel
  | BgCnbdModel
  | BgNbdModel
  | ClassTransformationModel
  | CompositeIndexModel
  | CoxModel
  | CurrentValueModel
  | DecisionTreeModel
  | GammaGammaModel
  | GgomNbdModel
  | GradientBoostingModel
  | GridModel
  | HazardModel
  | IsotonicModel
  | KMeansModel
  | LifetimeValueModel
  | LogisticModel
  | LoyaltyLadderModel
  | LoyaltyModel
  | MbgCnbdModel
  | MbgNbdModel
  | NbdModel
  | NeuralNetworkModel
  | NextProductModel
  | OwnershipModel
  | ParetoNbdModel
  | PipelineModel
  | PlattModel
  | PointsRulesModel
  | PotentialValueModel
  | PriorCorrectionModel
  | RandomForestModel
  | RfmModel
  | ShareOfWalletModel
  | ShiftedBetaGeometricModel
  | SpendValueModel
  | TLearnerModel
  | XLearnerModel;

/** The one list of all kinds: leaving one out does not compile. */
export const allKinds: { readonly [K in Model['kind']]: Kind<Extract<Model, { kind: K }>> } = {
  betaCalibration: betaCalibrationKind,
  betaDiscreteWeibull: betaDiscreteWeibullKind,
  bgBb: bgBbKind,
  bgCnbd: bgCnbdKind,
  bgNbd: bgNbdKind,
  classTransformation: classTransformationKind,
  compositeIndex: compositeIndexKind,
  coxRegression: coxKind,
  currentValue: currentValueKind,
  decisionTree: decisionTreeKind,
  discreteTimeHazard: discreteTimeHazardKind,
  gammaGamma: gammaGammaKind,
  ggomNbd: ggomNbdKind,
  gradientBoosting: gradientBoostingKind,
  grid: gridKind,
  isotonicCalibration: isotonicKind,
  kMeans: kMeansKind,
  lifetimeValue: lifetimeValueKind,
  logisticRegression: logisticKind,
  loyalty: loyaltyKind,
  loyaltyLadder: loyaltyLadderKind,
  mbgCnbd: mbgCnbdKind,
  mbgNbd: mbgNbdKind,
  nbd: nbdKind,
  neuralNetwork: neuralNetworkKind,
  nextProduct: nextProductKind,
  ownershipPropensity: ownershipPropensityKind,
  paretoNbd: paretoNbdKind,
  pipeline: pipelineKind,
  plattCalibration: plattKind,
  pointsRules: pointsRulesKind,
  potentialValue: potentialValueKind,
  priorCorrection: priorCorrectionKind,
  randomForest: randomForestKind,
  rfm: rfmKind,
  shareOfWallet: shareOfWalletKind,
  shiftedBetaGeometric: shiftedBetaGeometricKind,
  spendValue: spendValueKind,
  tLearner: tLearnerKind,
  xLearner: xLearnerKind,
};

const all: Engine<Model> = engine(allKinds);

/** Resolves a model of any kind once, for many batches. See {@link Engine.compile}. */
export const compile: Engine<Model>['compile'] = (model) => all.compile(model);

/** Reads a model of any kind from JSON. See {@link Engine.parseModel}. */
export const parseModel: Engine<Model>['parseModel'] = (json) => all.parseModel(json);
