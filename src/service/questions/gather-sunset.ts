import { DAY_MS } from '../../foundation/calendar/durations.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { recordsSpan } from '../../records/records-span.ts';
import { type DecisionUse, matchesTable, usesOfTables } from '../../records/uses/table-uses.ts';
import { SQL_START_CHARACTERS } from '../../reports/reconciliation/jobs/jobs-query.ts';
import { reconciledFrom } from '../../reports/reconciliation/reconciled-from.ts';
import type { RecordedUse, SunsetReport, UseKind } from '../../reports/sunset/report.ts';
import { sunsetReport } from '../../reports/sunset/sunset.ts';
import { createTally, type TallySpan } from '../../reports/sunset/tally.ts';
import { type CatalogEntry, tableName } from '../../vocabulary/table.ts';

/** The trend covers at least this many weeks. */
const LEAST_WEEKS = 12;

/** A table, as `project.dataset.table` or a pattern. */
interface AskedTable {
  readonly table: string;
  /** Null if it is not in the catalog. */
  readonly entry: CatalogEntry | null;
}

/** How many days without use it takes to retire a table. */
interface SunsetTerms {
  readonly days: number;
  readonly nowMs: number;
  /** Whose dates the reasons give; default: UTC. */
  readonly timeZone?: string;
}

export type SunsetQuery = SunsetTerms &
  AskedTable & {
    /** Called now and then with the number of uses found. */
    readonly onProgress: (uses: number) => void;
  };

/** Reads who uses a table. @throws LedgerError */
export async function gatherSunset(db: LedgerReader, query: SunsetQuery): Promise<SunsetReport> {
  const [report] = await gatherSunsets(db, { ...query, tables: [query] }, query.onProgress);
  if (report === undefined) throw new Error('unreachable: a table without a report');
  return report;
}

/** Reads who uses some tables, in one pass over the decisions. @throws LedgerError */
export async function gatherSunsets(
  db: LedgerReader,
  { tables, days, nowMs, timeZone = 'UTC' }: SunsetTerms & { readonly tables: readonly AskedTable[] },
  onProgress: (uses: number) => void = () => undefined,
): Promise<readonly SunsetReport[]> {
  if (tables.length === 0) return [];
  const weeks = Math.max(LEAST_WEEKS, Math.ceil(days / 7));
  const fromMs = nowMs - days * DAY_MS;
  const range = { fromMs: nowMs - weeks * 7 * DAY_MS, toMs: nowMs };
  const watched = tables.map((asked) => watch(asked, { nowMs, days, weeks }));
  const patterns = tables.map(({ table }) => table);
  for await (const uses of usesOfTables(db, patterns, range)) {
    for (const use of uses) {
      const reads = await readsOf(use);
      for (const one of watched) one.add(use, reads(one.table));
    }
    onProgress(watched.reduce((sum, { found }) => sum + found(), 0));
  }
  const recorded = await recordsSpan(db);
  const reconciled = await reconciledFrom(db, fromMs);
  const known = {
    recordsSinceMs: recorded.firstMs,
    lastRecordMs: recorded.lastMs,
    reconciledUntilMs: reconciled.untilMs,
    notEntered: reconciled.notEntered,
  };
  return watched.map(({ table, entry, uses, unreadable }) =>
    sunsetReport(
      { table, entry, days, nowMs, timeZone, evidence: { ...known, unreadable: unreadable() } },
      uses(),
    ),
  );
}

/** A table whose uses are added up as they are read. */
function watch(asked: AskedTable, span: TallySpan) {
  const tally = createTally(span);
  const fromMs = span.nowMs - span.days * DAY_MS;
  let found = 0;
  let unreadable = 0;
  return {
    ...asked,
    /** @param reads whether the query reads the table; null if that is not known */
    add(use: DecisionUse, reads: boolean | null) {
      if (reads === null && use.atMs >= fromMs) unreadable += 1;
      if (reads !== true) return;
      found += 1;
      tally.add(recordedUse(use));
    },
    uses: tally.uses,
    found: () => found,
    unreadable: () => unreadable,
  };
}

const KINDS: Readonly<Record<DecisionUse['outcome'], UseKind>> = {
  admitted: 'read',
  refused: 'refused',
  failed: 'failed',
  unguarded: 'unguarded',
};

function recordedUse({ atMs, outcome, caller }: DecisionUse): RecordedUse {
  const { team, principal, tool, person, dashboard, card } = caller;
  const withTool = (name: string | null) => (name === null ? null : `${tool ?? ''}:${name}`);
  return {
    atMs,
    kind: KINDS[outcome],
    team,
    principal,
    person: withTool(person),
    dashboard: withTool(dashboard),
    card: withTool(card),
  };
}

/** Whether a query reads a table; null if that is not known. */
type Reads = (table: string) => boolean | null;

async function readsOf({ names, unguarded }: DecisionUse): Promise<Reads> {
  const isRecorded: Reads = (table) => names.some((name) => matchesTable(table, name));
  if (unguarded === null) return isRecorded;
  const reads = await unguardedReads(unguarded);
  return (table) => isRecorded(table) || reads(table);
}

/** What a job that bypassed guardrail reads, judging by the beginning of its SQL. */
async function unguardedReads({
  sql,
  sqlRetention,
  projectId,
}: NonNullable<DecisionUse['unguarded']>): Promise<Reads> {
  if (sql === '' || sqlRetention === 'hashed' || sqlRetention === 'dropped') return () => null;
  // The parser is larger than everything else, so it is loaded only if there is something to read.
  const { readSql } = await import('../../sql/read-sql.ts');
  const { reader, tables } = readSql(sql, { projectId, defaultDataset: null });
  const isWhole = reader !== 'none' && sql.length < SQL_START_CHARACTERS;
  return (table) => {
    const isNamed = tables.some(
      (use) => matchesTable(table, tableName(use.table)) || isShortNameOf(use.table.tableId, table),
    );
    return isNamed || (isWhole ? false : null);
  };
}

/** The job's default dataset is not known, so a bare name may be the table. */
function isShortNameOf(tableId: string, table: string): boolean {
  return matchesTable(table.slice(table.lastIndexOf('.') + 1), tableId);
}
