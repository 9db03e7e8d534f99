import type { HazardModel } from '../churn/discrete-time-hazard-kind.ts';
import type { LogisticModel } from '../churn/logistic-kind.ts';
import type { BgNbdModel } from '../clv/bg-nbd/model.ts';
import type { GammaGammaModel } from '../clv/gamma-gamma-model.ts';
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
  bgNbdKind,
  compositeIndexKind,
  currentValueKind,
  discreteTimeHazardKind,
  gammaGammaKind,
  gridKind,
  kMeansKind,
  lifetimeValueKind,
  logisticKind,
  loyaltyKind,
  loyaltyLadderKind,
  nextProductKind,
  ownershipPropensityKind,
  pipelineKind,
  pointsRulesKind,
  potentialValueKind,
  rfmKind,
  shareOfWalletKind,
  spendValueKind,
} from './kinds.ts';
import type { PipelineModel } from './pipeline-kind.ts';

/** Every model the library knows, told apart by `kind`. */
export type Model =
  | BgNbdModel
  | CompositeIndexModel
  | CurrentValueModel
  | GammaGammaModel
  | GridModel
  | HazardModel
  | KMeansModel
  | LifetimeValueModel
  | LogisticModel
  | LoyaltyModel
  | ShareOfWalletModel
  | PointsRulesModel
  | NextProductModel
  | LoyaltyLadderModel
  | OwnershipModel
  | PipelineModel
  | PotentialValueModel
  | RfmModel
  | SpendValueModel;

/** The one list of all kinds: leaving one out does not compile. */
const allKinds: { readonly [K in Model['kind']]: Kind<Extract<Model, { kind: K }>> } = {
  bgNbd: bgNbdKind,
  compositeIndex: compositeIndexKind,
  currentValue: currentValueKind,
  discreteTimeHazard: discreteTimeHazardKind,
  gammaGamma: gammaGammaKind,
  grid: gridKind,
  kMeans: kMeansKind,
  lifetimeValue: lifetimeValueKind,
  logisticRegression: logisticKind,
  loyalty: loyaltyKind,
  shareOfWallet: shareOfWalletKind,
  pointsRules: pointsRulesKind,
  nextProduct: nextProductKind,
  loyaltyLadder: loyaltyLadderKind,
  ownershipPropensity: ownershipPropensityKind,
  pipeline: pipelineKind,
  potentialValue: potentialValueKind,
  rfm: rfmKind,
  spendValue: spendValueKind,
};

const all: Engine<Model> = /* @__PURE__ */ engine(allKinds);

/** Resolves a model of any kind once, for many batches. See {@link Engine.compile}. */
export const compile: Engine<Model>['compile'] = (model) => all.compile(model);

/** Reads a model of any kind from JSON. See {@link Engine.parseModel}. */
export const parseModel: Engine<Model>['parseModel'] = (json) => all.parseModel(json);
