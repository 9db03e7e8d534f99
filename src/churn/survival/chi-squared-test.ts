import { chiSquaredTail } from '../../numerics/chi-squared.ts';

export interface ChiSquaredTest {
  readonly chiSquared: number;
  readonly degreesOfFreedom: number;
  readonly pValue: number;
}

export function chiSquaredTest(chiSquared: number, degreesOfFreedom: number): ChiSquaredTest {
  return { chiSquared, degreesOfFreedom, pValue: chiSquaredTail(chiSquared, degreesOfFreedom) };
}
