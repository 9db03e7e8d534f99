/** Less than a pixel. */
const STEP = 1 / 400;

/**
 * A curve without the points that lie nearer than 1/400 of both axes to the last one shown: it looks the same, and a
 * hundred thousand customers do not make a hundred thousand rows.
 * @param at x and y, as shares of their axes
 */
export function thinned<Point>(
  points: readonly Point[],
  at: (point: Point) => readonly [x: number, y: number],
): readonly Point[] {
  let [x, y] = [Number.NaN, Number.NaN];
  return points.filter((point, i) => {
    const [px, py] = at(point);
    if (i < points.length - 1 && Math.abs(px - x) < STEP && Math.abs(py - y) < STEP) return false;
    [x, y] = [px, py];
    return true;
  });
}
