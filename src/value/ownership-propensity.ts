import { matches } from '../columns/matches.ts';
import { fail } from '../errors.ts';
import { storedCondition } from '../kernels/condition.ts';
import { conditionFields } from '../kernels/condition-field.ts';
import type { LinearTerm } from '../kernels/linear.ts';
import type { Columns } from '../model/batch.ts';
import { checked } from '../model/checks.ts';
import { type Estimator, worstStatus } from '../model/contract.ts';
import type { Field } from '../model/field.ts';
import { knownOptions, list, names, object } from '../model/options.ts';
import type { When } from '../model/when.ts';
import { type Feature, normaliseFeatures, readFeatures } from '../regression/feature.ts';
import { fitLogistic, type RegressionOptions } from '../regression/fit-logistic.ts';
import { checkRegressionOptions } from '../regression/options.ts';
import { requireLabel } from '../regression/outcome.ts';
import { quoted } from '../regression/quoted.ts';
import { type OwnershipModel, type OwnershipReport, ownershipPropensityKind } from './ownership-propensity-kind.ts';

/** A service whose ownership is modelled. */
export interface OwnedOffer {
  readonly name: string;
  /** Who has it. Its column is never a feature of this offer. */
  readonly owned: When;
  /** Who can have it at all. Default: everyone. */
  readonly eligible?: When;
  /** Features to leave out for this offer alone. */
  readonly exclude?: readonly string[];
}

export interface OwnershipOptions<S extends readonly OwnedOffer[], F extends string, P extends string>
  extends RegressionOptions {
  readonly offers: S;
  readonly features: readonly (F | Feature<F>)[];
  /** Features to leave out for every offer: whatever contains the prices of the offers, such as the monthly charge. */
  readonly exclude?: readonly string[];
  /** Prefix of the outputs. Default `p_`: the offer `tv` gives `p_tv`. */
  readonly as?: P;
}

type EligibleColumn<S> = S extends { readonly eligible: { readonly column: infer C extends string } } ? C : never;

type Report = OwnershipReport['offers'][number];

/** In-sample AUC from which a feature most likely contains the offer itself. */
const LEAKAGE = 0.99;

/**
 * How much a customer looks like an owner of each offer: a logistic regression of `owned` per offer on its eligible rows,
 * P(owns | features). Owners are scored too; customers who are not eligible get null (`not-eligible`).
 *
 * An offer's features are all features but its own column, those excluded, and those that are constant among its
 * eligible rows. Owning is not adopting: without dates this gives no probability of taking the offer up within a time, so
 * that the outputs have the horizon `null`. An in-sample AUC above .99 gives a warning: a feature contains the offer.
 *
 * @throws one-class when nobody, or everybody, who is eligible owns an offer; invalid-option; unknown-column.
 * @example
 * const model = ownershipPropensity({
 *   offers: [{ name: 'tv', owned: { column: 'tv', equals: 'yes' } }],
 *   features: ['plan'],
 * }).fit({ tv: ['yes', 'no', 'no', 'no', 'yes', 'yes'], plan: ['a', 'a', 'a', 'b', 'b', 'b'] });
 * model.fit.offers[0].baseRate; // 0.5
 */
export function ownershipPropensity<
  const S extends readonly OwnedOffer[],
  const F extends string,
  const P extends string = 'p_',
>(
  options: OwnershipOptions<S, F, P>,
): Estimator<OwnershipModel<F | EligibleColumn<S[number]>, `${P}${S[number]['name']}`>> {
  type In = F | EligibleColumn<S[number]>;
  type Out = `${P}${S[number]['name']}`;
  const { exclude = [], as = 'p_' as P } = knownOptions(
    options,
    'ownershipPropensity',
    'offers features exclude as l2 standardise groupCollinear maxIterations',
  );
  const offers = list<OwnedOffer>(options.offers, 'offers');
  offers.forEach((offer, j) => {
    const { name, owned, eligible } = knownOptions(
      object(offer, `offers[${j}]`),
      `offers[${j}]`,
      'name owned eligible exclude',
    );
    names({ [`offers[${j}].name`]: name });
    checked('invalid-option', storedCondition, owned, `offers[${j}].owned`);
    if (eligible !== undefined) checked('invalid-option', storedCondition, eligible, `offers[${j}].eligible`);
  });
  list(exclude, 'exclude');
  if (typeof as !== 'string') fail('invalid-option', `invalid as: ${String(as)}; use a prefix`);
  list<string | Feature>(options.features, 'features').forEach((feature, f) => {
    if (typeof feature !== 'string') object(feature, `features[${f}]`);
  });
  const listed = normaliseFeatures<string>(options.features);
  checkRegressionOptions(options);
  if (offers.length === 0) fail('invalid-option', 'invalid offers: name at least one');
  offers.forEach(({ name, owned, eligible }, j) => {
    if (offers.findIndex((other) => other.name === name) !== j) fail('invalid-option', `offer "${name}" is repeated`);
    if (eligible?.column === owned.column)
      fail(
        'invalid-option',
        `offer "${name}": "${owned.column}" says who owns it and cannot say who is eligible as well`,
      );
  });
  const refused = new Set(exclude);
  const features = listed.filter(({ column }) => !refused.has(column));
  const output = (name: string): Out => `${as}${name}` as Out;
  return {
    kind: ownershipPropensityKind,
    targets: offers.map((offer) => ({ output: output(offer.name), actual: (data) => ownership(data, offer) })),
    fit(data, upstream) {
      const read = readFeatures(data, features, () => true);
      const conditions = offers.flatMap(({ eligible }) => (eligible ? [eligible] : []));
      let rows = 0;
      const fitted = offers.map((offer) => {
        requireLabel(data, offer.owned.column, `offer "${offer.name}": "${offer.owned.column}"`);
        const y = ownership(data, offer);
        const own = read.filter(({ field: { name } }) => name !== offer.owned.column && !offer.exclude?.includes(name));
        const { part, report, inSampleAuc } = fitLogistic(own, y, {
          ...options,
          what: `offer "${offer.name}"`,
          dropsConstants: true,
        });
        rows = Math.max(rows, report.rows);
        const terms = part.terms.filter(carriesWeight);
        const kept = new Set(terms.map(({ column }) => column));
        return {
          offer: {
            name: offer.name,
            eligible: offer.eligible ?? null,
            intercept: part.intercept,
            terms,
            groups: part.groups
              .map((group) => group.filter((column) => kept.has(column)))
              .filter((group) => group.length > 1),
          },
          report: { name: offer.name, inSampleAuc: inSampleAuc(), ...report },
        };
      });
      const needed = new Set(fitted.flatMap(({ offer }) => offer.terms.map(({ column }) => column)));
      const inputs = read.flatMap(({ field }) => (needed.has(field.name) ? [field] : []));
      const rest = conditions.filter(({ column }) => !needed.has(column));
      const reports = fitted.map(({ report }) => report);
      return {
        kind: 'ownershipPropensity',
        version: 1,
        inputs: [...inputs, ...conditionFields(data, rest, upstream)].map((field) => field as Field<In>),
        outputs: offers.map(({ name }) => ({
          name: output(name),
          type: 'number' as const,
          horizon: null,
          explained: 'log-odds' as const,
        })),
        offers: fitted.map(({ offer }) => offer),
        fit: {
          status: worstStatus(reports.map(({ status }) => status)),
          rows,
          warnings: [...reports.flatMap(leakage), ...shared(reports)],
          offers: reports,
        },
      };
    },
  };
}

/** 1 = owns, 0 = does not, NaN = not eligible or unknown. */
function ownership(data: Columns, { owned, eligible }: OwnedOffer): Float64Array {
  const { column } = owned;
  const yes = matches(data, owned);
  const other: When = 'equals' in owned ? { column, not: owned.equals } : { column, equals: owned.not };
  const no = matches(data, other);
  const open = eligible && matches(data, eligible);
  return Float64Array.from(yes, (hit, i) => {
    if (open !== undefined && open[i] === 0) return Number.NaN;
    return hit === 1 ? 1 : no[i] === 1 ? 0 : Number.NaN;
  });
}

function leakage({ name, inSampleAuc }: Report): readonly string[] {
  if (inSampleAuc <= LEAKAGE) return [];
  const auc = inSampleAuc.toFixed(3);
  return [
    `offer "${name}": leakage: an in-sample AUC of ${auc}; some feature contains the offer, such as a price: exclude it`,
  ];
}

/** The warnings of the fits, each once with the offers that have it. */
function shared(reports: readonly Report[]): readonly string[] {
  const texts = new Set(reports.flatMap(({ warnings }) => warnings));
  return [...texts].map((text) => {
    const names = reports.flatMap(({ name, warnings }) => (warnings.includes(text) ? [name] : []));
    return `offer${names.length > 1 ? 's' : ''} ${quoted(names)}: ${text}`;
  });
}

function carriesWeight(term: LinearTerm): boolean {
  return 'weights' in term
    ? term.weights.some((w) => w !== 0) || (term.missing ?? 0) !== 0
    : term.weight !== 0 || (term.missing?.weight ?? 0) !== 0;
}
