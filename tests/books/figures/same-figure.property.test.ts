import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dayAt } from '../../../src/foundation/calendar/days.ts';
import type { DecisionRecord } from '../../../src/records/decisions/decision-record.ts';
import { didRun } from '../../../src/records/did-run.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import type { Report } from '../../../src/reports/reconciliation/report.ts';
import { createSavings } from '../../../src/reports/savings/savings.ts';
import type { CurrencySection } from '../../../src/reports/showback/month-report.ts';
import { inOtherCurrencies } from '../../../src/reports/showback/other-currencies.ts';
import { convertCurrency } from '../../../src/vocabulary/pricing.ts';
import { NO_SQL } from '../../../src/vocabulary/reading.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { MONTH, months, SPAN, ZONE } from './drafts.ts';
import { expectedSavings } from './expected-savings.ts';
import { copyAll, type Month, monthOf } from './month.ts';
import {
  byBudgets,
  byExport,
  byPage,
  bySheets,
  bySpend,
  exchangeOn,
  type Micros,
  microsBy,
  month,
  recordsOf,
} from './month-figures.ts';
import { pricingAt } from './parts.ts';

const TEAMS = ['atendimento', 'finops'];

test('spend, showback, export, budgets, savings and reconciliation have the same figures of a month, to the micro', async () => {
  const duckdb = await (await DuckDBInstance.create()).connect();
  const folder = await temporaryFolder();
  const agrees = async (of: Month) => {
    const spend = await bySpend(of, ['team']);
    await spendAgreesWithItself(of);
    await showbackAgrees(of, await bySheets(of, folder, duckdb));
    for (const format of ['csv', 'parquet'] as const) {
      expect(await byExport(of, format, folder, duckdb)).toEqual(withoutLost(spend));
    }
    await budgetsAgree(of);
    await savingsAgree(of);
    await freeTierAgrees(of);
    const report = await of.reconcile();
    await reconciliationAgrees(of, report);
    return report;
  };

  await fc.assert(
    fc.asyncProperty(months, async (drawn) => {
      const of = await monthOf(await freshLedger(), drawn);
      await agrees(of);
      await copyAll(of.ledger);
      const { refused } = await of.correct(await agrees(of));

      const corrected = await agrees(of);
      expect(corrected.findings).toHaveLength(refused.length);
      if (refused.length === 0) {
        for (const row of corrected.rows) expect(row.warehouseMicros).toBe(row.ledgerMicros);
      }

      await copyAll(of.ledger);
      const whole = await bySpend(of, ['team', 'day']);
      const beforeMs = SPAN.fromMs + 20 * 86_400_000;
      await pruneRecords(of.ledger, { beforeMs, nowMs: SPAN.toMs, timeZone: ZONE });
      expect(await bySpend(of, ['team', 'day'])).toEqual(whole);
    }),
    { numRuns: 12, endOnFailure: true },
  );
}, 180_000);

/** By whatever it is summed, spend comes to the same, by currency. */
async function spendAgreesWithItself(of: Month): Promise<void> {
  const total = byCurrency(await bySpend(of, ['team']));
  for (const by of [
    ['day'],
    ['table'],
    ['person', 'principal', 'tool'],
    ['fingerprint', 'project'],
  ] as const) {
    const sums = byCurrency(await bySpend(of, by));
    if (by[0] !== 'table') expect(sums).toEqual(total);
  }
}

function byCurrency(sums: Micros): Micros {
  return microsBy(
    Object.entries(sums),
    ([name]) => [name.split(' ')[0] ?? ''],
    ([, micros]) => micros,
  );
}

/** An export has a row for each decision, and none for a settlement whose decision was lost. */
function withoutLost(spend: Micros): Micros {
  return Object.fromEntries(Object.entries(spend).filter(([name]) => !name.endsWith(' ')));
}

async function showbackAgrees(of: Month, sheets: Awaited<ReturnType<typeof bySheets>>): Promise<void> {
  const { sections } = await byPage(of);
  const spend = await bySpend(of, ['team']);
  const byDay = await bySpend(of, ['team', 'day']);
  const teams = sections.flatMap(({ currency, teams: all }) => all.map((team) => ({ currency, ...team })));
  const days = teams.flatMap(({ currency, name, days: all }) =>
    [...all].map(([day, amounts]) => ({ currency, name, day, ...amounts })),
  );
  expect(microsBy(teams, ({ currency, name }) => [currency, name], costOf)).toEqual(spend);
  expect(microsBy(days, ({ currency, name, day }) => [currency, name, day], costOf)).toEqual(byDay);
  for (const kind of ['dashboard', 'card', 'person', 'fingerprint'] as const) {
    for (const section of sections) expect(ranked(section, kind)).toBe(section.total.costMicros);
  }
  const converted = sections.flatMap(({ currency, teams: all }) =>
    inOtherCurrencies(all, currency, exchangeOn(of)).total.map(({ micros }) => ({ currency, micros })),
  );
  for (const sheet of sheets) {
    expect(sheet.cost).toEqual(byCurrency(spend));
    const others = Object.entries(sheet.converted).filter(([currency]) => currency === policyCurrency(of));
    expect(Object.fromEntries(others)).toEqual(
      microsBy(
        converted,
        ({ currency }) => [currency],
        ({ micros }) => micros,
      ),
    );
  }
}

function policyCurrency({ prices }: Month): string {
  return pricingAt(prices, SPAN.toMs).currency;
}

function costOf({ costMicros }: { readonly costMicros: bigint }): bigint {
  return costMicros;
}

function ranked(
  { rankings }: CurrencySection,
  kind: 'dashboard' | 'card' | 'person' | 'fingerprint',
): bigint {
  const { first, others, unnamed } = rankings[kind];
  return [...first, others, unnamed].reduce((sum, part) => sum + (part?.costMicros ?? 0n), 0n);
}

/** Budgets are charged what was admitted, each query converted by itself, at the rate of its admission. */
async function budgetsAgree(of: Month): Promise<void> {
  const records = await recordsOf(of, month);
  for (const team of TEAMS) {
    const admitted = records.filter(({ outcome, caller }) => outcome === 'admitted' && caller.team === team);
    const parts = admitted.flatMap((record) => amountsOf(record, of));
    const { used, held, byHour } = await byBudgets(of, team);
    expect(used).toEqual(
      microsBy(
        parts,
        ({ unit }) => [unit],
        ({ amount }) => amount,
      ),
    );
    expect(byHour).toEqual(held);
  }
}

/** What a query takes from a budget of each unit. */
function amountsOf({ atMs, settlement }: DecisionRecord, { prices }: Month) {
  if (settlement === null) return [];
  const { bytesBilled, slotMs, cost } = settlement;
  const [rate] = pricingAt(prices, atMs).exchangeRates;
  const inMoney = (currency: string) =>
    cost.currency === currency ? cost.micros : convertCurrency(cost.micros, rate?.microsPerUnit ?? 0n);
  return [
    { unit: 'bytes', amount: bytesBilled },
    { unit: 'dollars', amount: inMoney('USD') },
    { unit: 'reais', amount: inMoney('BRL') },
    { unit: 'slot time', amount: BigInt(slotMs ?? 0) },
    { unit: 'queries', amount: didRun(settlement) ? 1n : 0n },
  ];
}

/** No more is free than a month's allowance, and as much as its account says. Google's months begin in Pacific time. */
async function freeTierAgrees(of: Month): Promise<void> {
  const days = await spendBy(of.ledger.read, { by: ['day'], ...SPAN, timeZone: 'America/Los_Angeles' });
  const free = microsBy(
    days,
    ({ keys: [day] }) => [(day ?? '').slice(0, MONTH.length)],
    ({ freeBytes }) => freeBytes,
  );
  const account = await of.ledger.read
    .selectFrom('budget_windows')
    .select(['window_key', 'used'])
    .where('budget', '=', '(free tier)')
    .execute();
  expect(
    microsBy(
      account,
      ({ window_key }) => [window_key],
      ({ used }) => used,
    ),
  ).toEqual(free);
  for (const bytes of Object.values(free)) expect(bytes).toBeLessThanOrEqual(of.prices.freeBytesPerMonth);
}

async function savingsAgree(of: Month): Promise<void> {
  const query = { by: ['team'], from: '2026-11-01', to: '2026-12-01', timeZone: ZONE } as const;
  const { rows } = await createSavings(of).report(query);
  const saved = microsBy(
    rows,
    ({ currency, keys }) => [currency, ...keys],
    ({ savedCostMicros }) => savedCostMicros,
  );
  expect(saved).toEqual(expectedSavings(await recordsOf(of, month)));
}

/** Reconciliation leaves out jobs that load, copy or extract: they are not in BigQuery's list of queries. */
async function reconciliationAgrees(of: Month, { rows }: Report): Promise<void> {
  const spend = await bySpend(of, ['team', 'day'], SPAN);
  const loads = (await recordsOf(of, SPAN)).filter(({ reading }) => reading.unreadReason === NO_SQL);
  const left = microsBy(
    [
      ...Object.entries(spend).map(([name, micros]) => ({ name, micros })),
      ...loads.map(({ caller, atMs, settlement }) => ({
        name: `${settlement?.cost.currency} ${caller.team} ${dayAt(atMs, ZONE).day}`,
        micros: -(settlement?.cost.micros ?? 0n),
      })),
    ],
    ({ name }) => [name],
    ({ micros }) => micros,
  );
  const compared = microsBy(
    rows,
    ({ currency, team, day }) => [currency, team, day],
    ({ ledgerMicros }) => ledgerMicros,
  );
  expect(compared).toEqual(left);
}
