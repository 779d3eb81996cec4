import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Micros } from '../../vocabulary/money.ts';

/** A month's spend for its report: plain values, wherever they come from. */
export interface MonthReport {
  /** `2026-11`. */
  readonly month: string;
  /** IANA name: where the month and its days begin. */
  readonly timeZone: string;
  /** Every date of the month, `2026-11-01`. */
  readonly days: readonly string[];
  readonly madeAtMs: number;
  /** Whether the month was still running then. */
  readonly running: boolean;
  /** Whether some of the month's queries were deleted, so that only their sums are left. */
  readonly rolledUp: boolean;
  /** One for each currency, the one with most queries first. */
  readonly sections: readonly CurrencySection[];
  /** Queries refused before they were priced, counted like other refused ones. */
  readonly refusedUnpriced: number;
  /** Admitted, but in no sum yet since they have not ended. */
  readonly openQueries: number;
  /** Null if nobody has ever reconciled. */
  readonly reconciliation: ReconciliationNote | null;
  /** The head of the records' chain, `120:9f86d0…`; null if nothing is sealed. */
  readonly head: string | null;
}

export interface SpendAmounts {
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly freeBytes: Bytes;
  readonly costMicros: Micros;
  readonly slotMs: bigint;
}

/** Everything of the month that was paid for in one currency. */
export interface CurrencySection {
  readonly currency: string;
  readonly total: SpendAmounts;
  /** Cost in the month before, over an equally long time if this month is still running; null if there was none. */
  readonly beforeMicros: Micros | null;
  /** Most expensive first; a team with name null stands for what could not be attributed. */
  readonly teams: readonly TeamSpend[];
  readonly rankings: Readonly<Record<RankingKind, Ranking>>;
  readonly refused: Refused;
  readonly cached: Part;
  readonly unguarded: DatedCost;
  readonly assumed: DatedCost;
}

/** What some queries cost, also by ISO date. */
export interface DatedCost {
  readonly queries: number;
  readonly costMicros: Micros;
  readonly days: CostOfDays;
}

/** What was refused, and what it would have cost. */
export interface Refused extends DatedCost {
  readonly attempts: number;
}

/** Costs by ISO date. */
export type CostOfDays = ReadonlyMap<string, Pick<SpendAmounts, 'costMicros'>>;

/** A part of the total. */
export interface Part {
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
}

/** A team's month, with its days by ISO date; the name is null for no team. */
export interface TeamSpend extends SpendAmounts {
  readonly name: string | null;
  readonly days: ReadonlyMap<string, SpendAmounts>;
}

export const rankingKinds = ['dashboard', 'card', 'person', 'table', 'fingerprint'] as const;
export type RankingKind = (typeof rankingKinds)[number];

/**
 * The most expensive of a kind. By table, queries count for each table that they read, so that nothing is left over.
 */
export interface Ranking {
  readonly first: readonly Ranked[];
  /** Those after the first; null if there are none, and by table. */
  readonly others: (Part & { readonly count: number }) | null;
  /** Queries that name none; null if there are none. */
  readonly unnamed: Part | null;
}

export interface Ranked extends Part {
  readonly name: string;
  /** For persons: true for an account that stands for somebody whom the tool does not name. */
  readonly isAccount: boolean;
  /** What distinguishes it from another with the same name: tool, account. */
  readonly detail: string | null;
  /** For dashboards and cards: whose they are. One that two teams look at is listed for each. */
  readonly team: string | null;
  /** The beginning of the SQL, without literals; null if none is kept, and if it is not a fingerprint. */
  readonly sql: string | null;
}

export interface ReconciliationNote {
  readonly atMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly balanced: boolean;
  /** Whether it covered the whole month, as far as that was over. */
  readonly coversMonth: boolean;
}
