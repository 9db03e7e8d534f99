import { cosPi } from './quadrature.ts';

const TERMS = 16;
let cosines: Float64Array | undefined;
/** T_k at the j-th zero of T_16, at [16k + j]. */
function allCosines(): Float64Array {
  cosines ??= Float64Array.from({ length: TERMS * TERMS }, (_, at) => {
    const j = at % TERMS;
    const k = (at - j) / TERMS;
    return cosPi(((2 * j + 1) * k) % (4 * TERMS), 2 * TERMS);
  });
  return cosines;
}

/**
 * A function on [−width, ∞) tabulated as it is asked for: on each interval of `width` its Chebyshev interpolant of degree 15,
 * built once from `prepare(low, high)`, the function to tabulate there. The result depends on the argument alone, never
 * on the order of the calls. For a function analytic in the strip |Im v| < π/2 a width of ½ leaves about 1e-16.
 */
export function tabulated(
  width: number,
  prepare: (low: number, high: number) => (v: number) => number,
): (v: number) => number {
  const patches: Float64Array[] = [];
  return (v) => {
    const at = v / width;
    const index = Math.floor(at);
    let patch = patches[index + 1];
    if (patch === undefined) {
      patch = interpolate(prepare(index * width, (index + 1) * width), index * width, width);
      patches[index + 1] = patch;
    }
    // Clenshaw's recurrence.
    const t = 2 * (at - index) - 1;
    const twice = 2 * t;
    let b1 = 0;
    let b2 = 0;
    for (let k = TERMS - 1; k > 0; k--) {
      const b0 = patch[k]! + twice * b1 - b2;
      b2 = b1;
      b1 = b0;
    }
    return patch[0]! + t * b1 - b2;
  };
}

function interpolate(f: (v: number) => number, low: number, width: number): Float64Array {
  const cosines = allCosines();
  const values = new Float64Array(TERMS);
  for (let j = 0; j < TERMS; j++) values[j] = f(low + (width * (1 + cosines[TERMS + j]!)) / 2);
  const out = new Float64Array(TERMS);
  for (let k = 0; k < TERMS; k++) {
    let sum = 0;
    for (let j = 0; j < TERMS; j++) sum += values[j]! * cosines[k * TERMS + j]!;
    out[k] = (sum * (k === 0 ? 1 : 2)) / TERMS;
  }
  return out;
}
