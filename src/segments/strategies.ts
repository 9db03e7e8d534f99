import type { Segment, Strategy } from './cells.ts';

/** A segment with everything that is said about it. */
export interface Described extends Segment {
  readonly names: NonNullable<Segment['names']>;
  readonly strategy: Strategy;
}

/** Levels of spending from nothing to most, as the strategies here use them. */
export const BUDGETS = ['none', 'low', 'moderate', 'high', 'highest'] as const;
export type Budget = (typeof BUDGETS)[number];

/**
 * The eight classes of current value × potential value × loyalty, in their usual numbering 1 … 8. The order of
 * priority is ours, by the resources that each class deserves.
 */
export const EIGHT_CLASSES: readonly Described[] = [
  {
    key: 'platinum',
    names: { en: 'Platinum', zh: '白金客户' },
    strategy: {
      priority: 1,
      budget: 'highest',
      actions: ['vip-service', 'personal-care', 'priority-service'],
      text: {
        en: 'Invest most: VIP service, priority and personal care.',
        zh: '投入最多资源,提供贵宾服务、优先待遇与个性化关怀。',
      },
    },
  },
  {
    key: 'gold',
    names: { en: 'Gold', zh: '黄金客户' },
    strategy: {
      priority: 3,
      budget: 'high',
      actions: ['keep-relationship', 'prevent-defection'],
      text: {
        en: 'Keep the relationship with adequate resources and prevent defection.',
        zh: '投入充足资源保持关系,防止客户流失。',
      },
    },
  },
  {
    key: 'loyal',
    names: { en: 'Loyal', zh: '忠诚客户' },
    strategy: {
      priority: 6,
      budget: 'low',
      actions: ['basic-service'],
      text: {
        en: 'Serve well with basic offers; spending on retention is optional.',
        zh: '提供良好的基本服务,保持投入可有可无。',
      },
    },
  },
  {
    key: 'potential',
    names: { en: 'Potential', zh: '潜力客户' },
    strategy: {
      priority: 4,
      budget: 'high',
      actions: ['personalised-products', 'grow-spend'],
      text: {
        en: 'Raise the investment: personalised products that grow current spend.',
        zh: '加大投入,以个性化产品提高其当前消费。',
      },
    },
  },
  {
    key: 'churn-prone',
    names: { en: 'Churn-prone', zh: '易流失客户' },
    strategy: {
      priority: 2,
      budget: 'high',
      actions: ['find-churn-reasons', 'humane-service', 'loyalty-offer'],
      text: {
        en: 'Find the reasons for leaving; win loyalty by humane service and offers.',
        zh: '挖掘流失原因,以人性化服务和优惠培养忠诚。',
      },
    },
    usually: 'small',
  },
  {
    key: 'short-term',
    names: { en: 'Short-term', zh: '短期型客户' },
    strategy: {
      priority: 7,
      budget: 'low',
      actions: ['keep-status-quo'],
      text: { en: 'Keep the status quo and do not overspend on retention.', zh: '维持现状,不宜过多投入。' },
    },
  },
  {
    key: 'least-valuable',
    names: { en: 'Least valuable', zh: '最无价值客户' },
    strategy: {
      priority: 8,
      budget: 'none',
      actions: ['let-go'],
      text: { en: 'Spend no resources; let go.', zh: '不投入资源,任其自然流失。' },
    },
    usually: 'large',
  },
  {
    key: 'developable',
    names: { en: 'Developable', zh: '可发展型客户' },
    strategy: {
      priority: 5,
      budget: 'moderate',
      actions: ['inform', 'good-service', 'convert'],
      text: {
        en: 'Invest suitably: good information and service that convert.',
        zh: '适当投入,以良好的信息与服务促成转化。',
      },
    },
  },
];

/** The four cells of current value × potential value. */
export const VALUE_MATRIX: readonly Described[] = [
  {
    key: 'HH',
    names: { en: 'High value, high potential', zh: '高价值高潜力' },
    strategy: {
      priority: 1,
      budget: 'highest',
      actions: ['most-attention'],
      text: { en: 'Give the most attention and resources.', zh: '重点关注,投入最多资源。' },
    },
  },
  {
    key: 'HL',
    names: { en: 'High value, low potential', zh: '高价值低潜力' },
    strategy: {
      priority: 2,
      budget: 'moderate',
      actions: ['keep-relationship'],
      text: { en: 'Spend moderately, case by case, to keep the value.', zh: '视情况适度投入,保持现有价值。' },
    },
  },
  {
    key: 'LH',
    names: { en: 'Low value, high potential', zh: '低价值高潜力' },
    strategy: {
      priority: 3,
      budget: 'moderate',
      actions: ['grow-spend'],
      text: { en: 'Spend moderately, case by case, to raise the value.', zh: '视情况适度投入,挖掘潜在价值。' },
    },
  },
  {
    key: 'LL',
    names: { en: 'Low value, low potential', zh: '低价值低潜力' },
    strategy: {
      priority: 4,
      budget: 'none',
      actions: ['no-further-resources'],
      text: { en: 'Spend no further resources.', zh: '不再投入资源。' },
    },
  },
];

/** Recency × frequency segments, see `rfmTiers`. */
export const RFM_SEGMENTS: readonly Described[] = [
  {
    key: 'champions',
    names: { en: 'Champions', zh: '冠军客户' },
    strategy: {
      priority: 1,
      budget: 'highest',
      actions: ['reward', 'early-access'],
      text: { en: 'Bought lately and buy often: reward them.', zh: '近期购买且购买频繁:给予回馈。' },
    },
  },
  {
    key: 'loyal-customers',
    names: { en: 'Loyal customers', zh: '忠诚客户' },
    strategy: {
      priority: 2,
      budget: 'high',
      actions: ['cross-sell', 'ask-for-referral'],
      text: { en: 'Buy often: offer more, ask for referrals.', zh: '购买频繁:推荐更多产品,邀请转介绍。' },
    },
  },
  {
    key: 'potential-loyalists',
    names: { en: 'Potential loyalists', zh: '潜在忠诚客户' },
    strategy: {
      priority: 3,
      budget: 'high',
      actions: ['loyalty-programme'],
      text: {
        en: 'Bought lately, more than once: invite to a loyalty programme.',
        zh: '近期多次购买:邀请加入忠诚计划。',
      },
    },
  },
  {
    key: 'cant-lose',
    names: { en: "Can't lose them", zh: '不能失去的客户' },
    strategy: {
      priority: 4,
      budget: 'high',
      actions: ['win-back', 'personal-contact'],
      text: { en: 'Bought very often, long ago: win back in person.', zh: '曾频繁购买但久未光顾:专人挽回。' },
    },
  },
  {
    key: 'at-risk',
    names: { en: 'At risk', zh: '流失风险客户' },
    strategy: {
      priority: 5,
      budget: 'moderate',
      actions: ['win-back', 'personal-offer'],
      text: {
        en: 'Bought often, long ago: win back with a personal offer.',
        zh: '曾多次购买但久未光顾:以个性化优惠挽回。',
      },
    },
  },
  {
    key: 'need-attention',
    names: { en: 'Need attention', zh: '需要关注的客户' },
    strategy: {
      priority: 6,
      budget: 'moderate',
      actions: ['reactivate'],
      text: { en: 'Average in both: reactivate with a limited offer.', zh: '近度与频度居中:以限时优惠激活。' },
    },
  },
  {
    key: 'new-customers',
    names: { en: 'New customers', zh: '新客户' },
    strategy: {
      priority: 7,
      budget: 'moderate',
      actions: ['welcome', 'second-purchase'],
      text: { en: 'First purchase lately: welcome, lead to the second.', zh: '近期首次购买:欢迎并促成第二次购买。' },
    },
  },
  {
    key: 'promising',
    names: { en: 'Promising', zh: '有希望的客户' },
    strategy: {
      priority: 8,
      budget: 'moderate',
      actions: ['inform', 'second-purchase'],
      text: { en: 'Bought once, not long ago: keep in mind.', zh: '不久前购买一次:保持联系,增强印象。' },
    },
  },
  {
    key: 'about-to-sleep',
    names: { en: 'About to sleep', zh: '即将沉睡的客户' },
    strategy: {
      priority: 9,
      budget: 'low',
      actions: ['remind'],
      text: { en: 'Seldom and some time ago: remind.', zh: '购买较少且已有一段时间:适时提醒。' },
    },
  },
  {
    key: 'hibernating',
    names: { en: 'Hibernating', zh: '沉睡客户' },
    strategy: {
      priority: 10,
      budget: 'none',
      actions: ['let-go'],
      text: { en: 'Seldom and long ago: spend nothing.', zh: '购买少且久未光顾:不再投入。' },
    },
  },
];
