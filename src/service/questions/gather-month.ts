import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { startOfDay } from '../../foundation/calendar/days.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { chainHead } from '../../records/journal/chain.ts';
import { refusedQueries } from '../../records/refusals/refused-queries.ts';
import { countOpenQueries, type SettledKind, settledKinds } from '../../records/spend/settled-kinds.ts';
import { spendBy } from '../../records/spend/spend-by.ts';
import type { SpendKey, SpendRow } from '../../records/spend/spend-query.ts';
import { latestReconciliation } from '../../reports/reconciliation/kept-reconciliations.ts';
import { isRolledUp } from '../../reports/reconciliation/ledger/rolled-up.ts';
import type {
  CurrencySection,
  MonthReport,
  Ranked,
  ReconciliationNote,
} from '../../reports/showback/month-report.ts';
import { sectionsOf } from '../../reports/showback/sections.ts';
import { applyRetention } from '../../sql/tokens/sql-retention.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';

/** A month of a calendar, as far as it is over. */
export interface MonthQuery {
  readonly month: string;
  readonly timeZone: string;
  readonly nowMs: number;
}

/** Reads everything that a month's report contains. @throws LedgerError */
export async function gatherMonth(db: LedgerReader, query: MonthQuery): Promise<MonthReport> {
  const spans = spansOf(query);
  const spendOf = (by: readonly SpendKey[], within: TimeSpan = spans.span) =>
    spendBy(db, { by, ...within, timeZone: query.timeZone });
  const byTeamAndDay = await spendOf(['team', 'day']);
  const refused = await refusedQueries(db, { ...spans.span, timeZone: query.timeZone });
  const sections = sectionsOf({
    byTeamAndDay,
    before: await spendOf(['team'], spans.before),
    rankings: {
      dashboard: (await spendOf(['dashboard', 'tool', 'team'])).map(withTeam),
      card: (await spendOf(['card', 'tool', 'team'])).map(withTeam),
      person: (await spendOf(PERSON)).map(accountForPerson),
      table: await spendOf(['table']),
      fingerprint: await spendOf(['fingerprint']),
    },
    refused: refused.flatMap(({ currency, ...rest }) => (currency === null ? [] : [{ ...rest, currency }])),
    ...(await countedApart(db, query, spans.span)),
  });
  return {
    ...(await monthFacts(db, query, spans)),
    sections: await Promise.all(sections.map((section) => withSql(db, section, spans.span))),
    refusedUnpriced: refused.find(({ currency }) => currency === null)?.queries ?? 0,
  };
}

const PERSON = ['person', 'principal', 'tool'] as const satisfies readonly SpendKey[];

/** Spend by some keys for a CSV file, each day apart, since exchange rates are a day's. */
export interface MonthSheet {
  readonly name: string;
  readonly by: readonly SpendKey[];
  /** With the keys of `by`. */
  readonly daily: readonly DailySpend[];
}

/** A day's spend. */
export interface DailySpend extends SpendRow {
  readonly day: string;
}

const SHEETS: readonly Pick<MonthSheet, 'name' | 'by'>[] = [
  { name: 'by-team-and-day', by: ['team', 'day'] },
  { name: 'by-team-dashboard-card', by: ['team', 'dashboard', 'card'] },
  { name: 'by-person', by: PERSON },
];

/** Reads the sums that go into CSV files beside a month's report. @throws LedgerError */
export async function gatherSheets(db: LedgerReader, query: MonthQuery): Promise<readonly MonthSheet[]> {
  const { span } = spansOf(query);
  const sheets: MonthSheet[] = [];
  for (const sheet of SHEETS) {
    const by = [...new Set<SpendKey>([...sheet.by, 'day'])];
    const spent = await spendBy(db, { by, ...span, timeZone: query.timeZone });
    // The day is the last key, whether or not it is one of the sheet's.
    const daily = spent.map(({ keys, ...row }) => ({
      ...row,
      keys: keys.slice(0, sheet.by.length),
      day: keys.at(-1) ?? '',
    }));
    sheets.push({ ...sheet, daily });
  }
  return sheets;
}

/** Kinds of settlements that the report shows apart, by day, since exchange rates are a day's. */
async function countedApart(db: LedgerReader, { timeZone }: MonthQuery, span: TimeSpan) {
  const settled = await settledKinds(db, span, timeZone);
  const only = (kind: SettledKind['kind']) => settled.filter((ofDay) => ofDay.kind === kind);
  return { cached: only('cached'), unguarded: only('unguarded'), assumed: only('assumed') };
}

/** Everything in the report besides sums. */
async function monthFacts(
  db: LedgerReader,
  { month, timeZone, nowMs }: MonthQuery,
  { span, running }: ReturnType<typeof spansOf>,
): Promise<Omit<MonthReport, 'sections' | 'refusedUnpriced'>> {
  const head = await chainHead(db);
  return {
    month,
    timeZone,
    days: daysOf(month),
    madeAtMs: nowMs,
    running,
    rolledUp: await isRolledUp(db, span),
    openQueries: await countOpenQueries(db, span),
    reconciliation: await reconciliationNote(db, span),
    head: head === null ? null : `${head.seal}:${head.hash}`,
  };
}

/** A month that is still running is compared with an equally long part of the month before. */
function spansOf({ month, timeZone, nowMs }: MonthQuery) {
  const first = Temporal.PlainDate.from(`${month}-01`);
  const at = (date: Temporal.PlainDate) => startOfDay(date.toString(), timeZone);
  const fromMs = at(first);
  const endMs = at(first.add({ months: 1 }));
  const toMs = Math.min(endMs, nowMs);
  const beforeMs = at(first.subtract({ months: 1 }));
  const running = toMs < endMs;
  const before = { fromMs: beforeMs, toMs: running ? Math.min(beforeMs + toMs - fromMs, fromMs) : fromMs };
  return { span: { fromMs, toMs }, before, running };
}

function daysOf(month: string): readonly string[] {
  const first = Temporal.PlainDate.from(`${month}-01`);
  return Array.from({ length: first.daysInMonth }, (_none, i) => first.add({ days: i }).toString());
}

/** If the tool does not name persons, the account stands in for the person. */
function accountForPerson({ keys: [person = null, principal = null, tool = null], ...row }: SpendRow) {
  const isAccount = person === null;
  return { ...row, keys: isAccount ? [principal, tool] : [person, tool, principal], isAccount };
}

function withTeam({ keys: [name = null, tool = null, team = null], ...row }: SpendRow) {
  return { ...row, keys: [name, tool], team };
}

async function withSql(db: LedgerReader, section: CurrencySection, span: TimeSpan): Promise<CurrencySection> {
  const { fingerprint } = section.rankings;
  const first: Ranked[] = [];
  for (const ranked of fingerprint.first) {
    first.push({ ...ranked, sql: await sqlOf(db, ranked.name, span) });
  }
  return { ...section, rankings: { ...section.rankings, fingerprint: { ...fingerprint, first } } };
}

const retention = z.object({ sqlRetention: z.string().default('stored') });

/** Always without literals, whatever the records keep: the report reaches more people than the records do. */
async function sqlOf(
  db: LedgerReader,
  fingerprint: string,
  { fromMs, toMs }: TimeSpan,
): Promise<string | null> {
  const row = await db
    .selectFrom('decisions')
    .select(['sql', 'details'])
    .where('fingerprint', '=', fingerprint)
    .where('at_ms', '>=', BigInt(fromMs))
    .where('at_ms', '<', BigInt(toMs))
    .orderBy('at_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { sqlRetention } = retention.parse(JSON.parse(row.details));
  const sql = sqlRetention === 'stored' || sqlRetention === 'masked' ? applyRetention(row.sql, 'masked') : '';
  return sql === '' ? null : sql;
}

async function reconciliationNote(db: LedgerReader, span: TimeSpan): Promise<ReconciliationNote | null> {
  const latest = await latestReconciliation(db);
  if (latest === null) return null;
  const { atMs, fromMs, toMs, balanced } = latest;
  return { atMs, fromMs, toMs, balanced, coversMonth: fromMs <= span.fromMs && toMs >= span.toMs };
}
