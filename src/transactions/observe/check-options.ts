import { parseDay } from '../../columns/index.ts';
import { fail } from '../../errors.ts';
import { knownOptions, list, names, object, onlyKeys } from '../../model/options.ts';
import { checkMatch, type EventMatch } from './event-match.ts';
import { CHURN_TYPES, type ContractRules, type EventFeature, type LabelRule } from './options.ts';

/** A date as days since 1970-01-01. */
export function dayOption(text: string, option: string): number {
  const day = typeof text === 'string' ? parseDay(text) : Number.NaN;
  return day === day
    ? day
    : fail('invalid-option', `invalid ${option}: ${JSON.stringify(text)}; write a date as "yyyy-mm-dd"`);
}

/** A whole number of days. */
export function spanOption(days: number | undefined, option: string, least: number): number {
  return Number.isSafeInteger(days) && days! >= least && days! <= 1e6
    ? days!
    : fail('invalid-option', `invalid ${option}: ${String(days)}; use a whole number of days from ${least} on`);
}

export function checkWord(word: unknown, option: string, allowed: readonly unknown[]): void {
  if (!allowed.includes(word))
    fail('invalid-option', `invalid ${option}: ${JSON.stringify(word)}; use one of ${allowed.join(', ')}`);
}

const FAMILIES: { readonly [family in EventFeature['family']]: readonly string[] } = {
  count: ['of', 'days'],
  sum: ['column', 'of', 'days'],
  level: ['column', 'of', 'days'],
  daysSince: ['of', 'days'],
  tenure: ['of'],
  flag: ['of', 'until', 'days'],
  change: ['column', 'of', 'days'],
  slope: ['column', 'of', 'days', 'every', 'empty'],
  variability: ['column', 'of', 'days', 'every', 'empty'],
  ratioToMean: ['column', 'of', 'days', 'every', 'empty'],
  ratio: ['feature', 'over'],
};

/** Stops at the first feature that cannot be built. */
export function checkFeatures(features: readonly EventFeature[], window: number, taken: readonly string[]): void {
  const before = new Set<string>();
  for (const feature of list(features, 'features')) {
    const { name, family } = object(feature, 'features');
    names({ 'features: name': name });
    const at = `feature "${name}"`;
    checkWord(family, `${at}: family`, Object.keys(FAMILIES));
    onlyKeys(feature, at, ['name', 'family', ...FAMILIES[family]]);
    if (before.has(name)) fail('invalid-option', `${at} is given twice: rename one`);
    if (taken.includes(name)) fail('output-taken', `${at}: the data set has a column of that name: rename the feature`);
    const all = feature as unknown as { readonly [key: string]: unknown };
    for (const key of ['of', 'until'] as const)
      if (all[key] !== undefined) checkMatch(all[key] as EventMatch, `${at}: ${key}`);
    if (feature.family === 'flag' && feature.of === undefined)
      fail('invalid-option', `${at}: name its events in "of", as in { product: 'tv' }`);
    if (all.column !== undefined || family === 'sum' || family === 'level') names({ [`${at}: column`]: all.column });
    if (feature.family === 'ratio') {
      for (const other of [feature.feature, feature.over])
        if (!before.has(other)) fail('invalid-option', `${at}: no feature ${JSON.stringify(other)} stands before it`);
    } else checkDays(feature, at, window);
    before.add(name);
  }
}

function checkDays(feature: Exclude<EventFeature, { readonly family: 'ratio' }>, at: string, window: number): void {
  const { family } = feature;
  if (family === 'tenure') return;
  const state = family === 'level' || family === 'daysSince' || family === 'flag';
  if (state && feature.days === undefined) return;
  const days = spanOption(feature.days ?? (family === 'change' ? undefined : window), `${at}: days`, 1);
  const back = family === 'change' ? 2 * days : days;
  if (!state && back > window)
    fail('invalid-option', `${at} looks ${back} days back, the window has ${window}: make the window as long`);
  if (!('every' in feature) && !['slope', 'variability', 'ratioToMean'].includes(family)) return;
  const { every, empty = 'zero' } = feature as { readonly every: number; readonly empty?: string };
  spanOption(every, `${at}: every`, 1);
  if (days % every !== 0 || days / every < 2)
    fail('invalid-option', `${at}: ${days} days are not two or more periods of ${every}: change days or every`);
  checkWord(empty, `${at}: empty`, ['zero', 'null']);
}

/** Stops unless contracts can be read by these rules. */
export function checkContract(contract: ContractRules, option: string): void {
  const { product, starts, ends, involuntary, voluntarySwitch, transferWithin = 0 } = object(contract, option);
  knownOptions(contract, option, 'product starts ends involuntary voluntarySwitch transferWithin');
  if (product !== undefined) names({ [`${option}.product`]: product });
  for (const [key, match] of Object.entries({ starts, ends })) checkMatch(match, `${option}.${key}`);
  for (const [key, match] of Object.entries({ involuntary, voluntarySwitch }))
    if (match !== undefined) checkMatch(match, `${option}.${key}`);
  spanOption(transferWithin, `${option}.transferWithin`, 0);
  if (transferWithin > 0 && product === undefined)
    fail('invalid-option', `${option}.transferWithin: transfers are between products: name their column in product`);
}

/** Stops unless the label can be built. */
export function checkLabel(label: LabelRule): void {
  const { rule, fraud } = object(label, 'label');
  checkWord(rule, 'label.rule', ['inactivity', 'ending']);
  if (fraud !== undefined) checkMatch(fraud, 'label.fraud');
  if (label.rule === 'inactivity') {
    knownOptions(label, 'label', 'rule of fraud');
    if (label.of !== undefined) checkMatch(label.of, 'label.of');
    return;
  }
  knownOptions(label, 'label', 'rule contract churned fraud');
  checkContract(label.contract, 'label.contract');
  if (label.churned === undefined) return;
  if (list(label.churned, 'label.churned').length === 0)
    fail('invalid-option', `invalid label.churned: name at least one of ${CHURN_TYPES.join(', ')}`);
  for (const type of label.churned) checkWord(type, 'label.churned', CHURN_TYPES);
}
