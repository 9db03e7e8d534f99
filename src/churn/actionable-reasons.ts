import { isNumeric, readCategories, readNumbers } from '../columns/whole.ts';
import { fail } from '../errors.ts';
import type { CategoryColumn, Columns } from '../model/batch.ts';
import type { Term } from '../model/contract.ts';
import { knownOptions } from '../model/options.ts';
import { type Contributions, topReasons } from './reasons.ts';

/** What is known of a feature beside its name, for those who read its reasons. */
export interface ReasonFeature {
  readonly column: string;
  /** Whether anything can be done about it: a contract or a bill, not age, tenure or region. */
  readonly actionable: boolean;
  /** How it is told; `{value}` stands for the customer's own value. Default: `column = {value}`. */
  readonly sentence?: string;
  /** How single levels of a category are told. */
  readonly levels?: { readonly [level: string]: string };
  /** How ranges of a number are told: the first with a larger `below`; without one it holds for all that are left. */
  readonly bands?: readonly { readonly below?: number; readonly sentence: string }[];
}

/** The main reasons of each row in words, the strongest first. */
export interface ActionableReasons {
  /** `k` columns of those that can be acted on; −1 where fewer than that many push the score up. */
  readonly reasons: readonly CategoryColumn[];
  /** What each of them contributes, on the scale of the explanation; NaN where there is none. */
  readonly contributions: readonly Float64Array[];
  /** `k` columns of those that cannot be acted on. */
  readonly background: readonly CategoryColumn[];
}

/**
 * The `k` terms that push each row's score up most and that somebody can act on, in words; those that nobody can act on stand
 * apart. A feature that is not listed counts as one that can be acted on. Of collinear features told as one term, those that
 * can be acted on are told. A term that pushes the score down is never a reason.
 *
 * A reason tells what the model sees in the customer, not what would keep them: that takes an experiment.
 *
 * @param explanation from `compile(model).explain(batch, output)`.
 * @param data the batch that was explained, for the customers' own values.
 * @throws unknown-column for a feature that is no term of the explanation; wrong-length; invalid-option.
 * @example
 * const explanation = { terms: [{ name: 'plan', columns: ['plan'] }], contributions: [Float64Array.of(0.4)] };
 * const features = [{ column: 'plan', actionable: true, levels: { monthly: 'on a month-to-month contract' } }];
 * actionableReasons(explanation, { plan: ['monthly'] }, { features }).reasons[0].levels // ['on a month-to-month contract']
 */
export function actionableReasons(
  { terms, contributions }: Omit<Contributions, 'terms'> & { readonly terms: readonly Term[] },
  data: Columns,
  options: { readonly features?: readonly ReasonFeature[]; readonly k?: number } = {},
): ActionableReasons {
  const { features = [], k = 3 } = knownOptions(options, 'actionableReasons', 'features k');
  if (terms.length !== contributions.length)
    fail('wrong-length', `${terms.length} terms, but contributions of ${contributions.length}`);
  const rows = contributions[0]?.length ?? 0;
  const known = new Map<string, ReasonFeature>();
  for (const feature of features) {
    checkFeature(feature);
    const { column } = feature;
    if (!terms.some(({ columns }) => columns.includes(column)))
      fail('unknown-column', `feature "${column}" is no term; there are ${terms.map(({ name }) => name).join(', ')}`);
    if (known.has(column)) fail('invalid-option', `feature "${column}" is listed twice`);
    known.set(column, feature);
  }
  const actionable = (column: string): boolean => known.get(column)?.actionable ?? true;
  const tellers = new Map<string, (row: number) => string>();
  const tellerOf = (column: string): ((row: number) => string) => {
    const found = tellers.get(column) ?? teller(data, known.get(column) ?? { column, actionable: true }, rows);
    tellers.set(column, found);
    return found;
  };
  const told = (
    wanted: boolean,
  ): { readonly reasons: readonly CategoryColumn[]; readonly amounts: readonly Float64Array[] } => {
    const own = terms.flatMap(({ columns }, t) => (columns.some(actionable) === wanted ? [t] : []));
    const part = topReasons({ terms: own.map((t) => terms[t]!), contributions: own.map((t) => contributions[t]!) }, k);
    const words = own.map((t) => {
      const columns = terms[t]!.columns.filter((column) => actionable(column) === wanted).map(tellerOf);
      return (row: number) => columns.map((tell) => tell(row)).join(' & ');
    });
    return {
      reasons: part.reasons.map(({ codes }) => inWords(own.length > 0 ? codes : new Int32Array(rows).fill(-1), words)),
      amounts:
        own.length > 0 ? part.contributions : part.contributions.map(() => new Float64Array(rows).fill(Number.NaN)),
    };
  };
  const { reasons, amounts } = told(true);
  return { reasons, contributions: amounts, background: told(false).reasons };
}

function inWords(codes: Int32Array, words: readonly ((row: number) => string)[]): CategoryColumn {
  const index = new Map<string, number>();
  const out = codes.map((code, row) => {
    if (code < 0) return -1;
    const text = words[code]!(row);
    const place = index.get(text) ?? index.size;
    index.set(text, place);
    return place;
  });
  return { codes: out, levels: [...index.keys()] };
}

/** A feature of one row in words. */
function teller(
  data: Columns,
  { column, sentence, levels = {}, bands = [] }: ReasonFeature,
  rows: number,
): (row: number) => string {
  const fill = (text: string | undefined, value: string): string =>
    text === undefined ? `${column} = ${value}` : text.replaceAll('{value}', () => value);
  const sized = (length: number): void => {
    if (length !== rows) fail('wrong-length', `column "${column}" has ${length} rows, the explanation has ${rows}`);
  };
  if (!isNumeric(data, column)) {
    const own = readCategories(data, column);
    sized(own.codes.length);
    const texts = own.levels.map((level) => (Object.hasOwn(levels, level) ? levels[level]! : fill(sentence, level)));
    return (row) => texts[own.codes[row]!] ?? fill(undefined, 'missing');
  }
  const numbers = readNumbers(data, column);
  sized(numbers.length);
  return (row) => {
    const x = numbers[row]!;
    if (x !== x) return fill(undefined, 'missing');
    const value = String(Number(x.toPrecision(6)));
    if (Object.hasOwn(levels, value)) return levels[value]!;
    return fill(bands.find(({ below = Number.POSITIVE_INFINITY }) => x < below)?.sentence ?? sentence, value);
  };
}

function checkFeature({ column, actionable, bands = [] }: ReasonFeature): void {
  if (typeof actionable !== 'boolean')
    fail('invalid-option', `feature "${column}": invalid actionable: ${String(actionable)}; use true or false`);
  bands.forEach(({ below }, b) => {
    const before = b === 0 ? Number.NEGATIVE_INFINITY : bands[b - 1]!.below;
    if (before === undefined || (below !== undefined && !(below > before)))
      fail('invalid-option', `feature "${column}": bands must ascend in "below", and only the last may have none`);
  });
}
