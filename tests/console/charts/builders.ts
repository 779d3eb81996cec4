import { DAY_MS, HOUR_MS } from '../../../src/foundation/calendar/durations.ts';
import type { BudgetBalance } from '../../../src/vocabulary/spend.ts';
import { budget, bytesLimit, noon } from '../../budget/builders.ts';

export const startMs = noon - 12 * HOUR_MS;

/** At noon, 300 of 1000 bytes a day are used and 50 reserved. */
export const balance: BudgetBalance = {
  budget: budget({ limit: bytesLimit(1000n) }),
  account: '',
  window: { key: '2026-11-24', startMs, endMs: startMs + DAY_MS },
  limit: 1000n,
  granted: 0n,
  used: 300n,
  reserved: 50n,
};
