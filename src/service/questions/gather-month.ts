import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { startOfDay } from '../../calendar/days.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { latestReconciliation } from '../../reconciliation/kept-reconciliations.ts';
import { isRolledUp } from '../../reconciliation/read-ledger.ts';
import { chainHead } from '../../records/journal/chain.ts';
import { refusedQueries } from '../../records/refusals/refused-queries.ts';
import { countOpenQueries, settledKinds } from '../../records/spend/settled-kinds.ts';
import { spendBy } from '../../records/spend/spend-by.ts';
import type { SpendKey, SpendRow } from '../../records/spend/spend-query.ts';
import type {
  CurrencySection,
  MonthReport,
  Ranked,
  ReconciliationNote,
} from '../../showback/month-report.ts';
import { sectionsOf } from '../../showback/sections.ts';
import { applyRetention } from '../../sql/tokens/retention.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';

/** A month's report, and the sums that go into CSV files beside it. */
export interface GatheredMonth {
  readonly report: MonthReport;
  readonly csv: readonly {
    readonly name: string;
    readonly by: readonly SpendKey[];
    readonly spend: readonly SpendRow[];
  }[];
}

interface MonthQuery {
  readonly month: string;
  readonly timeZone: string;
  readonly nowMs: number;
}

/** Reads everything that a month's report contains. @throws LedgerError */
export async function gatherMonth(db: LedgerReader, query: MonthQuery): Promise<GatheredMonth> {
  const spans = spansOf(query);
  const spendOf = (by: readonly SpendKey[], within: TimeSpan = spans.span) =>
    spendBy(db, { by, ...within, timeZone: query.timeZone });
  const byTeamAndDay = await spendOf(['team', 'day']);
  const byPerson = await spendOf(PERSON);
  const refused = await refusedQueries(db, { ...spans.span, timeZone: query.timeZone });
  const sections = sectionsOf({
    byTeamAndDay,
    before: await spendOf(['team'], spans.before),
    rankings: {
      dashboard: await spendOf(['dashboard', 'tool']),
      card: await spendOf(['card', 'tool']),
      person: byPerson.map(accountForPerson),
      table: await spendOf(['table']),
      fingerprint: await spendOf(['fingerprint']),
    },
    refused: refused.flatMap(({ currency, estimatedCostMicros, ...rest }) =>
      currency === null ? [] : [{ ...rest, currency, costMicros: estimatedCostMicros }],
    ),
    ...(await countedApart(db, spans.span)),
  });
  return {
    report: {
      ...(await monthFacts(db, query, spans)),
      sections: await Promise.all(sections.map((section) => withSql(db, section, spans.span))),
      refusedUnpriced: refused.find(({ currency }) => currency === null)?.queries ?? 0,
    },
    csv: [
      { name: 'by-team-and-day', by: ['team', 'day'], spend: byTeamAndDay },
      { name: 'by-team-dashboard-card', by: DASHBOARDS, spend: await spendOf(DASHBOARDS) },
      { name: 'by-person', by: PERSON, spend: byPerson },
    ],
  };
}

const PERSON = ['person', 'principal', 'tool'] as const satisfies readonly SpendKey[];
const DASHBOARDS = ['team', 'dashboard', 'card'] as const satisfies readonly SpendKey[];

/** Kinds of settlements that the report shows apart. */
async function countedApart(db: LedgerReader, span: TimeSpan) {
  const settled = Map.groupBy(await settledKinds(db, span), ({ kind }) => kind);
  return {
    cached: settled.get('cached') ?? [],
    unguarded: settled.get('unguarded') ?? [],
    assumed: settled.get('assumed') ?? [],
  };
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
