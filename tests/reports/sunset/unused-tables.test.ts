import { describe, expect, test } from 'vitest';
import { sunsetAsText } from '../../../src/reports/sunset/as-text.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { DAY_MS, fill } from '../replay/month.ts';
import { nowMs, reconciled, sunset, unguarded, usedUntil } from './builders.ts';

describe('a table that nobody used', () => {
  test('can retire if records and reconciliations go back far enough', async () => {
    const ledger = await freshLedger();
    await fill(ledger, usedUntil(-2));
    await reconciled(ledger, nowMs - DAY_MS);

    const report = await sunset(ledger);

    expect(report).toMatchObject({ verdict: 'can retire', lastMs: null });
    expect(sunsetAsText(report)).toMatch(
      /^guardrail-demo\.atendimento\.legacy_messages_export: can retire\.\nNobody used it/,
    );
    expect(sunsetAsText(report)).toContain('Records exist since 2026-10-31.');
    expect(sunsetAsText(report)).toContain('Days are those of UTC.');
  });

  test('can retire if it was last used before the given number of days', async () => {
    const ledger = await freshLedger();
    await fill(ledger, usedUntil(9));
    await reconciled(ledger, nowMs);

    expect(await sunset(ledger, { days: 20 })).toMatchObject({
      verdict: 'can retire',
      lastMs: expect.any(Number),
    });
    expect(await sunset(ledger, { days: 21 })).toMatchObject({ verdict: 'cannot retire' });
  });

  test('is not proven without records, or with records of too few days', async () => {
    const ledger = await freshLedger();
    await reconciled(ledger, nowMs);
    const before = await sunset(ledger);
    await fill(ledger, usedUntil(-2));

    expect(before).toMatchObject({ verdict: 'not proven', reasons: ['There are no records.'] });
    expect((await sunset(ledger, { days: 60 })).reasons[0]).toBe(
      'Records exist since 2026-10-31 only, which is less than 60 days.',
    );
  });

  test('is not proven if nobody looked for jobs that bypassed guardrail, or not recently', async () => {
    const ledger = await freshLedger();
    await fill(ledger, usedUntil(-2));
    const before = await sunset(ledger);
    await reconciled(ledger, nowMs - 5 * DAY_MS);

    expect(before).toMatchObject({
      verdict: 'not proven',
      reasons: ['Reads that bypassed guardrail were not looked for: see `guardrail reconcile`.'],
    });
    expect((await sunset(ledger)).reasons).toEqual([
      'Reads that bypassed guardrail were looked for up to 2026-11-26 only: see `guardrail reconcile`.',
    ]);
  });

  test('is not proven while jobs that bypassed guardrail are not entered, or do not say what they read', async () => {
    const ledger = await freshLedger();
    await fill(ledger, usedUntil(-2));
    await reconciled(ledger, nowMs - DAY_MS, { unguarded_jobs: 3n });
    const found = await sunset(ledger);
    await reconciled(ledger, nowMs, { unguarded_jobs: 3n, corrections: 3n });
    const entered = await sunset(ledger);
    await unguarded(ledger, `SELECT ${'a, '.repeat(100)} b FROM`.slice(0, 200));

    expect(found).toMatchObject({ verdict: 'not proven', evidence: { notEntered: 3 } });
    expect(entered.verdict).toBe('can retire');
    expect(await sunset(ledger)).toMatchObject({ verdict: 'not proven', evidence: { unreadable: 1 } });
  });
});
