import type { SpentHour } from '../budget/spent-hours.ts';
import type { ApiQuestions } from '../ops/questions.ts';
import type { DecisionFilter } from '../records/decisions/find-decisions.ts';
import type { DecisionSearch } from '../records/decisions/search-decisions.ts';
import type { RuleUse } from '../records/uses/rule-uses.ts';
import type { UnreadUse } from '../records/uses/unread-uses.ts';
import type { MonthReport } from '../reports/showback/month-report.ts';
import type { SunsetReport } from '../reports/sunset/report.ts';
import type { CatalogEntry } from '../vocabulary/table.ts';
import type { TimeSpan } from '../vocabulary/time-span.ts';
import type { BurnDownDrawing } from './charts/burn-down.ts';
import type { ColumnDrawing } from './charts/columns.ts';

/** What a team was billed in a time span, in one currency. */
export interface SpendOfTeam {
  readonly team: string | null;
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: bigint;
  readonly costMicros: bigint;
}

/** A legacy table to look at. */
interface LegacyTable {
  /** As named in the catalog. */
  readonly table: string;
  readonly entry: CatalogEntry;
}

/**
 * The expensive questions of the console: sums over all decisions of a time span, and charts. None is
 * answered on the thread that guards queries. Arguments and answers are plain values.
 * @throws LedgerError, from each of them
 */
export interface ConsoleQuestions extends Pick<ApiQuestions, 'savings'> {
  /** The running month, as in a showback. */
  month(query: {
    readonly month: string;
    readonly timeZone: string;
    readonly nowMs: number;
  }): Promise<MonthReport>;
  spendByTeam(span: TimeSpan): Promise<readonly SpendOfTeam[]>;
  /** What budgets with a single account were charged and hold, hour by hour. */
  spendByHour(span: TimeSpan): Promise<readonly SpentHour[]>;
  decisions(filter: Omit<DecisionFilter, 'fromMs' | 'toMs'>): Promise<DecisionSearch>;
  /** What rules did, by day. */
  ruleUses(span: TimeSpan): Promise<readonly RuleUse[]>;
  unreadUses(span: TimeSpan): Promise<readonly UnreadUse[]>;
  sunset(query: {
    readonly tables: readonly LegacyTable[];
    readonly days: number;
    readonly nowMs: number;
  }): Promise<readonly SunsetReport[]>;
  /** A chart as SVG, drawn in some milliseconds by what takes half a second to load. */
  burnDown(drawing: BurnDownDrawing): Promise<string>;
  columns(drawing: ColumnDrawing): Promise<string>;
}
