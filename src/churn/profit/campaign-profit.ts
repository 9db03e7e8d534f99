import { fail } from '../../errors.ts';
import { knownOptions } from '../../model/options.ts';

/** One number for all customers, or one per row. */
export type PerCustomer = number | ArrayLike<number>;

/** What a retention campaign offers. There are no defaults: every business has its own. */
export interface CampaignTerms {
  /** Value of the customer if kept, in money; not one that is already adjusted for churn. */
  readonly value: PerCustomer;
  /** Cost of the offer to one who takes it. */
  readonly offerCost: PerCustomer;
  /** Share of would-be leavers whom the offer keeps, in [0, 1]. */
  readonly acceptance: PerCustomer;
  /** Share of those who would have stayed anyway, who take the offer all the same. Default: 1. */
  readonly stayerAcceptance?: PerCustomer;
  /** Cost of a contact, taken or not. Default: 0. */
  readonly contactCost?: PerCustomer;
  /**
   * Measured gain in the chance to stay by being contacted, in [−1, 1]: of an uplift model fitted on a campaign with a
   * hold-out. It takes the place of p·acceptance in what is saved; acceptance still says who costs an offer.
   */
  readonly uplift?: PerCustomer;
}

export interface CampaignProfit {
  /** Expected profit of contacting each customer rather than leaving them alone; NaN where an input is null. */
  readonly profit: Float64Array;
  /** Expected spend on each contact: contactCost + offerCost·(share that takes the offer). */
  readonly spend: Float64Array;
  /** Rows with a null. */
  readonly leftOut: number;
}

/**
 * What contacting each customer is expected to bring: with p the chance of leaving, γ the acceptance and s that of stayers,
 * `p·γ·value − spend`, `spend = contactCost + offerCost·(p·γ + (1 − p)·s)`, which is the profit of Verbraken, Verbeke &
 * Baesens (2013) with each customer's own value. With an uplift u it is `u·value − spend`.
 *
 * That a customer is likely to leave does not say that an offer keeps them: γ is an assumption until a campaign with a
 * hold-out has measured it (`campaignLedger`), and one γ for all claims no uplift of anyone in particular.
 *
 * With calibrated probabilities it is a forecast. With outcomes (1 left, 0 stayed) in their place it is what the campaign
 * would have brought on rows whose end is known, held out from the fit.
 *
 * @throws wrong-length; invalid-value for a chance or a share outside [0, 1] or a negative cost, with the row.
 * @example campaignProfit([0.5], { value: 200, offerCost: 10, acceptance: 0.3, contactCost: 1 }).profit // [22.5]
 */
export function campaignProfit(chance: ArrayLike<number>, terms: CampaignTerms): CampaignProfit {
  const { stayerAcceptance = 1, contactCost = 0 } = knownOptions(
    terms,
    'campaignProfit',
    'value offerCost acceptance stayerAcceptance contactCost uplift',
  );
  const rows = chance.length;
  const value = perCustomer(terms.value, rows, 'value', Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
  const offerCost = perCustomer(terms.offerCost, rows, 'offerCost', 0, Number.POSITIVE_INFINITY);
  const acceptance = perCustomer(terms.acceptance, rows, 'acceptance', 0, 1);
  const stayers = perCustomer(stayerAcceptance, rows, 'stayerAcceptance', 0, 1);
  const contact = perCustomer(contactCost, rows, 'contactCost', 0, Number.POSITIVE_INFINITY);
  const uplift = terms.uplift === undefined ? null : perCustomer(terms.uplift, rows, 'uplift', -1, 1);
  const chances = perCustomer(chance, rows, 'chance', 0, 1);
  const profit = new Float64Array(rows);
  const spend = new Float64Array(rows);
  let leftOut = 0;
  for (let row = 0; row < rows; row++) {
    const p = chances(row);
    const takers = p * acceptance(row);
    const idle = (1 - p) * stayers(row);
    spend[row] = contact(row) + (takers + idle) * offerCost(row);
    profit[row] = (uplift ? uplift(row) : takers) * value(row) - spend[row]!;
    if (profit[row] !== profit[row]) {
      spend[row] = Number.NaN;
      leftOut++;
    }
  }
  return { profit, spend, leftOut };
}

/** A cell by row, checked; NaN and null as NaN. */
export function perCustomer(
  given: PerCustomer,
  rows: number,
  name: string,
  low: number,
  high: number,
): (row: number) => number {
  const check = (x: number, place: string): number =>
    x !== x || (x >= low && x <= high && Number.isFinite(x))
      ? x
      : fail('invalid-value', `${place}: ${x} is outside [${low}, ${high}]`);
  if (typeof given === 'number') {
    if (given !== given) fail('invalid-option', `invalid ${name}: NaN; use a number`);
    const all = check(given, name);
    return () => all;
  }
  if (given.length !== rows) fail('wrong-length', `${name} has ${given.length} rows, chance has ${rows}`);
  return (row) => check(given[row]!, `${name}, row ${row}`);
}
