import { expect, test } from 'vitest';
import { sunsetAsText } from '../../../src/reports/sunset/as-text.ts';
import { gatherSunsets } from '../../../src/service/questions/gather-sunset.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { fill } from '../replay/month.ts';
import { LEGACY, nowMs, sunset, unguarded, usedUntil } from './builders.ts';

test('days are those of the time zone that is asked for', async () => {
  const ledger = await freshLedger();
  await fill(ledger, usedUntil(30));
  const inAuckland = { timeZone: 'Pacific/Auckland' };

  const used = sunsetAsText(await sunset(ledger, inAuckland));
  const unknown = await sunset(ledger, { ...inAuckland, days: 365, table: 'p.d.unknown' });

  // At 15:00 in UTC, it is the next day there.
  expect(used).toContain('Last used 2026-12-01. Records exist since 2026-11-01.');
  expect(used).toContain('Days are those of Pacific/Auckland.');
  expect(used).toMatch(/^atendimento .* 2026-12-01$/m);
  expect(unknown.reasons[0]).toBe('Records exist since 2026-11-01 only, which is less than 365 days.');
});

test('one day that decides is one day', async () => {
  const ledger = await freshLedger();
  await fill(ledger, usedUntil(30));

  const text = sunsetAsText(await sunset(ledger, { days: 1 }));

  expect(text).toContain('in the last 1 day.');
  expect(text).toContain('In the last 1 day: ');
});

test('several tables are judged in one pass as each of them alone', async () => {
  const ledger = await freshLedger();
  await fill(ledger, usedUntil(30));
  await unguarded(ledger, `SELECT * FROM \`${LEGACY}\``);
  const tables = [LEGACY, 'atendimento.messages', 'atendimento.mess*', 'atendimento.essages', 'a.none'].map(
    (table) => ({ table, entry: null }),
  );

  const together = await gatherSunsets(ledger.read, { tables, days: 30, nowMs });

  const alone = [];
  for (const asked of tables) alone.push(await sunset(ledger, asked));
  expect(together).toEqual(alone);
  expect(together.map(({ recent }) => recent.read > 0)).toEqual([true, true, true, false, false]);
  expect(together[0]?.recent.unguarded).toBe(1);
  expect(await gatherSunsets(ledger.read, { tables: [], days: 30, nowMs })).toEqual([]);
});
