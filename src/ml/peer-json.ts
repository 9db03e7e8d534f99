import { fail } from '../errors.ts';
import { type Check, dictionaryOf } from '../model/checks.ts';

/** An object with any keys. */
export const anyObject: Check<{ readonly [key: string]: unknown }> = dictionaryOf((json) => json);

/**
 * What a peer's `toJSON` stands for once it is written and read: it hands out live matrices and nodes. Text is taken for
 * the JSON itself.
 */
export function plainJson(peer: unknown, what: string): unknown {
  try {
    return JSON.parse(typeof peer === 'string' ? peer : (JSON.stringify(peer) ?? 'null'));
  } catch (error) {
    return fail('invalid-model', `${what}: no JSON: ${(error as Error).message}`);
  }
}
