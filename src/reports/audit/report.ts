import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Currency, Micros } from '../../vocabulary/money.ts';
import type { RuleMode } from '../../vocabulary/policy.ts';
import type { ExportForm, NotUnderstood } from './export-contents.ts';
import type { ViewingHabits, ViewRate } from './refresh.ts';
import type { FilterSetting, TemplateNote } from './template/resolve.ts';

/** Today's dashboards, before anything is enforced: plain values, wherever they come from. */
export interface AuditReport {
  readonly madeAtMs: number;
  /** The folder or file that was audited, as named on the command line. */
  readonly source: string;
  readonly form: ExportForm;
  readonly projectId: string;
  /** The caller for whom the rules were asked. */
  readonly team: string;
  /** As whom the rules were asked, within the team; null if it has nobody. */
  readonly principal: string | null;
  readonly currency: Currency;
  readonly usage: ViewingHabits;
  readonly total: Totals;
  /** By monthly cost, most expensive first. */
  readonly dashboards: readonly DashboardAudit[];
  /** Every card of the export, by monthly cost, most expensive first; those on no dashboard by their cost per run. */
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
  /** Cards that a rule of mode deny holds for when they are opened. */
  readonly refusedCards: number;
}

/** What one run costs, of a query or of all of a dashboard's. */
export interface RunCost {
  readonly bytesBilled: Bytes;
  readonly micros: Micros;
}

/** What a dashboard costs, without cards that could not be priced. */
export interface DashboardAudit {
  readonly id: string;
  readonly name: string;
  readonly collection: string | null;
  readonly rate: ViewRate;
  /** When it is opened. */
  readonly perView: RunCost;
  /** With the most expensive settings of the filters. */
  readonly worstPerView: RunCost;
  readonly perMonth: RunCost;
  readonly cards: readonly PlacedCardAudit[];
}

/** What a card costs in its place, given its dashboard's filters and how often the dashboard is opened. */
export interface PlacedCardAudit {
  readonly card: string;
  readonly runsPerMonth: number;
  /** Null if it could not be priced. */
  readonly perRun: RunCost | null;
  readonly worstPerRun: RunCost | null;
  readonly perMonth: RunCost;
}

/**
 * `failed`: the warehouse refused the dry run; `unresolved`: its template could not be made into SQL; `not SQL`: made
 * in the query builder.
 */
const cardStates = ['priced', 'failed', 'unresolved', 'not SQL', 'empty'] as const;
export type CardState = (typeof cardStates)[number];

/** What a card costs over all dashboards that show it. */
export interface CardAudit {
  readonly id: string;
  readonly name: string;
  readonly collection: string | null;
  readonly state: CardState;
  /** Why it is not priced: the warehouse's reason and message, or what its template lacks; null if it is priced. */
  readonly why: string | null;
  /** What a card without SQL reads, as far as the export tells. */
  readonly sources: readonly string[];
  /** Names of the dashboards that show it. */
  readonly dashboards: readonly string[];
  /** When it is opened on its own; null if it could not be priced. */
  readonly perRun: RunCost | null;
  /** The most expensive of all settings of its filters, on any dashboard. */
  readonly worst: (RunCost & { readonly setting: FilterSetting }) | null;
  readonly perMonth: RunCost;
  readonly rules: readonly BrokenRule[];
  /** `project.dataset.table`, with views resolved. */
  readonly tables: readonly string[];
  readonly antiPatterns: readonly string[];
  /** Null if it has no SQL. */
  readonly fingerprint: string | null;
  /** The SQL when the card is opened, without literals. */
  readonly sql: string | null;
  readonly notes: readonly TemplateNote[];
  /** Caching that is not counted, such as an adaptive policy; null if there is none. */
  readonly cacheNotCounted: string | null;
}

/** A rule that would hold for a card, with the message for its author. */
export interface BrokenRule {
  readonly rule: string;
  /** The most that it does to the card. */
  readonly mode: RuleMode;
  /** In the team's language. */
  readonly message: string;
  /** `file:line`. */
  readonly source: string;
  /** The settings of the card's filters for which it does that. */
  readonly settings: readonly FilterSetting[];
}

/** A table that the catalog calls legacy and that some card still reads. */
export interface LegacyTable {
  readonly table: string;
  /** Null if the catalog names none. */
  readonly replacement: string | null;
  readonly owner: string | null;
  /** Identifiers of the cards that read it. */
  readonly cards: readonly string[];
  /** Names of their dashboards. */
  readonly dashboards: readonly string[];
  readonly perMonth: RunCost;
}

/** Cards that ask the same, so that one might be enough. */
export interface DuplicateGroup {
  /**
   * `query`: the same except for literals, comments and white space. `KPI`: the same tables, aggregates and grouping.
   */
  readonly same: 'query' | 'KPI';
  /** What they measure; null if that is not known. */
  readonly measures: string | null;
  /** Identifiers, by monthly cost, most expensive first. */
  readonly cards: readonly string[];
  readonly perMonth: RunCost;
}

/** The cards of a report by their identifiers, for whatever names cards by these. */
export function cardsById({ cards }: Pick<AuditReport, 'cards'>): ReadonlyMap<string, CardAudit> {
  return new Map(cards.map((card) => [card.id, card]));
}
