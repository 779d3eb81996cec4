import { expect, test } from 'vitest';
import { isRolledUp } from '../../../../src/reports/reconciliation/ledger/rolled-up.ts';
import { freshLedger } from '../../../ledger/ledgers.ts';
import { options } from '../builders.ts';

test('a span is rolled up if the ledger has sums of one of its days', async () => {
  const ledger = await freshLedger();
  const day = Date.UTC(2026, 10, 24);
  await ledger.write((db) =>
    db
      .insertInto('spend_by_day')
      .values({
        day: '2026-11-24',
        day_starts_at_ms: BigInt(day),
        project_id: 'guardrail-demo',
        team: 'atendimento',
        principal: '',
        tool: '',
        person: '',
        dashboard: '',
        card: '',
        fingerprint: '',
        currency: 'USD',
        queries: 1n,
        bytes_billed: 1n,
        cost_micros: 1n,
        slot_ms: 1n,
        free_bytes: 0n,
      })
      .execute(),
  );

  expect(await isRolledUp(ledger.read, options().span)).toBe(true);
  expect(await isRolledUp(ledger.read, { fromMs: day - 2 * 86_400_000, toMs: day })).toBe(false);
  expect(await isRolledUp(ledger.read, { fromMs: day + 86_400_000, toMs: day + 2 * 86_400_000 })).toBe(false);
});
