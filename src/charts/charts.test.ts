import { describe, expect, it } from 'vitest';
import { concentration, groupSummary, migration, tierTable, transitionMatrix } from '../economics/index.ts';
import { stageConversion, stageCounts } from '../loyalty/index.ts';
import { threeDimensional, valueMatrix } from '../segments/index.ts';
import {
  CUSTOMER_VALUE,
  groupPriorities,
  hierarchy,
  judgementMatrix,
  priorities,
  standardDeviationWeights,
  weightSensitivity,
} from '../weighting/index.ts';
import { faultsOf } from './chart.test-support.ts';
import {
  ladderFunnelChart,
  lorenzChart,
  migrationHeatMap,
  pyramidChart,
  rfmHeatMap,
  segmentBubbleChart,
  sensitivityChart,
  valueMatrixChart,
  weightsChart,
} from './index.ts';
import { PALETTE } from './palette.ts';

const customers = { currentValue: [9, 1, 8], potentialValue: [1, 9, 7], loyalty: [0.9, 0.1, null] };
const classes = threeDimensional().fit(customers);
const cells = valueMatrix().fit(customers);
const given = {
  criteria: ['price', 'service'],
  weights: [0.5, 0.5],
  alternatives: ['a', 'b'],
  scores: [
    [1, 0],
    [0, 3],
  ],
};
const twoByTwo = judgementMatrix([3], { items: ['a', 'b'] });

const CHARTS: Readonly<Record<string, object>> = {
  'the pyramid of a summary': pyramidChart(groupSummary(['a', 'b', null], { spend: [1, 3, 4] }), { unit: '¥' }),
  'the pyramid of a tier table': pyramidChart(tierTable([{ tier: 'a', count: 2, averageSpend: 5, margin: 0.1 }])),
  'the pyramid of nothing': pyramidChart([]),
  'the value matrix': valueMatrixChart(cells, groupSummary(['HL', 'LH', 'HH'], customers), { unit: '¥' }),
  'the value matrix of nothing': valueMatrixChart(cells, []),
  'the eight classes': segmentBubbleChart(classes, groupSummary(['gold', 'developable', null], customers)),
  'the eight classes without loyalty': segmentBubbleChart(
    classes,
    groupSummary(['gold'], { currentValue: [9], potentialValue: [1] }),
  ),
  'the eight classes of nothing': segmentBubbleChart(classes, []),
  'the Lorenz curve': lorenzChart(concentration([0, 0, 0, 10])),
  'the Lorenz curve of a total of 0': lorenzChart(concentration([0, 0])),
  migration: migrationHeatMap(
    migration({ customer: [1, 2], state: ['a', 'b'] }, { customer: [1, 3], state: ['b', 'a'] }, { states: ['a', 'b'] }),
  ),
  'migration of nobody': migrationHeatMap(
    transitionMatrix({
      states: ['a', 'lost'],
      absorbing: ['lost'],
      counts: [
        [0, 0],
        [0, 0],
      ],
    }),
  ),
  'conversion between stages': migrationHeatMap(stageConversion(['suspect'], ['prospect'])),
  'the weights of a hierarchy': weightsChart(hierarchy(CUSTOMER_VALUE)),
  'the weights of one matrix': weightsChart(priorities(twoByTwo)),
  'the weights of a group': weightsChart(groupPriorities([twoByTwo, twoByTwo], { aggregate: 'priorities' })),
  'the weights of data': weightsChart(standardDeviationWeights({ a: [1, 2], b: [5, 9] }, ['a', 'b'])),
  'no weights': weightsChart({ branches: [], leaves: [] }),
  sensitivity: sensitivityChart(weightSensitivity(given), given),
  'sensitivity of nothing': sensitivityChart([], { alternatives: [] }),
  'the ladder': ladderFunnelChart(stageCounts(['suspect', 'disqualified-prospect', 'advocate'])),
  'the ladder of nobody': ladderFunnelChart(stageCounts([])),
  'the RFM heat map': rfmHeatMap(
    { recencyScore: [1, 2, null], frequencyScore: [1, 2, 2], total: [5, 20, 30] },
    { measure: 'total', unit: '¥' },
  ),
  'the RFM heat map of nobody': rfmHeatMap({ recencyScore: [], frequencyScore: [], total: [] }, { measure: 'total' }),
};

describe('every chart', () => {
  it.each(Object.entries(CHARTS))('%s is plain JSON whose marks show columns of its rows, with titles', (_, spec) => {
    expect(faultsOf(spec)).toEqual([]);
  });

  it('takes its colours from the one palette, of eight distinct colours', () => {
    expect(new Set(PALETTE).size).toBe(8);
    for (const spec of Object.values(CHARTS))
      expect(spec).toMatchObject({ config: { range: { category: PALETTE, ramp: { scheme: 'blues' } } } });
  });
});

describe('the check of specs', () => {
  const good = lorenzChart(concentration([1, 3]));

  it('notices a column that the rows lack, an unknown mark, a missing title and what JSON cannot hold', () => {
    expect(faultsOf({ ...good, data: { values: [{ population: 0 }] } })).toContain(
      'view.layer[0].y: no column equality',
    );
    expect(faultsOf({ ...good, layer: [{ mark: 'arc' }] })).toContain('view.layer[0]: unknown mark');
    expect(faultsOf({ ...good, width: Number.NaN })).toContain('spec.width: NaN is not JSON');
    expect(faultsOf({ ...good, encoding: { x: { field: 'population', type: 'quantitative' } } })).toContain(
      'view.x: no title',
    );
  });
});
