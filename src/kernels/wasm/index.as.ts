export { addFive } from './linear.as';
export { allFinite } from './all-finite.as';
export { sigmoid } from './sigmoid.as';
export { codeCells, selectTrees, walkCells, walkCodes } from './trees.as';
