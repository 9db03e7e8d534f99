export { neuralNetwork } from './neural-network.ts';
export {
  type EpochLoss,
  type HiddenUnit,
  type NeuralNetworkModel,
  type NeuralNetworkReport,
  neuralNetworkKind,
  type Unit,
} from './neural-network-kind.ts';
export type { NetworkStopping, NeuralNetworkOptions } from './neural-options.ts';
