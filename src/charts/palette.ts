/**
 * Eight colours that people with any colour vision can tell apart (Okabe & Ito 2008, "Color Universal Design"), the
 * strongest on white first. Charts take them from their `config`, in this order.
 */
export const PALETTE: readonly string[] = [
  '#0072B2',
  '#D55E00',
  '#009E73',
  '#CC79A7',
  '#E69F00',
  '#56B4E9',
  '#000000',
  '#F0E442',
];

/** The usual colour of marks. */
export const MARK: string = PALETTE[0]!;
/** What is lost, negative or to be looked at. */
export const LOSS: string = PALETTE[1]!;
/** Guides: cuts, the line of equality. */
export const GUIDE = '#767676';
/** A cell without data. */
export const NO_DATA = '#EEEEEE';
/** From little to much by lightness alone, so that it also survives a black-and-white print. */
export const RAMP = 'blues';
