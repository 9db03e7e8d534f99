/** A display name or sentence in both languages. */
interface Names {
  readonly en: string;
  readonly zh: string;
}

/** What should be done about the customers of a stage: data to show and to filter by, never logic. */
export interface StageStrategy {
  /** 1 is served first. */
  readonly priority: number;
  /** Level of spending, such as `'none'`, `'low'`, `'moderate'`, `'high'`, `'highest'`. */
  readonly budget: string;
  /** Stable codes that a campaign system may act on. */
  readonly actions: readonly string[];
  readonly text: Names;
}

/** A stage of the ladder, shaped like a segment of a grid: its key is the cell that scoring writes. */
export interface LadderStage {
  readonly key: string;
  readonly names: Names;
  readonly strategy: StageStrategy;
}

/** The stages in their order. The third lies beside the main path, which leads from the second to the fourth. */
export const STAGES = [
  'suspect',
  'prospect',
  'disqualified-prospect',
  'first-time-buyer',
  'repeat-buyer',
  'long-term-client',
  'advocate',
] as const;
export type StageKey = (typeof STAGES)[number];

/** The stage beside the main path. */
export const DISQUALIFIED: number = STAGES.indexOf('disqualified-prospect');

/** The seven stages with their names and what to do in each (S61, S71). Priorities and budgets are ours. */
export const LADDER_STAGES: readonly LadderStage[] = [
  {
    key: 'suspect',
    names: { en: 'Suspect', zh: '潜在客户' },
    strategy: {
      priority: 6,
      budget: 'low',
      actions: ['qualify'],
      text: { en: 'Find out whether they need it and can pay.', zh: '了解其需求与支付能力。' },
    },
  },
  {
    key: 'prospect',
    names: { en: 'Prospect', zh: '目标客户' },
    strategy: {
      priority: 3,
      budget: 'moderate',
      actions: ['inform', 'first-purchase-offer'],
      text: { en: 'Inform, build trust and lead to a first purchase.', zh: '提供信息、建立信任,促成首次购买。' },
    },
  },
  {
    key: 'disqualified-prospect',
    names: { en: 'Disqualified prospect', zh: '不合格的目标客户' },
    strategy: {
      priority: 7,
      budget: 'none',
      actions: ['recheck-later'],
      text: { en: 'No need or no means for now: check again later.', zh: '目前无需求或无支付能力:日后再评估。' },
    },
  },
  {
    key: 'first-time-buyer',
    names: { en: 'First-time buyer', zh: '首次购买者' },
    strategy: {
      priority: 1,
      budget: 'high',
      actions: ['welcome', 'second-purchase'],
      text: {
        en: 'Exceed what was promised and win the second purchase.',
        zh: '提供超出期望的体验,促成第二次购买。',
      },
    },
  },
  {
    key: 'repeat-buyer',
    names: { en: 'Repeat buyer', zh: '重复购买者' },
    strategy: {
      priority: 2,
      budget: 'high',
      actions: ['cross-sell', 'loyalty-programme'],
      text: {
        en: 'Find the needs still met elsewhere and offer for them.',
        zh: '发现尚由他人满足的需求,扩大购买范围。',
      },
    },
  },
  {
    key: 'long-term-client',
    names: { en: 'Long-term client', zh: '长期客户' },
    strategy: {
      priority: 4,
      budget: 'moderate',
      actions: ['personal-care', 'keep-relationship'],
      text: { en: 'Keep up regular personal contact against rivals.', zh: '保持定期的个性化联系,抵御竞争对手。' },
    },
  },
  {
    key: 'advocate',
    names: { en: 'Advocate', zh: '拥护者' },
    strategy: {
      priority: 5,
      budget: 'moderate',
      actions: ['thank', 'ask-for-referral'],
      text: { en: 'Thank them, involve them and make referring easy.', zh: '表达感谢、邀请参与,方便其推荐他人。' },
    },
  },
];
