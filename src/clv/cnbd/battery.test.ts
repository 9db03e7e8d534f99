import { historyBattery } from '../family/battery.test-support.ts';
import type { HistoryEstimator } from '../family/estimator.ts';
import { bgCnbd } from './bg-cnbd.ts';
import type { CnbdEstimator } from './estimator.ts';
import { mbgCnbd } from './mbg-cnbd.ts';
import { bgCnbdKind, type CnbdNames, mbgCnbdKind } from './model.ts';

/** The estimator with k given, as the battery calls it. */
function withK<K extends string>(face: CnbdEstimator<K>, k: number): HistoryEstimator<K, CnbdNames> {
  return Object.assign(
    (options: Parameters<CnbdEstimator<K>>[0]) => face({ ...options, k }),
    face,
  ) as unknown as HistoryEstimator<K, CnbdNames>;
}

historyBattery<'bgCnbd', CnbdNames>(withK(bgCnbd, 3), bgCnbdKind, {
  at: [
    { r: 1.2, alpha: 3, a: 0.7, b: 2.5 },
    { r: 0.4, alpha: 2, a: 0.3, b: 0.8 },
    { r: 3, alpha: 4, a: 1, b: 40 },
  ],
  settings: { k: 3 },
});

historyBattery<'mbgCnbd', CnbdNames>(withK(mbgCnbd, 2), mbgCnbdKind, {
  at: [
    { r: 1, alpha: 4, a: 0.7, b: 2.5 },
    { r: 0.4, alpha: 2, a: 0.3, b: 0.8 },
    { r: 3, alpha: 5, a: 1, b: 40 },
  ],
  settings: { k: 2 },
});
