import { describe, expect, test } from 'vitest';
import { enterDecisions } from '../../../src/records/enter.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision, estimateOf } from '../../records/builders.ts';
import { DAY_MS, day, FIRST_MS, fill } from '../replay/month.ts';
import { LEGACY, nowMs, reconciled, sunset, unguarded, usedUntil } from './builders.ts';

describe('a table that is used', () => {
  test('cannot retire, and the report says who uses it, how often and when last', async () => {
    const ledger = await freshLedger();
    await fill(ledger, usedUntil(30));

    const report = await sunset(ledger);

    expect(report).toMatchObject({
      verdict: 'cannot retire',
      reasons: ['It was used 30 times in the last 30 days.'],
      recent: { read: 30, refused: 0, failed: 0, unguarded: 0 },
      lastMs: FIRST_MS + 29 * DAY_MS + 15 * 3_600_000,
      weeks: [7, 7, 7, 7, 3, 0, 0, 0, 0, 0, 0, 0],
    });
    expect(report.users.person).toEqual([
      { name: 'metabase:13', uses: 31, recentUses: 30, lastMs: FIRST_MS + 29 * DAY_MS + 15 * 3_600_000 },
    ]);
    expect(report.users.team.map(({ name }) => name)).toEqual(['atendimento']);
    expect(report.users.dashboard).toEqual([]);
  });

  test('counts as used by refused queries, and by queries of a view that the warehouse resolves', async () => {
    const ledger = await freshLedger();
    await fill(
      ledger,
      day(0).map((one) => ({ ...one, refusedBy: 'some-rule' })),
    );

    expect(await sunset(ledger)).toMatchObject({ verdict: 'cannot retire', recent: { read: 0, refused: 1 } });
  });

  test('counts as used by queries that read it through a view or wildcard', async () => {
    const ledger = await freshLedger();
    const estimate = estimateOf(['legacy_messages_export']);
    await ledger.write((db) => enterDecisions(db, [decision({ atMs: nowMs - DAY_MS, estimate })]));

    expect((await sunset(ledger)).recent.read).toBe(1);
  });

  test.each([
    ['legacy_*', 1],
    ['*', 1],
    ['legacy_messages_export*', 1],
    ['legacy_tickets_*', 0],
  ])(
    'counts as used by queries over a wildcard of which the warehouse tells no more: %s',
    async (wildcard, uses) => {
      const ledger = await freshLedger();
      const estimate = estimateOf([wildcard]);
      await ledger.write((db) => enterDecisions(db, [decision({ atMs: nowMs - DAY_MS, estimate })]));

      expect((await sunset(ledger)).recent.read).toBe(uses);
      expect((await sunset(ledger, { table: 'atendimento.legacy_messages_*' })).recent.read).toBe(uses);
    },
  );

  test.each([
    ['atendimento.legacy_messages_export', 1],
    ['guardrail-demo.atendimento.legacy_*', 1],
    ['guardrail-demo.atendimento.legacy_messages', 0],
    ['guardrail-demo.atendimento.Legacy_messages_export', 0],
    ['guardrail-demo.other.legacy_messages_export', 0],
    ['dimento.legacy_messages_export', 0],
  ])('is found as %s: %i', async (table, uses) => {
    const ledger = await freshLedger();
    await fill(ledger, day(0));

    expect((await sunset(ledger, { table })).recent.read).toBe(uses);
  });

  test('is found by its dataset and name even if these follow one another in the name of its project too', async () => {
    const ledger = await freshLedger();
    const table = { projectId: 'old-notes', datasetId: 'notes', tableId: 'notes' };
    const estimate = { ...estimateOf([]), referencedTables: [table] };
    await ledger.write((db) => enterDecisions(db, [decision({ atMs: nowMs - DAY_MS, estimate })]));

    expect((await sunset(ledger, { table: 'notes.notes' })).recent.read).toBe(1);
  });

  test.each([
    ['its whole name', `\`${LEGACY}\``],
    ['its name in the dataset', 'atendimento.legacy_messages_export'],
    ['its bare name, whose dataset the job may have set', 'legacy_messages_export'],
    ['a wildcard', '`atendimento.legacy_*`'],
    ['a bare wildcard', '`legacy_mess*`'],
  ])('cannot retire even if only jobs that bypassed guardrail used it, by %s', async (_which, name) => {
    const ledger = await freshLedger();
    await fill(ledger, usedUntil(-2));
    await reconciled(ledger, nowMs);
    await unguarded(ledger, `SELECT COUNT(*) FROM ${name}`);

    expect(await sunset(ledger)).toMatchObject({
      verdict: 'cannot retire',
      recent: { read: 0, unguarded: 1 },
    });
  });
});
