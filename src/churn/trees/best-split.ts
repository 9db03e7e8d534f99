import { log } from '../../numerics/elementary.ts';

/** Gini: 2p(1 − p). Entropy: −p ln p − (1 − p) ln(1 − p). */
export type Criterion = 'gini' | 'entropy';

/** Rows of a node in groups that no split may divide, in the order in which splits may cut them. */
export interface Bins {
  count: number;
  readonly code: Int32Array;
  readonly weight: Float64Array;
  /** Weighted events. */
  readonly events: Float64Array;
}

/** The best cut found so far: groups up to `bin` go left. */
export interface Cut {
  /** Decrease of Σ weight·impurity; −1 when there is none. */
  gain: number;
  bin: number;
  nullLeft: boolean;
}

/**
 * Searches every cut of `bins`, with the nulls (weight, events) joined to the left or to the right side; with no nulls
 * once. Sides below `least` are refused. Replaces `best` by a cut that is strictly better, so that of equal ones the first
 * stays: nulls to the left before to the right, and the lowest cut.
 */
export function searchCuts(
  bins: Bins,
  nullWeight: number,
  nullEvents: number,
  least: number,
  criterion: Criterion,
  best: Cut,
): boolean {
  let weight = nullWeight;
  let events = nullEvents;
  for (let b = 0; b < bins.count; b++) {
    weight += bins.weight[b]!;
    events += bins.events[b]!;
  }
  const search = criterion === 'gini' ? searchGini : searchEntropy;
  let found = false;
  if (nullWeight > 0)
    found = search(bins, bins.count - 1, nullWeight, nullEvents, weight, events, least, best, true) || found;
  const last = nullWeight > 0 ? bins.count : bins.count - 1;
  found = search(bins, last, 0, 0, weight, events, least, best, false) || found;
  return found;
}

/** The decrease is 2(E_l·W − E·W_l)²/(W·W_l·W_r): exactly 0 for equal shares, and the same for mirrored sides. */
function searchGini(
  bins: Bins,
  last: number,
  startWeight: number,
  startEvents: number,
  weight: number,
  events: number,
  least: number,
  best: Cut,
  nullLeft: boolean,
): boolean {
  let top = -1;
  let at = -1;
  let w = startWeight;
  let e = startEvents;
  for (let b = 0; b < last; b++) {
    w += bins.weight[b]!;
    e += bins.events[b]!;
    const rest = weight - w;
    if (w < least || rest < least) continue;
    const d = e * weight - events * w;
    const gain = (d * d) / (w * rest);
    if (gain > top) {
      top = gain;
      at = b;
    }
  }
  const gain = (2 * top) / weight;
  if (at < 0 || !(gain > best.gain)) return false;
  best.gain = gain;
  best.bin = at;
  best.nullLeft = nullLeft;
  return true;
}

function searchEntropy(
  bins: Bins,
  last: number,
  startWeight: number,
  startEvents: number,
  weight: number,
  events: number,
  least: number,
  best: Cut,
  nullLeft: boolean,
): boolean {
  const whole = entropyMass(weight, events);
  let at = -1;
  let w = startWeight;
  let e = startEvents;
  for (let b = 0; b < last; b++) {
    w += bins.weight[b]!;
    e += bins.events[b]!;
    const rest = weight - w;
    if (w < least || rest < least) continue;
    // Rounding must not turn a useless cut into a forbidden one.
    const gain = Math.max(0, whole - (entropyMass(w, e) + entropyMass(rest, events - e)));
    if (gain > best.gain) {
      best.gain = gain;
      at = b;
    }
  }
  if (at < 0) return false;
  best.bin = at;
  best.nullLeft = nullLeft;
  return true;
}

function entropyMass(weight: number, events: number): number {
  const others = weight - events;
  return (events > 0 ? events * log(weight / events) : 0) + (others > 0 ? others * log(weight / others) : 0);
}

/** Weight × impurity of a node. */
export function impurityMass(weight: number, events: number, criterion: Criterion): number {
  return criterion === 'gini' ? (2 * events * (weight - events)) / weight : entropyMass(weight, events);
}
