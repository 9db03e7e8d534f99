import { existsSync, readFileSync } from 'node:fs';
import { assertClose } from './contest.mjs';

const SUMMARY = new URL('../../shared/data/cdnow-summary.csv', import.meta.url);
const GOLDEN = new URL('../fixtures/clv-golden.json', import.meta.url);

/** The CDNOW sample summarised, or null where the data are not beside the repository. */
export function cdnow() {
  if (!existsSync(SUMMARY)) return null;
  const [head, ...lines] = readFileSync(SUMMARY, 'utf8').trim().split('\n');
  const names = head.split(',');
  const column = (name) => Float64Array.from(lines, (line) => Number(line.split(',')[names.indexOf(name)]));
  return { frequency: column('x'), recency: column('t_x'), T: column('T'), monetaryValue: column('mean_value') };
}

/** Checks that a fit has the parameters of the reference. */
export function likeGolden(name) {
  const { params } = JSON.parse(readFileSync(GOLDEN, 'utf8')).fits[name];
  const keys = Object.keys(params);
  return (model) =>
    assertClose(
      keys.map((key) => model[key] / params[key]),
      keys.map(() => 1),
      1e-5,
      `${model.kind} on CDNOW`,
    );
}

/**
 * Parameters of the BG/NBD, and customers with P(alive) and expected purchases worked out by mpmath to 30 digits. Expected
 * purchases at a = 1, where the formula is 0/0, are not exact there.
 */
export const exactHistories = () =>
  JSON.parse(readFileSync(GOLDEN, 'utf8')).functions.models.bgnbd.filter(({ params }) => params.a !== 1);
