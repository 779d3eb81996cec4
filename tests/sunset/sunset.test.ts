import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { enterDecisions } from '../../src/records/enter.ts';
import { gatherSunset, gatherSunsets } from '../../src/service/questions/gather-sunset.ts';
import { sunsetAsText } from '../../src/sunset/as-text.ts';
import type { CatalogEntry } from '../../src/vocabulary/table.ts';
import { freshLedger } from '../ledger/ledgers.ts';
import { decision, estimateOf } from '../records/builders.ts';
import { insertEntry } from '../records/journal/insert-entry.ts';
import { reconciliationEntry } from '../records/journal/journal-builders.ts';
import { DAY_MS, day, FIRST_MS, fill, type PastQuery } from '../replay/month.ts';

const LEGACY = 'guardrail-demo.atendimento.legacy_messages_export';
const ENTRY = {
  table: LEGACY,
  status: 'legacy',
  owner: 'dados',
  replacement: 'guardrail-demo.atendimento.messages',
  partitionColumn: null,
} as const;
/** The last day of the month's queries is over. */
const nowMs = FIRST_MS + 30 * DAY_MS;

function sunset(
  ledger: Ledger,
  changes: {
    table?: string;
    entry?: CatalogEntry | null;
    days?: number;
    nowMs?: number;
    timeZone?: string;
  } = {},
) {
  return gatherSunset(ledger.read, {
    table: LEGACY,
    entry: ENTRY,
    days: 30,
    nowMs,
    onProgress: () => undefined,
    ...changes,
  });
}

/** Queries of some days, with those over the legacy table in the first of them only. */
function usedUntil(lastDay: number, days = 31): readonly PastQuery[] {
  return Array.from({ length: days }, (_, index) =>
    day(index - 1).filter(({ sql }) => index - 1 <= lastDay || !sql.includes('legacy')),
  ).flat();
}

/** Somebody looked for what bypassed guardrail, from the first day up to an instant. */
async function reconciled(
  ledger: Ledger,
  toMs: number,
  changes: { unguarded_jobs?: bigint; corrections?: bigint } = {},
) {
  const entry = reconciliationEntry(`r-${toMs}`);
  const row = {
    ...entry.row,
    at_ms: BigInt(toMs),
    from_ms: BigInt(FIRST_MS - DAY_MS),
    to_ms: BigInt(toMs),
    ...changes,
  };
  await ledger.write((db) => insertEntry(db, { ...entry, row }));
}

async function unguarded(ledger: Ledger, sql: string) {
  const [row] = [
    decision({
      id: `unguarded-${sql.length}`,
      atMs: nowMs - 2 * DAY_MS,
      sql,
      outcome: 'unguarded',
      estimate: null,
      hits: [],
    }),
  ];
  const reading = { ...row.reading, reader: 'none' as const, tables: [] };
  await ledger.write((db) => enterDecisions(db, [{ ...row, reading }]));
}

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
