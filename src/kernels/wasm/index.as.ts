export { allCoded } from './all-coded.as';
export { allFinite } from './all-finite.as';
export { areHistories, betaGeometricAlive, quietOdds, timesAlive } from './history.as';
export { takeNumbers, takeTexts, writeNumbers } from './ids.as';
export { linear } from './linear.as';
export { seeTexts, sortTexts, textRanges } from './order.as';
export { patchCells } from './patches.as';
export { sigmoid } from './sigmoid.as';
export { codeCells, codeLevels, copyCodes, mirrorCodes } from './tree-codes.as';
export { selectTrees, walkCells } from './trees.as';
export { topThree, topThreeScaled } from './top-terms.as';
export { addTables } from './shap.as';
export { markNever, summaryRows, surveyBlock } from './summary.as';
export { allCount, tallyMerged, tallySeparate } from './tally.as';
export {
  addToHistograms,
  addToScores,
  addToWideHistograms,
  divideRows,
  subtractAll,
  subtractWide,
  unpackCells,
} from './histogram.as';
export { columnFacts, columnSquares, logisticBlocks, standardise } from './gram.as';
export { bestCuts } from './best-cuts.as';
export { lossDerivatives } from './loss.as';
export { complements, logOdds, meanOdds, priorOdds } from './calibrate.as';
export { addLevels, lookUp, rfmTotals, scores } from './cuts.as';
export { addCurve, addPieces, addRamp, addScores, addSteps } from './maps.as';
export { addByCode, denseLayer, tanh } from './network.as';
export { addColumns, addOffer, addProducts, retainedShares, scaledShares } from './value.as';
export { placesOf, ranksOf, sortCells } from './ranks.as';
