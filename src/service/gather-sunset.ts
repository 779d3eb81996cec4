import { DAY_MS } from '../calendar/durations.ts';
import type { LedgerReader } from '../ledger/ledger.ts';
import { coveredFrom } from '../reconciliation/covered.ts';
import { SQL_START_CHARACTERS } from '../reconciliation/jobs-query.ts';
import { decisionsUsingTable, matchesTable, recordsSpan, unguardedDecisions } from '../records/table-uses.ts';
import type { RecordedUse, SunsetReport, UseKind } from '../sunset/report.ts';
import { sunsetReport } from '../sunset/sunset.ts';
import type { Decision } from '../vocabulary/decision.ts';
import { type CatalogEntry, tableName } from '../vocabulary/table.ts';

/** The trend covers at least this many weeks. */
const LEAST_WEEKS = 12;

/** A table, as `project.dataset.table`, and how many days without use it takes to retire it. */
export interface SunsetQuery {
  readonly table: string;
  readonly entry: CatalogEntry | null;
  readonly days: number;
  readonly nowMs: number;
  readonly onProgress: (uses: number) => void;
}

/** Reads who uses a table. @throws LedgerError */
export async function gatherSunset(db: LedgerReader, query: SunsetQuery): Promise<SunsetReport> {
  const { table, days, nowMs } = query;
  const weeks = Math.max(LEAST_WEEKS, Math.ceil(days / 7));
  const fromMs = nowMs - days * DAY_MS;
  const uses: RecordedUse[] = [];
  const range = { fromMs: nowMs - weeks * 7 * DAY_MS, toMs: nowMs };
  for await (const page of decisionsUsingTable(db, table, range)) {
    uses.push(...page.map((decision) => useOf(decision, KINDS[decision.outcome])));
    query.onProgress(uses.length);
  }
  const past = await Promise.all(
    (await unguardedDecisions(db, range)).map(async (decision) => ({
      decision,
      reads: await readsTable(decision, table),
    })),
  );
  const unguarded = past.filter(({ reads }) => reads === true);
  const unreadable = past.filter(({ reads, decision }) => reads === null && decision.atMs >= fromMs);
  const recorded = await recordsSpan(db);
  const covered = await coveredFrom(db, fromMs);
  return sunsetReport(
    {
      ...query,
      weeks,
      evidence: {
        recordsSinceMs: recorded.firstMs,
        lastRecordMs: recorded.lastMs,
        reconciledUntilMs: covered.untilMs,
        notEntered: covered.notEntered,
        unreadable: unreadable.length,
      },
    },
    [...uses, ...unguarded.map(({ decision }) => useOf(decision, 'unguarded'))],
  );
}

const KINDS: Readonly<Record<Decision['outcome'], UseKind>> = {
  admitted: 'read',
  refused: 'refused',
  failed: 'failed',
  unguarded: 'unguarded',
};

function useOf({ atMs, caller }: Decision, kind: UseKind): RecordedUse {
  const { team, principal, tool, person, dashboard, card } = caller;
  const withTool = (name: string | null) => (name === null ? null : `${tool ?? ''}:${name}`);
  return {
    atMs,
    kind,
    team,
    principal,
    person: withTool(person),
    dashboard: withTool(dashboard),
    card: withTool(card),
  };
}

/**
 * Whether a job that bypassed guardrail reads the table, judging by the beginning of its SQL; null if that does
 * not tell.
 */
async function readsTable(
  { sql, sqlRetention, projectId }: Decision,
  table: string,
): Promise<boolean | null> {
  if (sql === '' || sqlRetention === 'hashed' || sqlRetention === 'dropped') return null;
  // The parser is larger than everything else, so it is loaded only if there is something to read.
  const { readSql } = await import('../sql/read.ts');
  const { reader, tables } = readSql(sql, { projectId, defaultDataset: null });
  const isNamed = tables.some(
    (use) => matchesTable(table, tableName(use.table)) || isShortNameOf(use.table.tableId, table),
  );
  if (isNamed) return true;
  return reader === 'none' || sql.length >= SQL_START_CHARACTERS ? null : false;
}

/** The job's default dataset is not known, so a bare name may be the table. */
function isShortNameOf(tableId: string, table: string): boolean {
  return matchesTable(table.slice(table.lastIndexOf('.') + 1), tableId);
}
