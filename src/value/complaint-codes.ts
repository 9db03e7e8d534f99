/** The dimensions of delivered value: four of what the customer gets, four of what they give. */
export type ValueDimension =
  | 'productValue'
  | 'serviceValue'
  | 'personnelValue'
  | 'imageValue'
  | 'moneyCost'
  | 'timeCost'
  | 'energyCost'
  | 'psychicCost';

/** What a complaint theme hurts, and who is to act on it. */
export interface ComplaintCode {
  readonly dimension: ValueDimension;
  /** −1: the complaint lowers a value; 1: it raises a cost. */
  readonly sign: -1 | 1;
  /** The responsible department; null where none is named. */
  readonly department: string | null;
}

/** Themes and the dimensions each of them hits. */
export type ComplaintCodes = { readonly [theme: string]: readonly ComplaintCode[] };

/**
 * The worked codes of the textbook exercise (S13): 功能复杂, 答复慢, 送货慢, 安装收费, 零配件贵. It names the dimensions; the
 * departments are examples, to be replaced by one's own.
 */
export const complaintCodes: ComplaintCodes = {
  complexFunction: [{ dimension: 'energyCost', sign: 1, department: 'product development' }],
  slowAnswer: [{ dimension: 'serviceValue', sign: -1, department: 'customer service' }],
  slowDelivery: [{ dimension: 'timeCost', sign: 1, department: 'logistics' }],
  paidInstallation: [
    { dimension: 'moneyCost', sign: 1, department: 'after-sales service' },
    { dimension: 'imageValue', sign: -1, department: 'after-sales service' },
  ],
  dearSpareParts: [{ dimension: 'moneyCost', sign: 1, department: 'after-sales service' }],
};
