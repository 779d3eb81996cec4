import type { Generated } from 'kysely';

/** Thresholds that were reached: one row for each window, account, unit and threshold, before it is told and after. */
export interface NoticesTable {
  readonly id: string;
  readonly budget: string;
  readonly account: string;
  readonly window_key: string;
  readonly unit: string;
  /** A percentage of the limit. */
  readonly threshold: bigint;
  readonly at_ms: bigint;
  /** What is told, as JSON. */
  readonly content: string;
  /** Null while a webhook is still to be told. */
  readonly told_at_ms: bigint | null;
  /** Nobody tells it before then: a process is at it, or the last attempt failed. */
  readonly claimed_until_ms: Generated<bigint>;
  readonly attempts: Generated<bigint>;
}

/** What became of a notice at each webhook that is done with it. Rows are added and never changed. */
export interface NoticeDeliveriesTable {
  readonly notice_id: string;
  readonly webhook: string;
  readonly outcome: string;
  /** Why it was not taken; null where it was. Never holds an address. */
  readonly problem: string | null;
  readonly at_ms: bigint;
}
