import { compare } from '../../foundation/lists/compare.ts';
import type { RunCost } from './report.ts';

export const ZERO_COST: RunCost = { bytesBilled: 0n, micros: 0n };

/** The sum of several runs; those without a price count nothing. */
export function sumCosts(costs: readonly (RunCost | null)[]): RunCost {
  return costs.reduce<RunCost>(
    (total, cost) => ({
      bytesBilled: total.bytesBilled + (cost?.bytesBilled ?? 0n),
      micros: total.micros + (cost?.micros ?? 0n),
    }),
    ZERO_COST,
  );
}

/** The cost of this many runs; none if a run has no price. */
export function multiplyCost(cost: RunCost | null, runs: number): RunCost {
  if (cost === null) return ZERO_COST;
  return { bytesBilled: cost.bytesBilled * BigInt(runs), micros: cost.micros * BigInt(runs) };
}

/** For sorting: the most expensive first, and at the same cost, the one that reads most. */
export function byCostDescending(a: RunCost | null, b: RunCost | null): number {
  return compare(b?.micros ?? -1n, a?.micros ?? -1n) || compare(b?.bytesBilled ?? -1n, a?.bytesBilled ?? -1n);
}
