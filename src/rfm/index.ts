export type { NtileOptions } from './ntile.ts';
export { ntile } from './ntile.ts';
export type { RfmNames, RfmOptions, RfmOutputs } from './rfm.ts';
export { rfm } from './rfm.ts';
export type { Measure, RfmFit, RfmModel } from './rfm-kind.ts';
export { rfmKind } from './rfm-kind.ts';
