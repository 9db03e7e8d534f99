/**
 * Area under the ROC curve, P(score of a positive > score of a negative) + ½ P(equal), by midranks (Mann & Whitney
 * 1947). Rows whose `y` is neither 0 nor 1, or whose score is NaN, are left out; NaN when a class is empty.
 * @example auc([0, 1, 0, 1], [0.1, 0.4, 0.35, 0.8]) // 1
 */
export function auc(y: ArrayLike<number>, score: ArrayLike<number>): number {
  const rows = Uint32Array.from({ length: y.length }, (_, i) => i).filter(
    (i) => (y[i] === 0 || y[i] === 1) && score[i] === score[i],
  );
  rows.sort((a, b) => score[a]! - score[b]!);
  let positives = 0;
  let rankSum = 0;
  for (let from = 0, to = 0; from < rows.length; from = to) {
    let hits = 0;
    for (to = from; to < rows.length && score[rows[to]!] === score[rows[from]!]; to++) hits += y[rows[to]!]!;
    positives += hits;
    rankSum += hits * ((from + 1 + to) / 2);
  }
  const negatives = rows.length - positives;
  return positives === 0 || negatives === 0
    ? Number.NaN
    : (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
