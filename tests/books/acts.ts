import fc from 'fast-check';
import type { Budget } from '../../src/vocabulary/budget.ts';
import { atOnce, brlLimit, budget, bytesLimit, HOUR_MS } from '../budget/builders.ts';

export const accounts = ['ana', 'bia'];

/** One budget of each kind, named after the run that uses it. */
export function budgetsOf(run: string): readonly Budget[] {
  return [
    budget({ name: `${run}-dia`, limit: bytesLimit(1000n) }),
    budget({ name: `${run}-mes`, window: 'month', limit: brlLimit(9000n) }),
    budget({ name: `${run}-aviso`, limit: bytesLimit(300n), whenExceeded: 'warn' }),
    budget({ name: `${run}-rola`, window: 'rolling-2h', limit: { measure: 'queries', queries: 6n } }),
    budget({
      name: `${run}-regra`,
      limit: { measure: 'slot time', slotMs: 500n },
      whenExceeded: { only: ['r'] },
    }),
    budget({ name: `${run}-pessoa`, per: 'person', limit: bytesLimit(600n) }),
    atOnce(3n, { name: `${run}-lugar` }),
  ];
}

/** One request, alone or in a batch. IDs, jobs, budgets and times are given as numbers. */
export type Step =
  | {
      readonly kind: 'admit';
      readonly id: number;
      readonly bytes: bigint;
      readonly budgets: readonly number[];
      readonly account: string;
      readonly holds: boolean;
      readonly afterMs: number;
      readonly regardless: boolean;
      /** Repeats its earlier request, if there was one. */
      readonly again: boolean;
    }
  | {
      readonly kind: 'settle';
      readonly id: number;
      readonly bytes: bigint;
      readonly job: number | null;
      readonly source: 'response' | 'not run' | 'assumed' | 'reconciled';
    };

export type Act =
  | readonly Step[]
  | { readonly grant: number; readonly amount: bigint; readonly hours: number }
  | { readonly giveBack: readonly number[] };

const id = fc.nat(9);
const bytes = fc.oneof(fc.bigInt({ min: 0n, max: 400n }), fc.constantFrom(0n, 1n, 600n, 1000n, 1001n));
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('admit' as const),
    id,
    bytes,
    budgets: fc.subarray([0, 1, 2, 3, 4, 5, 6]),
    account: fc.constantFrom(...accounts),
    holds: fc.boolean(),
    afterMs: fc.nat(5 * HOUR_MS),
    regardless: fc.nat(9).map((n) => n === 0),
    again: fc.boolean(),
  }),
  fc.record({
    kind: fc.constant('settle' as const),
    id,
    bytes,
    job: fc.option(fc.nat(3)),
    source: fc.constantFrom('response', 'response', 'not run', 'assumed', 'reconciled'),
  }),
);
export const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 8, arbitrary: fc.array(step, { minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.record({ grant: fc.nat(6), amount: fc.bigInt(1n, 300n), hours: fc.nat(6) }) },
  { weight: 1, arbitrary: fc.record({ giveBack: fc.array(id, { maxLength: 4 }) }) },
);
