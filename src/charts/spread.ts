const BINS = 80;

/** A strip that holds fewer values side by side stays thin. */
const FEW = 4;

/**
 * Sets nearly equal values of each strip side by side: offsets from −1 to 1 around its middle, the farther the denser it is
 * there.
 */
export function spread(strips: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const all = strips.flat();
  const low = all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const high = all.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return strips.map((values) => {
    const held = new Int32Array(BINS + 1);
    const steps = values.map((value) => {
      const bin = high > low ? Math.floor((BINS * (value - low)) / (high - low)) : 0;
      const place = held[bin]!++;
      // 0, 1, −1, 2, −2 …
      return place % 2 === 1 ? (place + 1) / 2 : 0 - place / 2;
    });
    const widest = steps.reduce((a, b) => Math.max(a, Math.abs(b)), FEW);
    return steps.map((step) => step / widest);
  });
}
