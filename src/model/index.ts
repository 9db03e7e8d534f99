export type * from './batch.ts';
export { REASONS, WHY } from './batch.ts';
export type * from './contract.ts';
export { worstStatus } from './contract.ts';
export type * from './field.ts';
export { DAYS } from './field.ts';
export type { When } from './when.ts';
