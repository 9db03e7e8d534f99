import type { CoxBaseline, CoxModel } from '../churn/survival/cox-kind.ts';
import type { KaplanMeier, SurvivalCurve } from '../churn/survival/kaplan-meier.ts';
import { exp } from '../numerics/elementary.ts';
import { type Channel, type Chart, chart, known, percent, quantity, rounded, withUnit, word } from './chart.ts';
import { MARK } from './palette.ts';
import { thinned } from './thinned.ts';

export interface SurvivalChartOptions {
  /** Of time, such as `months`. */
  readonly unit?: string;
  readonly title?: string;
}

/** A step: survival from this time on. */
export interface SurvivalRow {
  /** Group or stratum; null for the only one. */
  readonly group: string | null;
  readonly time: number;
  readonly survival: number;
  /** Limits of the interval; null where there is none. */
  readonly lower: number | null;
  readonly upper: number | null;
}

/**
 * Survival over time as steps: the Kaplan–Meier curve of each group with its interval, or what a Cox model has for the
 * average customer of each stratum, e^−H₀(t). Medians and warnings stand below the title. Steps less than 1/400 of the
 * axes apart are shown as one.
 * @example survivalChart(kaplanMeier(customers, { duration: 'months', event, group: 'plan' }), { unit: 'months' })
 */
export function survivalChart(
  result: KaplanMeier | Pick<CoxModel, 'baseline'>,
  { unit, title = 'Survival' }: SurvivalChartOptions = {},
): Chart<SurvivalRow> {
  const curves = 'curves' in result ? result.curves.map(ofGroup) : result.baseline.map(ofStratum);
  const values = curves.flatMap((rows) => {
    const end = rows.at(-1)!.time;
    return thinned(rows, ({ time, survival }) => [time / end, survival]);
  });
  const groups = [...new Set(values.map(({ group }) => group))].filter((group) => group !== null);
  const several = groups.length > 0;
  const color: Channel<keyof SurvivalRow> = several
    ? { ...word('group', 'Group'), sort: groups, legend: { symbolOpacity: 1 } }
    : { value: MARK };
  const time = quantity('time' as const, withUnit('Time', unit));
  const survival = quantity('survival' as const, 'Share that is left');
  const axis = { axis: { format: '%' }, scale: { domain: [0, 1] } };
  return chart(
    {
      title,
      subtitle: 'curves' in result ? notesOf(result, unit) : [],
      description: 'Share of the customers that is left, by time.',
    },
    values,
    {
      width: 480,
      height: 300,
      encoding: { x: time, color },
      layer: [
        {
          mark: { type: 'area', interpolate: 'step-after', opacity: 0.15 },
          transform: known('lower'),
          encoding: { y: { ...quantity('lower', survival.title), ...axis }, y2: { field: 'upper' } },
        },
        {
          mark: { type: 'line', interpolate: 'step-after', point: 'transparent' },
          encoding: {
            y: { ...survival, ...axis },
            tooltip: [
              ...(several ? [word('group' as const, 'Group')] : []),
              { ...time, format: '.4~r' },
              { ...survival, format: '.1%' },
              quantity('lower', 'From', '.1%'),
              quantity('upper', 'To', '.1%'),
            ],
          },
        },
      ],
    },
  );
}

function ofGroup({ group, time, survival, lower, upper, until }: SurvivalCurve): readonly SurvivalRow[] {
  const steps = time.map((t, k): SurvivalRow => {
    return { group, time: t, survival: survival[k]!, lower: lower[k]!, upper: upper[k]! };
  });
  return drawn({ group, time: 0, survival: 1, lower: 1, upper: 1 }, steps, until);
}

function ofStratum({ stratum, time, cumulativeHazard, until }: CoxBaseline): readonly SurvivalRow[] {
  const none = { group: stratum, lower: null, upper: null };
  const steps = time.map((t, k): SurvivalRow => ({ ...none, time: t, survival: exp(-cumulativeHazard[k]!) }));
  return drawn({ ...none, time: 0, survival: 1 }, steps, until);
}

/** From the start to the end of the watch. Where the interval ends, it ends upright. */
function drawn(start: SurvivalRow, steps: readonly SurvivalRow[], until: number): readonly SurvivalRow[] {
  const rows = [start];
  for (const step of steps) {
    const last = rows.at(-1)!;
    if (step.lower === null && last.lower !== null) rows.push({ ...last, time: step.time });
    rows.push(step);
  }
  const last = rows.at(-1)!;
  return until > last.time ? [...rows, { ...last, time: until }] : rows;
}

function notesOf({ curves, level, warnings }: KaplanMeier, unit: string | undefined): readonly string[] {
  const medians = curves.flatMap(({ group, quantiles }) => {
    const median = quantiles.find(({ probability }) => probability === 0.5);
    if (!median) return [];
    const when = median.time === null ? 'not reached' : rounded(median.time);
    return [group === null ? when : `${group} ${when}`];
  });
  return [
    ...(medians.length > 0 ? [`${withUnit('Median', unit)}: ${medians.join(', ')}`] : []),
    ...(curves.length > 0 ? [`With intervals of ${percent(level)}`] : []),
    ...warnings,
  ];
}
