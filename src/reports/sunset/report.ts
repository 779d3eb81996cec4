import type { CatalogEntry } from '../../vocabulary/table.ts';

/** A query that read a table, or would have if it had not been refused or failed. */
export interface RecordedUse {
  readonly atMs: number;
  readonly kind: UseKind;
  readonly team: string;
  readonly principal: string | null;
  /** Persons, dashboards and cards as `tool:name`. */
  readonly person: string | null;
  readonly dashboard: string | null;
  readonly card: string | null;
}

/** `unguarded`: it bypassed guardrail, and reconciliation found it. */
export const useKinds = ['read', 'refused', 'failed', 'unguarded'] as const;
export type UseKind = (typeof useKinds)[number];

export const userKinds = ['team', 'principal', 'person', 'dashboard', 'card'] as const;
export type UserKind = (typeof userKinds)[number];

/** Who or what uses the table. */
export interface TableUser {
  readonly name: string;
  /** In the whole time looked at, and in the days that decide. */
  readonly uses: number;
  readonly recentUses: number;
  readonly lastMs: number;
}

/** What is known besides the uses, which shows what their absence proves. */
export interface Evidence {
  /** When the first record that is kept was made; null if there is none. */
  readonly recordsSinceMs: number | null;
  /** When the last one was made. */
  readonly lastRecordMs: number | null;
  /**
   * Up to when reconciliation looked for jobs that bypassed guardrail, from the first of the days on; null if it did not.
   */
  readonly reconciledUntilMs: number | null;
  /** Jobs that bypassed guardrail that were found but are not in the books. */
  readonly notEntered: number;
  /** Jobs that bypassed guardrail in the books whose SQL does not say what they read. */
  readonly unreadable: number;
}

/** Whether a table can be retired: only if it is proven that nobody uses it. */
export type SunsetVerdict = 'can retire' | 'cannot retire' | 'not proven';

/** Whether a table can be retired, and the evidence. */
export interface SunsetReport {
  readonly table: string;
  readonly entry: CatalogEntry | null;
  readonly nowMs: number;
  /** IANA name: whose dates the reasons give. */
  readonly timeZone: string;
  /** This many days without use make it fit to retire. */
  readonly days: number;
  readonly verdict: SunsetVerdict;
  /** The reasons, a sentence each. */
  readonly reasons: readonly string[];
  readonly evidence: Evidence;
  /** In the days that decide. */
  readonly recent: Readonly<Record<UseKind, number>>;
  readonly lastMs: number | null;
  /** Uses in each period of seven days up to now, latest first. */
  readonly weeks: readonly number[];
  readonly users: Readonly<Record<UserKind, readonly TableUser[]>>;
}
