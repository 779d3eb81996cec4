import { compare } from '../lists/compare.ts';
import type { RunCost } from './report.ts';

export const NOTHING: RunCost = { bytesBilled: 0n, micros: 0n };

/** The sum of several runs; those without a price count nothing. */
export function sum(costs: readonly (RunCost | null)[]): RunCost {
  return costs.reduce<RunCost>(
    (total, cost) => ({
      bytesBilled: total.bytesBilled + (cost?.bytesBilled ?? 0n),
      micros: total.micros + (cost?.micros ?? 0n),
    }),
    NOTHING,
  );
}

/** The cost of this many runs; none if a run has no price. */
export function times(cost: RunCost | null, runs: number): RunCost {
  if (cost === null) return NOTHING;
  return { bytesBilled: cost.bytesBilled * BigInt(runs), micros: cost.micros * BigInt(runs) };
}

/** For sorting: the most expensive first, and at the same cost, the one that reads most. */
export function dearestFirst(a: RunCost | null, b: RunCost | null): number {
  return compare(b?.micros ?? -1n, a?.micros ?? -1n) || compare(b?.bytesBilled ?? -1n, a?.bytesBilled ?? -1n);
}
