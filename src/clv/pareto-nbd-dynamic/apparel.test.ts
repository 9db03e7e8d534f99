import { describe, expect, it } from 'vitest';
import { hasShared, sharedColumns } from '../../../fixtures/load.ts';
import { sum } from '../../numerics/sum.ts';
import { golden, relative } from '../clv.test-support.ts';
import { covariateWalks } from './covariate-walks.ts';
import { walkLikelihood } from './likelihood.ts';
import { paretoNbdDynamic } from './pareto-nbd-dynamic.ts';
import { apparel } from './walks.test-support.ts';

/**
 * What CLVTools 0.12.1 (R 4.6.1) gives for the apparel data with High.Season, Gender and Channel on both processes, as
 * printed in tests/fixtures/dyncov_ll_grid.json, dyncov_fit.json (104 weeks) and dyncov_fit_full.json (all of the log) of
 * github.com/neilmurrayee/clvtools. θ: ln r, ln α, ln s, ln β, then life.*, then trans.*.
 */
const CLVTOOLS = {
  grid: [
    [
      [0.68195527892834717, 4.7464780159121425, 0.69949342881098708, 5.063744971416068],
      [-2.482672230676113, -0.51247217778185417, 0.50573162034806274],
      [0.71827126117276596, 0.26490193764331033, 0.61373951022984541],
      -5752.9367202226877,
    ],
    [[0, 3.912023005428146, 0, 4.0943445622221004], [0.2, -0.3, 0.4], [0.1, 0.25, -0.15], -5879.4372179134398],
  ],
  logLikelihood: -5752.9367202226822,
  full: {
    logLikelihood: -11762.873079515321,
    purchase: { 'High.Season': 0.68222263857868892, Gender: 0.28084297812966702, Channel: 0.57523549923469885 },
    parameters: { r: 1.7659201436828005, alpha: 104.77738568011759, s: 0.73887323289244766, beta: 51.537312838177613 },
  },
} as const;
const COLUMNS = ['High.Season', 'Gender', 'Channel'] as const;
const ALL = { covariates: { purchase: COLUMNS, dropout: COLUMNS } };

describe.skipIf(!hasShared('apparel-dynamic-covariates.csv.gz'))('the apparel retailer', () => {
  const { log, weeks } = apparel();
  const options = { customer: 'Id', date: 'Date', start: 'Cov.Date', columns: COLUMNS, unit: 'week' } as const;
  const walks = covariateWalks(log, weeks as never, { ...options, asOf: '2006-12-31' });

  it('has the histories that CLVTools makes of the log (apparel-summary.csv)', () => {
    const { Id, x, t_x, T } = sharedColumns('apparel-summary.csv') as { readonly [name: string]: Float64Array };
    const { customer, frequency, recency, T: end } = walks.customers;
    Id!.forEach((id, row) => {
      const i = customer.levels.indexOf(String(id));
      expect([frequency[i], end[i]]).toEqual([x![row], T![row]]);
      expect(recency[i]).toBeCloseTo(t_x![row]!, 12);
    });
  });

  it('has the log-likelihood of CLVTools to 1e-12 at both parameter sets it is known for', () => {
    const likelihood = walkLikelihood(walks, [0, 1, 2], [0, 1, 2]);
    for (const [base, life, trans, wanted] of CLVTOOLS.grid) {
      const theta = Float64Array.from([...base, ...trans, ...life]);
      expect(relative(likelihood(theta, new Float64Array(10), new Float64Array(100)), wanted)).toBeLessThan(1e-12);
    }
  });

  it('with Gender and Channel is fitted as by the static model (clv-golden.json, apparel.pnbd.static)', () => {
    const some = ['Gender', 'Channel'] as const;
    const model = paretoNbdDynamic({ covariates: { purchase: some, dropout: some } }).fit(walks);
    const { params, se, logLik } = golden.fits['apparel.pnbd.static']!;
    expect(model.fit.status).toBe('converged');
    expect(Math.abs(model.fit.logLikelihood - logLik)).toBeLessThan(1e-7);
    const errors = model.fit.standardErrors as { readonly [name: string]: number };
    for (const name of ['r', 'alpha', 's', 'beta'] as const) {
      expect(relative(model[name], params[name]!)).toBeLessThan(1e-6);
      expect(relative(errors[name]!, se[name]!)).toBeLessThan(1e-4);
    }
    for (const { process, column, coefficient } of model.covariates) {
      const name = `${process === 'purchase' ? 'trans' : 'life'}.${column}`;
      expect(relative(coefficient, params[name]!)).toBeLessThan(1e-6);
      expect(relative(errors[`${process}.${column}`]!, se[name]!)).toBeLessThan(1e-4);
    }
  });

  it('with the season on purchases alone has an interior maximum far above the static fit', () => {
    const model = paretoNbdDynamic({ covariates: { purchase: COLUMNS, dropout: ['Gender', 'Channel'] } }).fit(walks);
    expect(model.fit.status).toBe('converged');
    expect(model.fit.logLikelihood).toBeGreaterThan(-5821.0627 + 60);
    // The season lifts purchases by about e^0.7 = 2.
    expect(Math.abs(model.covariates[0]!.coefficient - 0.72)).toBeLessThan(0.01);
  });

  it('with the season on dropout too is highest where nobody drops out in season, above where CLVTools stops', () => {
    const { fit, covariates } = paretoNbdDynamic(ALL).fit(walks);
    expect([fit.status, fit.limit]).toEqual(['boundary', 'dropout.High.Season → −∞']);
    expect((fit.standardErrors as { readonly [name: string]: unknown })['dropout.High.Season']).toBeNull();
    expect(fit.logLikelihood).toBeGreaterThan(CLVTOOLS.logLikelihood + 0.3);
    // What CLVTools says of purchases agrees: 0.718, 0.265, 0.614.
    for (const [k, wanted] of CLVTOOLS.grid[0][2].entries())
      expect(Math.abs(covariates[k]!.coefficient - wanted)).toBeLessThan(0.01);
  });

  it('over the whole log is fitted beside CLVTools within peer tolerance, and higher', () => {
    const whole = covariateWalks(log, weeks as never, { ...options, asOf: '2010-12-20' });
    const model = paretoNbdDynamic(ALL).fit(whole);
    const { logLikelihood, purchase, parameters } = CLVTOOLS.full;
    expect(model.fit.status).toBe('converged');
    expect(model.fit.logLikelihood).toBeGreaterThan(logLikelihood);
    expect(model.fit.logLikelihood).toBeLessThan(logLikelihood + 0.5);
    // Its Nelder–Mead stops 0.2 below the summit, within a fraction of the standard errors.
    const errors = model.fit.standardErrors as { readonly [name: string]: number };
    for (const name of ['r', 'alpha', 's', 'beta'] as const)
      expect(Math.abs(model[name] - parameters[name])).toBeLessThan(0.25 * errors[name]!);
    for (const { process, column, coefficient } of model.covariates)
      if (process === 'purchase')
        expect(Math.abs(coefficient - purchase[column as keyof typeof purchase])).toBeLessThan(
          0.1 * errors[`purchase.${column}`]!,
        );
  });

  it('buys in the next two years about what the model with the season says, along the stated weeks', () => {
    const model = paretoNbdDynamic({ covariates: { purchase: COLUMNS, dropout: ['Gender', 'Channel'] } }).fit(walks);
    const { customer, date } = { customer: log.Id!, date: log.Date as string[] };
    const seen = new Set<string>();
    date.forEach((day, row) => {
      if (day > '2006-12-31' && day <= '2008-12-28') seen.add(`${customer[row]} ${day}`);
    });
    const expected = sum(paretoNbdDynamic.expectedPurchases(model, walks, { periods: 104 }));
    expect(Math.abs(expected / seen.size - 1)).toBeLessThan(0.15);
  });
});
