import { fail } from '../errors.ts';
import { requireDistinct } from './amounts.ts';
import { solveDominant } from './solve-dominant.ts';

export interface TransitionCounts {
  /** From best to worst. */
  readonly states: readonly string[];
  /** States that nobody leaves, such as `lost`. Their rows of `counts` must be empty. */
  readonly absorbing: readonly string[];
  /** `counts[from][to]`: customers in state `from` at the first date and `to` at the second. */
  readonly counts: readonly (readonly number[])[];
}

/** Where the customers of one state went, as shares; null when it held none. */
export interface StateRates {
  readonly state: string;
  readonly stay: number | null;
  /** To a state listed before it. */
  readonly upgrade: number | null;
  /** To a state listed after it that is not absorbing. */
  readonly downgrade: number | null;
  /** To an absorbing state. */
  readonly lost: number | null;
}

/** How a state that is not absorbing ends. */
export interface StateLifetime {
  readonly state: string;
  /** Expected periods until an absorbing state is reached, counted from now; null with a reason. */
  readonly periodsToLoss: number | null;
  /**
   * Expected periods spent in each state that is not absorbing, this period included: a row of the fundamental matrix
   * (I − Q)⁻¹; null with a reason.
   */
  readonly periodsIn: readonly number[] | null;
  /** `no-data`: it leads to a state without customers at the first date; `never-lost`: it leads where nobody is lost. */
  readonly reason: 'no-data' | 'never-lost' | null;
}

export interface TransitionMatrix extends TransitionCounts {
  /** Customers per state at the first date. */
  readonly startCounts: readonly number[];
  /** Row shares of `counts`; the identity for absorbing states, null for other states without customers. */
  readonly probabilities: readonly (readonly number[] | null)[];
  /** Of the states that are not absorbing. */
  readonly rates: readonly StateRates[];
  /** Of the states that are not absorbing. */
  readonly lifetimes: readonly StateLifetime[];
}

/**
 * Transition counts between two dates as an absorbing Markov chain (S56): row probabilities, rates of upgrade, stay,
 * downgrade and loss, fundamental matrix N = (I − Q)⁻¹ and expected periods to loss N·1 (Kemeny & Snell 1960, ch. III).
 * The chain supposes that what happened between these dates goes on, and that a customer's past does not matter.
 *
 * @throws ClienteleError `invalid-option` for states named twice or unknown absorbing ones; `wrong-length` for counts that
 *   are not square; `invalid-value` for a negative count, or one that leaves an absorbing state.
 * @example
 * transitionMatrix({ states: ['a', 'lost'], absorbing: ['lost'], counts: [[80, 20], [0, 0]] }).lifetimes[0].periodsToLoss // 5
 */
export function transitionMatrix({ states, absorbing, counts }: TransitionCounts): TransitionMatrix {
  requireDistinct(states, 'state');
  for (const state of absorbing)
    if (!states.includes(state))
      fail('invalid-option', `unknown absorbing state "${state}": the states are ${states.join(', ')}`);
  checkCounts(states, absorbing, counts);
  const absorbs = states.map((state) => absorbing.includes(state));
  const startCounts = counts.map((row) => row.reduce((a, b) => a + b, 0));
  const probabilities = counts.map((row, from) => {
    if (absorbs[from]) return row.map((_, to) => (to === from ? 1 : 0));
    return startCounts[from]! > 0 ? row.map((count) => count / startCounts[from]!) : null;
  });
  const live = states.flatMap((_, s) => (absorbs[s] ? [] : [s]));
  return {
    states,
    absorbing,
    counts,
    startCounts,
    probabilities,
    rates: live.map((from) => {
      const row = counts[from]!;
      const to = (test: (to: number) => boolean): number | null =>
        startCounts[from]! > 0
          ? row.reduce((n, count, at) => n + (test(at) ? count : 0), 0) / startCounts[from]!
          : null;
      return {
        state: states[from]!,
        stay: to((at) => at === from),
        upgrade: to((at) => at < from && !absorbs[at]),
        downgrade: to((at) => at > from && !absorbs[at]),
        lost: to((at) => absorbs[at]!),
      };
    }),
    lifetimes: lifetimes(states, live, probabilities),
  };
}

function checkCounts(
  states: readonly string[],
  absorbing: readonly string[],
  counts: readonly (readonly number[])[],
): void {
  if (counts.length !== states.length || counts.some((row) => row.length !== states.length))
    fail('wrong-length', `counts: expected ${states.length} rows of ${states.length}, as many as states`);
  counts.forEach((row, from) => {
    row.forEach((count, to) => {
      const place = `counts, "${states[from]}" to "${states[to]}": ${count}`;
      if (!(count >= 0 && count < Number.POSITIVE_INFINITY))
        fail('invalid-value', `${place}; use a finite number of at least 0`);
      if (count > 0 && from !== to && absorbing.includes(states[from]!))
        fail('invalid-value', `${place}: nobody leaves an absorbing state; count who came back as entrants`);
    });
  });
}

function lifetimes(
  states: readonly string[],
  live: readonly number[],
  probabilities: readonly (readonly number[] | null)[],
): readonly StateLifetime[] {
  const next = (s: number): readonly number[] => (probabilities[s] ?? []).flatMap((p, to) => (p > 0 ? [to] : []));
  const reached = states.map((_, s) => closure(s, next));
  const reason = (s: number): StateLifetime['reason'] => {
    if (reached[s]!.some((to) => probabilities[to] === null)) return 'no-data';
    return reached[s]!.every((to) => reached[to]!.some((end) => !live.includes(end))) ? null : 'never-lost';
  };
  // Whatever a fine state leads to is fine too, so these states are a chain of their own, with a matrix to invert.
  const fine = live.filter((s) => reason(s) === null);
  const matrix = fine.map((from) =>
    fine.map((to) => {
      const row = probabilities[from]!;
      // 1 − p(stay) from the other entries: no cancellation where nearly everybody stays.
      return from === to ? row.reduce((leave, p, at) => (at === from ? leave : leave + p), 0) : -row[to]!;
    }),
  );
  const unit = fine.map((_, i) => fine.map((_, j) => (i === j ? 1 : 0)));
  const inverse = solveDominant(matrix, unit);
  return live.map((s) => {
    const at = fine.indexOf(s);
    if (at < 0) return { state: states[s]!, periodsToLoss: null, periodsIn: null, reason: reason(s) };
    const periodsIn = live.map((to) => (fine.includes(to) ? inverse[at]![fine.indexOf(to)]! : 0));
    return { state: states[s]!, periodsToLoss: periodsIn.reduce((a, b) => a + b, 0), periodsIn, reason: null };
  });
}

/** Every state that can be reached, the first one included. */
function closure(start: number, next: (state: number) => readonly number[]): readonly number[] {
  const found = [start];
  for (const state of found) for (const to of next(state)) if (!found.includes(to)) found.push(to);
  return found;
}
