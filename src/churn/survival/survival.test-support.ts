import { log } from '../../numerics/elementary.ts';
import { seededRandom } from '../../numerics/random.ts';

/** One row of a survival data set. */
export interface Subject {
  readonly entry: number;
  readonly exit: number;
  readonly left: boolean;
  readonly x: readonly number[];
  readonly stratum: string;
  readonly offset: number;
}

/**
 * Customers with a constant hazard of 0.1·e^(0.7·x₁ − 0.5·x₂) by inverse sampling, censored uniformly; `ties` rounds the times up to whole
 * numbers, `late` draws entries and leaves out who left before.
 */
export function simulated(
  rows: number,
  seed: number,
  { ties = false, late = false }: { readonly ties?: boolean; readonly late?: boolean } = {},
): readonly Subject[] {
  const random = seededRandom(seed);
  const out: Subject[] = [];
  while (out.length < rows) {
    const x = [random.uniform() * 4 - 2, random.uniform() < 0.4 ? 1 : 0];
    const life = -log(1 - random.uniform()) / (0.1 * Math.exp(0.7 * x[0]! - 0.5 * x[1]!));
    const end = 2 + 20 * random.uniform();
    const entry = late ? Math.floor(6 * random.uniform()) : 0;
    const time = Math.min(life, end);
    const exit = ties ? Math.ceil(time) : time;
    const stratum = random.uniform() < 0.5 ? 'north' : 'south';
    if (exit > entry) out.push({ entry, exit, left: life <= end, x, stratum, offset: random.uniform() - 0.5 });
  }
  return out;
}

/** The same as columns. */
export function columns(subjects: readonly Subject[]): {
  readonly entry: number[];
  readonly exit: number[];
  readonly left: string[];
  readonly a: number[];
  readonly b: number[];
  readonly stratum: string[];
  readonly offset: number[];
} {
  return {
    entry: subjects.map(({ entry }) => entry),
    exit: subjects.map(({ exit }) => exit),
    left: subjects.map(({ left }) => (left ? 'yes' : 'no')),
    a: subjects.map(({ x }) => x[0]!),
    b: subjects.map(({ x }) => x[1]!),
    stratum: subjects.map(({ stratum }) => stratum),
    offset: subjects.map(({ offset }) => offset),
  };
}

/** The partial likelihood as it is written in the books, with case weights (Efron's tied weights are averaged), by brute force. */
export function partialLogLikelihood(
  subjects: readonly Subject[],
  beta: readonly number[],
  ties: 'efron' | 'breslow',
  weights: readonly number[] = subjects.map(() => 1),
  timeEffect: (t: number) => readonly number[] = () => beta.map(() => 0),
): number {
  let total = 0;
  for (const stratum of new Set(subjects.map((s) => s.stratum)))
    for (const t of new Set(subjects.filter((s) => s.left && s.stratum === stratum).map((s) => s.exit))) {
      const gamma = timeEffect(t);
      const eta = subjects.map((s) => s.offset + s.x.reduce((sum, x, j) => sum + (beta[j]! + gamma[j]!) * x, 0));
      const at = subjects.flatMap((s, i) => (s.stratum === stratum && s.entry < t && t <= s.exit ? [i] : []));
      const dead = at.filter((i) => subjects[i]!.left && subjects[i]!.exit === t);
      const risk = (rows: readonly number[]): number =>
        rows.reduce((sum, i) => sum + weights[i]! * Math.exp(eta[i]!), 0);
      const weight = dead.reduce((sum, i) => sum + weights[i]!, 0) / dead.length;
      total += dead.reduce((sum, i) => sum + weights[i]! * eta[i]!, 0);
      for (let l = 0; l < dead.length; l++)
        total -= weight * Math.log(risk(at) - (ties === 'efron' ? (l / dead.length) * risk(dead) : 0));
    }
  return total;
}

/** Central differences of order 6. */
export function derivative(f: (x: number) => number, at: number, h = 1e-2): number {
  const d = (k: number): number => f(at + k * h) - f(at - k * h);
  return (45 * d(1) - 9 * d(2) + d(3)) / (60 * h);
}
