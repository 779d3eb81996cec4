import { expect, test } from 'vitest';
import { createMonthSavings } from '../../../src/reports/savings/month-savings.ts';
import { createSavings, type SavingsReport } from '../../../src/reports/savings/savings.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { november, refuse, run } from './books.ts';

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

test('the month so far begins with the month, and grows as more queries are refused and rewrites taken', async () => {
  const ledger = await freshLedger();
  const savings = createMonthSavings(createSavings({ ledger }));
  const soFar = async (at: Date) =>
    (await savings.soFar({ nowMs: Number(at), timeZone: 'UTC' })).map(({ cause, savedBytes }) => [
      cause,
      savedBytes,
    ]);
  await refuse(ledger, { at: new Date(Date.UTC(2026, 9, 31)) });
  await refuse(ledger, { at: november(2, 9) });
  await refuse(ledger, { at: november(23, 9) }, ['r']);

  const first = await soFar(november(24, 9));
  await run(ledger, { at: november(24, 10), fingerprint: 'r' });
  await refuse(ledger, { at: november(24, 10), person: '13' });
  const second = await soFar(november(24, 11));

  expect(first).toEqual([['refusal', 2000n]]);
  expect(second).toEqual([
    ['refusal', 2000n],
    ['rewrite', 990n],
  ]);
  expect(await soFar(new Date(Date.UTC(2026, 11, 1)))).toEqual([]);
});
