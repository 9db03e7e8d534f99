import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';
import { type BootstrapInterval, type BootstrapOptions, bootstrapInterval } from '../judgement/bootstrap.ts';
import { checkLevel } from '../metrics.ts';
import { countSteps, type RankedArms, rankArms, type StepCounts, type UpliftRows } from './ranked-arms.ts';

/** The customers of highest uplift, down to one value of it. */
export interface QiniPoint {
  /** Share of all customers. */
  readonly share: number;
  /** Lowest uplift among them; null at share 0. */
  readonly atLeast: number | null;
  readonly treated: number;
  readonly control: number;
  readonly keptTreated: number;
  readonly keptControl: number;
  /** Kept rate of the treated less that of the control among them; null at share 0. */
  readonly uplift: number | null;
  /** Customers kept by treating these, per treated customer of all: treated/all treated · uplift. */
  readonly qini: number;
}

export interface QiniCurve {
  readonly rows: number;
  readonly treated: number;
  readonly control: number;
  readonly leftOut: number;
  /** From share 0 to 1. A value of uplift down to which one arm has no row gives no point. */
  readonly points: readonly QiniPoint[];
  /** Area under the curve by straight lines between points. */
  readonly auuc: number;
  /** Area between the curve and the straight line to its end: what ranking adds to treating at random. */
  readonly qini: number;
  /** Uplift of treating all. */
  readonly averageEffect: number;
}

/** Without a seed there are no intervals. */
export type UpliftIntervals = Omit<BootstrapOptions, 'strata'>;

export interface UpliftArea {
  readonly auuc: BootstrapInterval;
  readonly qini: BootstrapInterval;
}

export interface UpliftAt {
  readonly share: number;
  /** Expected counts of the share; rows of equal uplift at its end belong to it in part. */
  readonly treated: number;
  readonly control: number;
  /** Kept rate of the treated less that of the control; null when an arm has no row there. */
  readonly uplift: BootstrapInterval;
}

/**
 * The Qini curve: with customers by descending uplift, T and C treated and held-out ones among the first k, and K_T and K_C kept
 * among those, `Q(k/n) = (K_T − K_C·T/C)/N_T = (T/N_T)·(K_T/T − K_C/C)`: what treating the first k keeps, per treated customer.
 * Arms may differ in size. Customers of equal uplift count at once, and the line between points is what any order of theirs gives.
 *
 * `auuc` is ∫Q, `qini` is ∫Q − Q(1)/2; neither is divided by the area of a perfect order. Only where treatment was random does
 * the difference of arms tell of the treatment.
 *
 * @throws wrong-length; invalid-value; one-class when an arm has no row.
 * Source: Radcliffe (2007), Direct Marketing Analytics Journal, 14–21, whose curve is N_T times this one.
 * @example qiniCurve({ kept: [1, 0, 0, 1], treated: [1, 0, 1, 0], uplift: [0.2, 0.2, -0.1, -0.1] }).points[1].qini // 0.5
 */
export function qiniCurve(rows: UpliftRows): QiniCurve {
  const ranked = rankArms(rows);
  const counts = countSteps(ranked.levels.length, ranked.step, ranked.kept, ranked.treated);
  const points = curve(counts, ranked.levels);
  const last = points.at(-1)!;
  const auuc = areaOf(points);
  return {
    rows: ranked.step.length,
    treated: last.treated,
    control: last.control,
    leftOut: ranked.leftOut,
    points,
    auuc,
    qini: auuc - last.qini / 2,
    averageEffect: last.uplift!,
  };
}

/**
 * Area under the {@link qiniCurve}, and that above treating at random, with percentile intervals of a bootstrap within arms. The
 * intervals are of the ranking as it is: they do not know how it was learned.
 *
 * @throws as `qiniCurve`; invalid-option.
 * @example auuc({ kept, treated, uplift }, { seed: 1, resamples: 200 }).qini.low // above 0: ranking helps
 */
export function auuc(rows: UpliftRows, options: UpliftIntervals): UpliftArea {
  knownOptions(options, 'auuc', 'level seed resamples');
  const ranked = rankArms(rows);
  const of = (above: boolean): BootstrapInterval =>
    resampled(ranked, options, (counts) => {
      const points = curve(counts, ranked.levels);
      return areaOf(points) - (above ? points.at(-1)!.qini / 2 : 0);
    });
  return { auuc: of(false), qini: of(true) };
}

/**
 * Uplift among the share of customers with the highest predicted uplift: `K_T/T − K_C/C` of {@link qiniCurve} there, with the
 * percentile interval of a bootstrap within arms. Of customers of equal uplift at the end of the share, the part that it takes
 * up counts.
 *
 * @param share in (0, 1].
 * @throws as `qiniCurve`; invalid-option.
 * @example upliftAt({ kept: [1, 0, 0, 1], treated: [1, 0, 1, 0], uplift: [2, 2, 1, 1] }, 0.5, { seed: 1 }).uplift.estimate // 1
 */
export function upliftAt(rows: UpliftRows, share: number, options: UpliftIntervals): UpliftAt {
  knownOptions(options, 'upliftAt', 'level seed resamples');
  if (!(share > 0 && share <= 1)) fail('invalid-option', `invalid share: ${share}; use a number in (0, 1]`);
  const ranked = rankArms(rows);
  const { treated, control } = topOf(countSteps(ranked.levels.length, ranked.step, ranked.kept, ranked.treated), share);
  const uplift = resampled(ranked, options, (counts) => {
    const top = topOf(counts, share);
    return top.treated > 0 && top.control > 0 ? top.keptTreated / top.treated - top.keptControl / top.control : null;
  });
  return { share, treated, control, uplift };
}

function resampled(
  { levels, step, kept, treated }: RankedArms,
  options: UpliftIntervals,
  metric: (counts: StepCounts) => number | null,
): BootstrapInterval {
  checkLevel(options.level ?? 0.95);
  return bootstrapInterval((s, k, t) => metric(countSteps(levels.length, s, k, t)), [step, kept, treated], {
    ...options,
    strata: treated,
  });
}

function curve(counts: StepCounts, levels: Float64Array): readonly QiniPoint[] {
  const allTreated = counts.treated.reduce((a, b) => a + b, 0);
  const all = allTreated + counts.control.reduce((a, b) => a + b, 0);
  const none = { treated: 0, control: 0, keptTreated: 0, keptControl: 0 };
  const points: QiniPoint[] = [{ share: 0, atLeast: null, ...none, uplift: null, qini: 0 }];
  let { treated, control, keptTreated, keptControl } = none;
  for (let s = 0; s < levels.length; s++) {
    treated += counts.treated[s]!;
    control += counts.control[s]!;
    keptTreated += counts.keptTreated[s]!;
    keptControl += counts.keptControl[s]!;
    // A resample may lack every row of a step: nothing has moved then.
    if (treated === 0 || control === 0 || counts.treated[s]! + counts.control[s]! === 0) continue;
    const uplift = keptTreated / treated - keptControl / control;
    points.push({
      share: (treated + control) / all,
      atLeast: levels[s]!,
      treated,
      control,
      keptTreated,
      keptControl,
      uplift,
      qini: (treated / allTreated) * uplift,
    });
  }
  return points;
}

function areaOf(points: readonly QiniPoint[]): number {
  let area = 0;
  for (let i = 1; i < points.length; i++) {
    const [a, b] = [points[i - 1]!, points[i]!];
    area += ((b.share - a.share) * (a.qini + b.qini)) / 2;
  }
  return area;
}

/** Expected counts among the first `share` of all rows. */
function topOf(
  counts: StepCounts,
  share: number,
): { treated: number; control: number; keptTreated: number; keptControl: number } {
  const top = { treated: 0, control: 0, keptTreated: 0, keptControl: 0 };
  const names = Object.keys(top) as (keyof StepCounts)[];
  let left = share * counts.treated.reduce((all, n, s) => all + n + counts.control[s]!, 0);
  for (let s = 0; s < counts.treated.length && left > 0; s++) {
    const here = counts.treated[s]! + counts.control[s]!;
    if (here === 0) continue;
    const part = Math.min(1, left / here);
    for (const name of names) top[name] += part * counts[name][s]!;
    left -= here;
  }
  return top;
}
