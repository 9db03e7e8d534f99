import { describe, expect, it } from 'vitest';
import type { ErrorCode } from './index.ts';
import { ClienteleError, compile, logisticRegression } from './index.ts';
import { runJob } from './job/index.ts';
import { bytes, smallCustomers, smallJob } from './job/job.test-support.ts';

export type Case = readonly [what: string, work: () => unknown, code: ErrorCode, message: RegExp];

/** Every case ends with a ClienteleError of its code, whose message names the place and what to do. */
export function areRefused(table: { readonly [item: string]: readonly Case[] }): void {
  describe.each(Object.entries(table))('%s is refused', (_, cases) => {
    it.each(cases)('%s', async (_what, work, code, message) => {
      const error = await Promise.resolve()
        .then(work)
        .then(
          () => 'nothing was thrown',
          (reason: unknown) => reason,
        );
      expect(error).toBeInstanceOf(ClienteleError);
      expect((error as ClienteleError).code).toBe(code);
      expect((error as ClienteleError).message).toMatch(message);
    });
  });
}

export const label = { column: 'left', churned: 'yes', horizon: null } as const;
export const data = {
  left: ['yes', 'no', 'no', 'yes', 'no', 'no', 'no', 'yes'],
  x: [1, 2, 3, 4, 5, 6, 7, 1.5],
  plan: ['a', 'b', 'a', 'b', 'a', 'b', 'a', 'a'],
};
export const churn = logisticRegression({ label, features: ['x', 'plan'] });
export const model = churn.fit(data);
export const plan = compile(model);

export const job = (changes: { readonly [path: string]: unknown }, csv = smallCustomers()): Promise<unknown> =>
  runJob(smallJob(changes), { customers: () => bytes(csv) });
