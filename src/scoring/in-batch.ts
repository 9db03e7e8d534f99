import { ClienteleError } from '../errors.ts';

/** An error with the number of its batch in front. */
export function inBatch(number: number, error: unknown): unknown {
  return error instanceof ClienteleError ? new ClienteleError(error.code, `batch ${number}: ${error.message}`) : error;
}
