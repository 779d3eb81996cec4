import { expect, test } from 'vitest';
import { createMonthSavings } from '../../../src/reports/savings/month-savings.ts';
import type { SavingsReport } from '../../../src/reports/savings/savings.ts';

const nowMs = Date.UTC(2026, 10, 24, 12);

test('old days are asked for once, and the last two each time', async () => {
  const asked: string[] = [];
  const months = createMonthSavings({
    async report(query): Promise<SavingsReport> {
      asked.push(query.from);
      return { ...query, rows: [], recordsFrom: null };
    },
  });

  await months.soFar({ nowMs, timeZone: 'UTC' });
  const first = asked.splice(0);
  await months.soFar({ nowMs: nowMs + 60_000, timeZone: 'UTC' });

  expect(first).toHaveLength(24);
  expect(asked).toEqual(['2026-11-23', '2026-11-24']);
});

test('whoever stops does not wait for the answer', async () => {
  const months = createMonthSavings({ report: () => new Promise<never>(() => undefined) });
  const stopping = new AbortController();

  const soFar = months.soFar({ nowMs, timeZone: 'UTC', signal: stopping.signal });
  stopping.abort(new Error('it stops'));

  await expect(soFar).rejects.toThrow('it stops');
});
