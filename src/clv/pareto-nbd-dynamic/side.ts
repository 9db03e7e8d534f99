/**
 * One of the two processes along a customer's path: its covariate-weighted time, ∫ e^(γ′z), and the derivatives of that
 * by γ. Coordinate 0 is ln of the process's time parameter (α or β), coordinate j ≥ 1 the coefficient of its j-th column.
 *
 * With p the share P or Q of the run, the derivative of ln(1 + A/α) by coordinate i is `slope[i] + p·tilt[i]`, and its
 * second derivative plus the product of both first ones is `curve[ij] + p·bend[ij]`: affine in p within a run, which is
 * why a run needs no more integrals than a static model.
 */
export interface Side {
  readonly size: number;
  /** The weighted time so far. */
  time: number;
  /** e^(γ′z) of the run, and z by coordinate; z of coordinate 0 is −1. */
  rate: number;
  readonly z: Float64Array;
  readonly slope: Float64Array;
  readonly tilt: Float64Array;
  readonly curve: Float64Array;
  readonly bend: Float64Array;
  /** Back to the first purchase. */
  reset(): void;
  /** Goes on by a length of time in the run. */
  advance(length: number): void;
  /** Fills slope, tilt, curve and bend for the run from here on. */
  tangent(scale: number): void;
  /** The same for this one moment; `z` does not matter. */
  here(scale: number): void;
}

/** A process with `columns` covariates. */
export function makeSide(columns: number): Side {
  const n = columns + 1;
  const [z, slope, tilt] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  const [curve, bend] = [new Float64Array(n * n), new Float64Array(n * n)];
  // Derivatives of the weighted time by the coefficients.
  const first = new Float64Array(n);
  const second = new Float64Array(n * n);
  z[0] = -1;
  tilt[0] = -1;
  bend[0] = 1;
  const tangentAt = (side: Side, scale: number, inRun: number): void => {
    for (let i = 1; i < n; i++) {
      const zi = inRun * z[i]!;
      const e = (first[i]! - zi * side.time) / scale;
      slope[i] = e;
      tilt[i] = zi - e;
      curve[i] = -e;
      bend[i] = e - zi;
      for (let j = i; j < n; j++) {
        const zz = zi * z[j]!;
        const c = (second[n * i + j]! - zz * side.time) / scale;
        curve[n * i + j] = c;
        bend[n * i + j] = zz - c;
      }
    }
  };
  return {
    ...{ size: n, time: 0, rate: 1, z, slope, tilt, curve, bend },
    reset() {
      this.time = 0;
      first.fill(0);
      second.fill(0);
    },
    advance(length) {
      const more = this.rate * length;
      this.time += more;
      for (let i = 1; i < n; i++) {
        first[i]! += z[i]! * more;
        for (let j = i; j < n; j++) second[n * i + j]! += z[i]! * z[j]! * more;
      }
    },
    tangent(scale) {
      tangentAt(this, scale, 1);
    },
    here(scale) {
      tangentAt(this, scale, 0);
    },
  };
}
