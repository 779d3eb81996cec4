import { access } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runShowback } from '../../../src/commands/showback/run.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { keepReconciliation } from '../../../src/reports/reconciliation/kept-reconciliations.ts';
import { admission, booksOn } from '../../books/builders.ts';
import { enter } from '../../records/journal/entries.ts';
import { december, showback } from './month.ts';

const nothing = async () => {};

async function threeQueries(ledger: Ledger) {
  await enter(ledger, { decision: { id: 'a' }, settlement: { cost_micros: 1_234_560_000n } });
  await enter(ledger, { decision: { id: 'b', team: 'finops' }, settlement: { cost_micros: 65_440_000n } });
  const october = BigInt(Date.UTC(2026, 9, 5));
  await enter(ledger, {
    decision: { id: 'c', at_ms: october },
    settlement: { cost_micros: 1_000_000_000n },
  });
}

describe('the showback of a month', () => {
  test('shows the exact cents of the ledger, by team and in total, and the change since the month before', async () => {
    const { page, file } = await showback(threeQueries);

    expect(page).toContain('<b>$1,300.00</b>');
    expect(page).toContain('$1,234.56');
    expect(page).toContain('$65.44');
    expect(page).toContain('R$6,955.00 at the policy’s exchange rate of each day');
    expect(page).toContain('<small>R$350.10</small>');
    expect(page).toContain('+30% against October 2026');
    expect(await file('-by-team-and-day.csv')).toContain('finops,2026-11-24,1,1000,0,42,65.440000,USD');
  });

  test('can have CSV files that Excel opens in Brazil', async () => {
    const { file } = await showback(threeQueries, { decimalComma: true });

    const text = await file('-by-team-and-day.csv');
    expect(text).toMatch(/^\ufeffteam;day;/);
    expect(text).toContain('finops;2026-11-24;1;1000;0;42;65,440000;USD');
  });

  test('can be in Portuguese, including amounts', async () => {
    const { page } = await showback(threeQueries, { language: 'pt-BR' });

    expect(page).toContain('<html lang="pt-BR">');
    expect(page).toContain('novembro de 2026');
    expect(page).toContain('1.300,00');
    expect(page).toContain('+30% em relação a outubro de 2026');
  });

  test('counts a refused query once per person and day, at its lowest estimate', async () => {
    const refused = { outcome: 'refused', estimated_currency: 'USD' };
    const { page } = await showback(async (ledger) => {
      for (const [id, cost] of [
        ['a', 4_000_000n],
        ['b', 5_000_000n],
      ] as const) {
        await enter(ledger, { decision: { ...refused, id, estimated_cost_micros: cost }, settlement: null });
      }
      const other = { ...refused, person: '13', estimated_cost_micros: 2_000_000n };
      const dayBefore = BigInt(Date.UTC(2026, 10, 23));
      await enter(ledger, { decision: { ...other, id: 'c' }, settlement: null });
      await enter(ledger, { decision: { ...other, id: 'd', at_ms: dayBefore }, settlement: null });
    });

    expect(page).toContain(
      'Refused: 3 queries, attempts in all: 4. Estimated cost, had they run: $8.00 (R$42.80).',
    );
  });

  test('distinguishes cached queries, jobs that bypassed guardrail, and assumed costs', async () => {
    const { page } = await showback(async (ledger) => {
      await enter(ledger, { decision: { id: 'a' }, settlement: { cache_hit: 1n, cost_micros: 0n } });
      await enter(ledger, {
        decision: { id: 'b', outcome: 'unguarded' },
        settlement: { cost_micros: 3_000_000n, source: 'reconciled' },
      });
      await enter(ledger, {
        decision: { id: 'c' },
        settlement: { cost_micros: 2_000_000n, source: 'assumed', version: 0n },
      });
      await booksOn(ledger).books.admit(admission('d'));
    });

    expect(page).toContain('cache, at no cost: 1 query.');
    expect(page).toContain('1 query, at a cost of $3.00');
    expect(page).toContain('1 query, at $2.00 (R$10.70) in the total');
    expect(page).toContain('in no sum: 1 query.');
  });

  test('does not say of what bypassed guardrail that it read no table: nobody knows', async () => {
    const { page } = await showback(async (ledger) => {
      await enter(ledger, { decision: { id: 'a' }, tables: ['guardrail-demo.atendimento.tickets'] });
      await enter(ledger, {
        decision: { id: 'b', outcome: 'unguarded' },
        settlement: { source: 'reconciled' },
      });
    });

    expect(page).toMatch(/<td>Queries without a known table<\/td><td>[^<]+<\/td><td>1<\/td>/);
  });

  test('gives the cost of what bypassed guardrail in other currencies too, of all its days', async () => {
    const { page } = await showback(async (ledger) => {
      const unguarded = { outcome: 'unguarded' };
      const settlement = { cost_micros: 1_000_000n, source: 'reconciled' };
      await enter(ledger, { decision: { ...unguarded, id: 'a' }, settlement });
      const lastMs = BigInt(Date.UTC(2026, 11, 1) - 1);
      await enter(ledger, { decision: { ...unguarded, id: 'b', at_ms: lastMs }, settlement });
    });

    expect(page).toContain('2 queries, at a cost of $2.00 (R$10.70), which is in the total');
  });

  test('says of what there was none, and nothing of what does not concern the month', async () => {
    const { page } = await showback(threeQueries);

    expect(page).toContain('<li>No priced query was refused.</li>');
    expect(page).toContain('No query that bypassed guardrail has been entered.');
    expect(page).toContain('No figure is merely assumed.');
    expect(page).toContain('These figures have never been held against BigQuery’s own list of jobs.');
    expect(page).not.toMatch(/before a price|in no sum|not over|sums only|No query came to anything/);
  });

  test('says how many queries were refused without a price', async () => {
    const { page } = await showback((ledger) =>
      enter(ledger, {
        decision: { outcome: 'refused', estimated_currency: null, estimated_cost_micros: null },
        settlement: null,
      }),
    );

    expect(page).toContain('Refused before a price was known: 1 query.');
  });

  test.each([
    [30, true, 'the books balanced.', true],
    [10, false, 'the books did not balance. That does not cover all of this month.', false],
  ])(
    'says what came of the last reconciliation, here of %i days',
    async (days, balanced, text, coversMonth) => {
      const span = { fromMs: Date.UTC(2026, 10, 1), toMs: Date.UTC(2026, 10, 1 + days) };
      const none = { ledgerBytes: 0n, warehouseBytes: 0n, unguardedJobs: 0, unguardedBytes: 0n };
      const more = { missingJobs: 0, missingBytes: 0n, corrections: 0, reason: null, writtenBy: null };
      const found = { id: 'r', atMs: Date.UTC(2026, 11, 1, 6), ...span, balanced, ...none, ...more };
      const { page } = await showback((ledger) => keepReconciliation(ledger, found, nothing));

      expect(page).toContain('list of jobs on Dec 1, 2026, 06:00, from Nov 1, 2026, 00:00 to');
      expect(page).toContain(text);
      expect(page.includes('does not cover all')).toBe(!coversMonth);
    },
  );

  test('gives each currency its own section, and never adds them up', async () => {
    const { page } = await showback(async (ledger) => {
      await enter(ledger, { decision: { id: 'a' }, settlement: { cost_micros: 1_000_000n } });
      await enter(ledger, {
        decision: { id: 'b' },
        settlement: { cost_micros: 2_000_000n, currency: 'BRL' },
      });
    });

    expect(page.match(/<section>/g)).toHaveLength(2);
    expect(page).toContain('<b>$1.00</b>');
    expect(page).toContain('<b>R$2.00</b>');
    expect(page).toContain('<li>USD. No priced query was refused.</li>');
  });

  test('escapes names and SQL, cuts long ones, and defuses formulas', async () => {
    const hostile = `<script>alert("x")</script>' onload='${'é'.repeat(500)}`;
    const { page, file } = await showback((ledger) =>
      enter(ledger, {
        decision: { team: hostile, person: '=1+1', dashboard: hostile, card: hostile, sql: 'SELECT "<b>"' },
        tables: [hostile],
      }),
    );

    expect(page).not.toContain('<script');
    expect(page).not.toContain("' onload");
    expect(page).not.toContain('é'.repeat(200));
    expect(page).toContain('&lt;script&gt;');
    expect(await file('-by-person.csv')).toContain("\n'=1+1,");
  });

  test('shows SQL without its literals, whatever the records keep', async () => {
    const sql = "SELECT body FROM t WHERE email = 'ana@example.com'";
    const { page } = await showback((ledger) => enter(ledger, { decision: { sql } }));

    expect(page).toContain('SELECT body FROM t WHERE email = ?');
    expect(page).not.toContain('ana@example.com');
  });

  test('says so if nothing was spent', async () => {
    const { page } = await showback(nothing);

    expect(page).toContain('No query came to anything in this month.');
  });

  test('says up to when it counts while the month is running', async () => {
    const { page } = await showback(threeQueries, { nowMs: Date.UTC(2026, 10, 25) });

    expect(page).toContain('The month is not over: figures up to Nov 25, 2026, 00:00.');
    expect(page).toContain('against the same time of October 2026');
  });

  test('says while the month is running that nothing was spent in the same time of the month before, not in all of it', async () => {
    const lateInOctober = { id: 'october', at_ms: BigInt(Date.UTC(2026, 9, 31)) };
    const { page } = await showback(
      async (ledger) => {
        await enter(ledger, { decision: lateInOctober });
        await enter(ledger, { decision: { id: 'november' } });
      },
      { nowMs: Date.UTC(2026, 10, 25) },
    );

    expect(page).toContain('Nothing was spent in the same time of October 2026');
    expect(page).not.toContain('Nothing was spent the month before');
  });

  test('writes only complete files, which need nothing from elsewhere', async () => {
    const { page, names } = await showback(threeQueries);

    expect(names).toEqual([
      'showback-2026-11-by-person.csv',
      'showback-2026-11-by-team-and-day.csv',
      'showback-2026-11-by-team-dashboard-card.csv',
      'showback-2026-11.html',
    ]);
    expect(page).toMatch(/<\/html>\n$/);
    expect(page).not.toMatch(/(src|href)="http/);
  });

  test('creates no ledger if there is none', async () => {
    const path = join(tmpdir(), 'guardrail-no-such-ledger.db');
    const run = { month: '2026-11', out: tmpdir(), language: 'en', timeZone: 'UTC' } as const;

    const made = runShowback(run, { environment: { GUARDRAIL_LEDGER: `sqlite:${path}` }, nowMs: december });

    await expect(made).rejects.toThrow(/There is no ledger at/);
    await expect(access(path)).rejects.toThrow();
  });
});
