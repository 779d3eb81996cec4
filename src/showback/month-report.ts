import type { Bytes } from '../vocabulary/bytes.ts';
import type { Micros } from '../vocabulary/money.ts';

/** A month's spend as its report tells it: plain values, whatever they were gathered from. */
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
  /** Whether queries of the month were given up and only sums of them are left. */
  readonly rolledUp: boolean;
  /** One for each currency, the one with most queries first. */
  readonly sections: readonly CurrencySection[];
  /** Refused before they were priced: how many queries, counted as refused ones are. */
  readonly refusedUnpriced: number;
  /** Admitted, and in no sum yet since they have not ended. */
  readonly openQueries: number;
  /** Null where nobody ever reconciled. */
  readonly reconciliation: ReconciliationNote | null;
  /** The end of the records' chain, `120:9f86d0…`; null where nothing is sealed. */
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
  /** Cost of the month before, over as long a time where this month is still running; null where nothing was. */
  readonly beforeMicros: Micros | null;
  /** The most expensive first; a team of name null stands for what could not be attributed. */
  readonly teams: readonly TeamSpend[];
  readonly rankings: Readonly<Record<RankingKind, Ranking>>;
  readonly refused: { readonly attempts: number; readonly queries: number; readonly costMicros: Micros };
  readonly cached: Part;
  readonly unguarded: Part;
  readonly assumed: Part;
}

/** A part of the total. */
export interface Part {
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
}

/** A team's month, and its days by their ISO date; the name is null where there was no team. */
export interface TeamSpend extends SpendAmounts {
  readonly name: string | null;
  readonly days: ReadonlyMap<string, SpendAmounts>;
}

export const rankingKinds = ['dashboard', 'card', 'person', 'table', 'fingerprint'] as const;
export type RankingKind = (typeof rankingKinds)[number];

/** The most expensive of a kind. By table, queries count for each table that they read: then nothing is left over. */
export interface Ranking {
  readonly first: readonly Ranked[];
  /** Those after the first; null where there are none, and by table. */
  readonly others: (Part & { readonly count: number }) | null;
  /** Queries that name none; null where there are none. */
  readonly unnamed: Part | null;
}

export interface Ranked extends Part {
  readonly name: string;
  /** Of persons: true of an account that stands for who has no name of a tool's. */
  readonly isAccount: boolean;
  /** What tells it from another of that name: tool, account. */
  readonly detail: string | null;
  /** The beginning of the SQL, without literals; null where none is kept, and for what is no fingerprint. */
  readonly sql: string | null;
}

export interface ReconciliationNote {
  readonly atMs: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly balanced: boolean;
  /** Whether it looked at all of the month, as far as that was over. */
  readonly coversMonth: boolean;
}
