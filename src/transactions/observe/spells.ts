import { type ContractEvent, SAYS } from './contract-log.ts';
import type { ChurnType } from './options.ts';

/** A time in which a contract was in force: from the day of its start to the day before `end`, Infinity while it runs. */
export interface Spell {
  readonly product: number;
  readonly start: number;
  readonly end: number;
  /** Bits of `SAYS` of its ending. */
  readonly says: number;
  /** Revenue per period, and from which day on. */
  readonly revenue: readonly { readonly day: number; readonly amount: number }[];
}

export function inForce({ start, end }: { readonly start: number; readonly end: number }, day: number): boolean {
  return start <= day && day < end;
}

/**
 * The spells of one customer, from events in the order of `ContractLog.of`. A start and an ending of one day leave a
 * product as it was; an ending of nothing is passed over.
 */
export function productSpells(events: readonly ContractEvent[]): readonly Spell[] {
  const spells: Spell[] = [];
  let open: { start: number; revenue: { day: number; amount: number }[] } | null = null;
  for (let from = 0, to = 0; from < events.length; from = to) {
    const { product, day } = events[from]!;
    if (from > 0 && events[from - 1]!.product !== product) open = null;
    let says = 0;
    let amount = Number.NEGATIVE_INFINITY;
    for (; to < events.length && events[to]!.product === product && events[to]!.day === day; to++) {
      says |= events[to]!.says;
      if ((events[to]!.says & SAYS.start) !== 0) amount = Math.max(amount, events[to]!.revenue);
    }
    const starts = (says & SAYS.start) !== 0;
    const ends = (says & SAYS.end) !== 0;
    if (starts && (open !== null || !ends)) {
      open ??= { start: day, revenue: [] };
      open.revenue.push({ day, amount });
    } else if (ends && open !== null) {
      spells.push({ product, ...open, end: day, says });
      open = null;
    }
    const last = to === events.length || events[to]!.product !== product;
    if (last && open !== null) spells.push({ product, ...open, end: Number.POSITIVE_INFINITY, says: 0 });
  }
  return spells;
}

/** Revenue per period on a day; 0 when the contract is not in force. */
export function revenueAt(spell: Spell, day: number): number {
  if (!inForce(spell, day)) return 0;
  return spell.revenue.findLast((from) => from.day <= day)!.amount;
}

function ownType(says: number): ChurnType {
  if ((says & SAYS.involuntary) !== 0) return 'involuntary';
  return (says & SAYS.voluntarySwitch) !== 0 ? 'voluntarySwitch' : 'voluntaryExit';
}

/** Why one product of a customer ended: by the firm, else for another own product, else to a rival, else for nothing. */
export function productType(spell: Spell, spells: readonly Spell[], within: number): ChurnType {
  const type = ownType(spell.says);
  if (type === 'involuntary') return type;
  const other = ({ product, start, end }: Spell): boolean =>
    product !== spell.product && start <= spell.end + within && end > spell.end;
  return spells.some(other) ? 'internalTransfer' : type;
}

/** A time in which a customer held anything. */
export interface FirmSpell {
  readonly start: number;
  readonly end: number;
  /** Why the last product, or any of several that ended with it, did. */
  readonly type: ChurnType;
}

/** The times with the firm: those of the products, put together where one follows another within so many days. */
export function firmSpells(spells: readonly Spell[], within: number): readonly FirmSpell[] {
  const out: { start: number; end: number; says: number }[] = [];
  for (const { start, end, says } of spells.toSorted((a, b) => a.start - b.start)) {
    const last = out.at(-1);
    if (last === undefined || start > last.end + within) out.push({ start, end, says });
    else if (end === last.end) last.says |= says;
    else if (end > last.end) Object.assign(last, { end, says });
  }
  return out.map(({ start, end, says }) => ({ start, end, type: ownType(says) }));
}
