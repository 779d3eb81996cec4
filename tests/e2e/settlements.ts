import { expect } from 'vitest';
import { eventually, type House } from './guardrail.ts';

/** The settlements of the last queries, once each has one: they are written while the answer goes out. */
export async function settlementsOf(house: House, limit: number): Promise<readonly unknown[]> {
  let settlements: readonly unknown[] = [];
  await eventually(async () => {
    const { decisions } = await house.ops(`/api/v1/decisions?limit=${limit}`);
    settlements = decisions.map((one: { settlement: unknown }) => one.settlement);
    expect(settlements).not.toContain(null);
  });
  return settlements;
}
