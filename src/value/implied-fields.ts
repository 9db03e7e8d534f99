import { fail } from '../errors.ts';
import type { Field } from '../model/field.ts';

const canonical = (json: unknown): string =>
  JSON.stringify(json, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );

/** Stops unless a stored model's fields are the ones its parameters imply. */
export function checkImplied(found: readonly Field[], implied: readonly Field[], path: string): void {
  if (found.length !== implied.length)
    fail('invalid-model', `${path}: expected ${implied.length} fields, got ${found.length}`);
  implied.forEach((field, i) => {
    if (canonical(found[i]) !== canonical(field))
      fail('invalid-model', `${path}[${i}]: expected ${canonical(field)}, got ${canonical(found[i])}`);
  });
}
