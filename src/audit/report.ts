import type { Bytes } from '../vocabulary/bytes.ts';
import type { Currency, Micros } from '../vocabulary/money.ts';
import type { RuleMode } from '../vocabulary/policy.ts';
import type { ExportForm, NotUnderstood } from './landscape.ts';
import type { Rate, ViewingHabits } from './refresh.ts';
import type { FilterSetting, TemplateNote } from './template/resolve.ts';

/** Today's landscape of dashboards, before anything is enforced: plain values, whatever they were gathered from. */
export interface AuditReport {
  readonly madeAtMs: number;
  /** The folder or file that was audited, as it was named. */
  readonly source: string;
  readonly form: ExportForm;
  readonly projectId: string;
  /** As whom the rules were asked. */
  readonly team: string;
  readonly currency: Currency;
  readonly usage: ViewingHabits;
  readonly total: Totals;
  /** The most expensive a month first. */
  readonly dashboards: readonly DashboardAudit[];
  /** Every card of the export, the most expensive a month first, those on no dashboard by their cost a run. */
  readonly cards: readonly CardAudit[];
  readonly legacyTables: readonly LegacyTable[];
  readonly duplicates: readonly DuplicateGroup[];
  readonly notUnderstood: readonly NotUnderstood[];
}

interface Totals {
  readonly dashboards: number;
  readonly cards: number;
  readonly priced: number;
  readonly monthMicros: Micros;
  readonly monthBytes: Bytes;
  /** Cards that a rule of mode deny holds for as they are opened. */
  readonly refusedCards: number;
}

/** What one run of a query, or of all of a dashboard's, comes to. */
export interface RunCost {
  readonly bytesBilled: Bytes;
  readonly micros: Micros;
}

/** What a dashboard costs, cards that could not be priced left out. */
export interface DashboardAudit {
  readonly id: string;
  readonly name: string;
  readonly collection: string | null;
  readonly rate: Rate;
  /** As it is opened. */
  readonly perView: RunCost;
  /** With whatever filters cost most. */
  readonly worstPerView: RunCost;
  readonly perMonth: RunCost;
  readonly cards: readonly PlacedCardAudit[];
}

/** What a card costs where it stands: its dashboard's filters and how often that is opened count. */
export interface PlacedCardAudit {
  readonly card: string;
  readonly runsPerMonth: number;
  /** Null where it could not be priced. */
  readonly perRun: RunCost | null;
  readonly worstPerRun: RunCost | null;
  readonly perMonth: RunCost;
}

/** `failed`: the warehouse refused the dry run; `unresolved`: no SQL could be made of its template; `not SQL`: made in
 * the query builder. */
const cardStates = ['priced', 'failed', 'unresolved', 'not SQL', 'empty'] as const;
export type CardState = (typeof cardStates)[number];

/** What a card costs over all dashboards that show it. */
export interface CardAudit {
  readonly id: string;
  readonly name: string;
  readonly collection: string | null;
  readonly state: CardState;
  /** Why it is not priced: the warehouse's reason and message, what its template lacks; null where it is. */
  readonly why: string | null;
  /** What a card without SQL reads, as far as the export tells. */
  readonly sources: readonly string[];
  /** Names of the dashboards that show it. */
  readonly dashboards: readonly string[];
  /** As it is opened by itself; null where it could not be priced. */
  readonly perRun: RunCost | null;
  /** The dearest of all settings of its filters, on any dashboard. */
  readonly worst: (RunCost & { readonly setting: FilterSetting }) | null;
  readonly perMonth: RunCost;
  readonly rules: readonly BrokenRule[];
  /** `project.dataset.table`, views resolved. */
  readonly tables: readonly string[];
  readonly antiPatterns: readonly string[];
  /** Null where it has no SQL. */
  readonly fingerprint: string | null;
  /** The SQL as it is opened, without literals. */
  readonly sql: string | null;
  readonly notes: readonly TemplateNote[];
  /** Kept results that are not counted, such as an adaptive policy's; null where there are none. */
  readonly cacheNotCounted: string | null;
}

/** A rule that would hold for a card, with what its author would be told. */
export interface BrokenRule {
  readonly rule: string;
  readonly mode: RuleMode;
  /** In the team's language. */
  readonly message: string;
  /** `file:line`. */
  readonly source: string;
  /** The settings of the card's filters in which it holds. */
  readonly settings: readonly FilterSetting[];
}

/** A table that the catalog calls legacy and that some card still reads. */
export interface LegacyTable {
  readonly table: string;
  /** Null where the catalog names none. */
  readonly replacement: string | null;
  readonly owner: string | null;
  /** Identifiers of the cards that read it. */
  readonly cards: readonly string[];
  /** Names of their dashboards. */
  readonly dashboards: readonly string[];
  readonly perMonth: RunCost;
}

/** Cards that ask the same, of which one might do. */
export interface DuplicateGroup {
  /** `query`: the same but for literals, comments and space. `KPI`: the same tables, aggregates and grouping. */
  readonly same: 'query' | 'KPI';
  /** What they measure; null where that is not known. */
  readonly measures: string | null;
  /** Identifiers, the most expensive a month first. */
  readonly cards: readonly string[];
  readonly perMonth: RunCost;
}
